// The resolved model as text.
#include "base/text.h"
#include "lookml/print.h"
#include "lookml/resolve.h"

namespace kura::lookml {
namespace {

void Line(std::string& out, int depth, const std::string& text) {
  out += std::string(static_cast<std::size_t>(depth) * 2, ' ') + text + "\n";
}

// "  key value" when there is a value.
void Entry(std::string& out, int depth, std::string_view key, const std::string& value) {
  if (!value.empty()) Line(out, depth, std::string(key) + " " + value);
}

std::string OneLine(const std::string& text) {
  return ReplaceAll(text, "\n", " ⏎ ");
}

std::string PrintPiece(const SqlPiece& piece) {
  switch (piece.kind) {
    case SqlPiece::Kind::kText:
      return piece.text;
    case SqlPiece::Kind::kTable:
      return "${TABLE}";
    case SqlPiece::Kind::kField:
      return "${" + (piece.view.empty() ? "" : piece.view + ".") + piece.text + "}";
    case SqlPiece::Kind::kTableName:
      return "${" + piece.view + ".SQL_TABLE_NAME}";
  }
  return "";
}

std::string PrintFilters(const std::vector<FilterEntry>& filters) {
  std::string out;
  for (const FilterEntry& filter : filters) {
    out += (out.empty() ? "" : ", ") + filter.field + "=\"" + filter.expression + "\"";
  }
  return out;
}

std::string DatatypeName(Datatype datatype) {
  switch (datatype) {
    case Datatype::kDatetime:
      return "";
    case Datatype::kTimestamp:
      return "timestamp";
    case Datatype::kDate:
      return "date";
    case Datatype::kEpoch:
      return "epoch";
    case Datatype::kYyyymmdd:
      return "yyyymmdd";
  }
  return "";
}

void PrintFieldLine(const Field& field, std::string& out) {
  std::string line = std::string(FieldKindName(field.kind)) + " " + field.name + " " + field.type;
  if (field.primary_key) line += " primary_key";
  if (field.hidden) line += " hidden";
  if (!field.convert_tz) line += " no_convert_tz";
  const std::string datatype = DatatypeName(field.datatype);
  if (!datatype.empty()) line += " " + datatype;
  if (!field.sql.empty()) line += "  " + OneLine(PrintSql(field.sql));
  Line(out, 2, line);
}

void PrintFieldDetails(const Field& field, std::string& out) {
  Entry(out, 3, "label", field.label);
  Entry(out, 3, "description", OneLine(field.description));
  Entry(out, 3, "view_label", field.view_label);
  Entry(out, 3, "group_label", field.group_label);
  Entry(out, 3, "group_item_label", field.group_item_label);
  Entry(out, 3, "value_format", field.value_format);
  Entry(out, 3, "value_format_name", field.value_format_name);
  Entry(out, 3, "filters", PrintFilters(field.filters));
  Entry(out, 3, "drill_fields", kura::Join(field.drill_fields, ", "));
  Entry(out, 3, "tags", kura::Join(field.tags, ", "));
  Entry(out, 3, "default", field.default_value);
}

void PrintView(const View& view, std::string& out) {
  Line(out, 1, "view " + view.name + (view.builtin ? " builtin" : ""));
  if (view.builtin) return Line(out, 2, std::to_string(view.fields.size()) + " fields");
  Entry(out, 2, "label", view.label);
  Entry(out, 2, "table", OneLine(PrintSql(view.sql_table_name)));
  Entry(out, 2, "derived", OneLine(PrintSql(view.derived_sql)));
  std::string group;  // The timeframes of one group share everything but the name.
  for (const Field& field : view.fields) {
    PrintFieldLine(field, out);
    if (field.dimension_group.empty() || field.dimension_group != group) {
      PrintFieldDetails(field, out);
    }
    group = field.dimension_group;
  }
  for (const auto& [name, fields] : view.sets) {
    Line(out, 2, "set " + name + ": " + kura::Join(fields, ", "));
  }
  Entry(out, 2, "drill_fields", kura::Join(view.drill_fields, ", "));
}

std::string_view TypeName(JoinType type) {
  switch (type) {
    case JoinType::kLeftOuter:
      return "left_outer";
    case JoinType::kInner:
      return "inner";
    case JoinType::kFullOuter:
      return "full_outer";
    case JoinType::kCross:
      return "cross";
  }
  return "";
}

void PrintJoin(const Join& join, std::string& out) {
  std::string line = "join " + join.name;
  if (join.view != join.name) line += " from " + join.view;
  line.append(" ").append(TypeName(join.type));
  line.append(" ").append(RelationshipName(join.relationship));
  if (!join.sql_on.empty()) line += "  " + OneLine(PrintSql(join.sql_on));
  Line(out, 2, line);
  Entry(out, 3, "where", OneLine(PrintSql(join.sql_where)));
  Entry(out, 3, "required_joins", kura::Join(join.required_joins, ", "));
  Entry(out, 3, "fields", kura::Join(join.fields, ", "));
  Entry(out, 3, "view_label", join.view_label);
}

void PrintExplore(const Explore& explore, std::string& out) {
  std::string line = "explore " + explore.name + " on " + explore.base_view;
  if (explore.base != explore.base_view) line += " as " + explore.base;
  Line(out, 1, line + (explore.hidden ? " hidden" : ""));
  Entry(out, 2, "label", explore.label);
  Entry(out, 2, "description", OneLine(explore.description));
  Entry(out, 2, "group_label", explore.group_label);
  Entry(out, 2, "view_label", explore.view_label);
  for (const Join& join : explore.joins) PrintJoin(join, out);
  Entry(out, 2, "always_where", OneLine(PrintSql(explore.sql_always_where)));
  Entry(out, 2, "always_having", OneLine(PrintSql(explore.sql_always_having)));
  Entry(out, 2, "always_filter", PrintFilters(explore.always_filter));
  Entry(out, 2, "always_join", kura::Join(explore.always_join, ", "));
  Entry(out, 2, "fields", kura::Join(explore.fields, ", "));
}

}  // namespace

std::string PrintSql(const Sql& sql) {
  std::string out;
  for (const SqlPiece& piece : sql.pieces) out += PrintPiece(piece);
  return out;
}

std::string PrintModel(const Project& project) {
  std::string out;
  for (const auto& [name, model] : project.models) {
    Line(out, 0, "model " + name);
    Entry(out, 1, "label", model.label);
    Entry(out, 1, "connection", model.connection);
    if (model.week_start_day != 0) {
      Line(out, 1, "week_start_day " + std::to_string(model.week_start_day));
    }
    if (model.fiscal_month_offset != 0) {
      Line(out, 1, "fiscal_month_offset " + std::to_string(model.fiscal_month_offset));
    }
    for (const auto& [view_name, view] : model.views) PrintView(view, out);
    for (const std::string& explore : model.explore_order) {
      PrintExplore(model.explores.find(explore)->second, out);
    }
  }
  return out;
}

}  // namespace kura::lookml
