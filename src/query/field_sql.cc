// Dimensions, conditions and user texts. Measures are in measure_sql.cc.
#include "query/field_sql.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/match.h"
#include "base/text.h"
#include "query/condition.h"
#include "query/freshness.h"
#include "query/spine.h"

namespace kura::query {
namespace {

using lookml::Datatype;
using lookml::SqlPiece;
using lookml::Timeframe;

constexpr int kDepthMax = 50;

// The pieces without blank texts; "${TABLE}.x" is two of them.
std::vector<const SqlPiece*> Solid(const lookml::Sql& sql) {
  std::vector<const SqlPiece*> pieces;
  for (const SqlPiece& piece : sql.pieces) {
    const bool blank = piece.kind == SqlPiece::Kind::kText && Trim(piece.text).empty();
    if (!blank) pieces.push_back(&piece);
  }
  return pieces;
}

// The column of "${TABLE}.column", "" when the text is more than that.
std::string PlainColumn(const lookml::Sql& sql) {
  const std::vector<const SqlPiece*> pieces = Solid(sql);
  if (pieces.size() != 2 || pieces[0]->kind != SqlPiece::Kind::kTable) return "";
  std::string_view text = Trim(pieces[1]->text);
  if (pieces[1]->kind != SqlPiece::Kind::kText || !text.starts_with('.')) return "";
  text.remove_prefix(1);
  if (text.size() > 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  const bool word = std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
  return word ? std::string(text) : "";
}

bool IsPlainType(const std::string& type) {
  constexpr std::string_view kTypes[] = {
      "string", "number", "yesno", "zipcode", "int", "unquoted", "time", "date_raw"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

}  // namespace

void FieldSql::BadReference(const Span& span, const Member& member, std::string message) {
  Diagnostic diagnostic;
  diagnostic.kind = kBadReference;
  diagnostic.span = span;
  diagnostic.message = std::move(message);
  diagnostic.field = member.name;
  diagnostics_.Add(std::move(diagnostic));
}

sql::Expr FieldSql::Reference(const SqlPiece& piece, const Use& use, const Member& member) {
  if (std::find(reading_.begin(), reading_.end(), use.field) != reading_.end()) {
    BadReference(piece.span, member, fmt::format("'{}' refers to itself", use.name()));
    return {sql::Null{}};
  }
  reading_.push_back(use.field);
  sql::Expr expr = use.field->is_measure() ? Measure(use, member) : Dimension(use, member).shown;
  reading_.pop_back();
  return expr;
}

sql::Expr FieldSql::Piece(const SqlPiece& piece, const std::string& alias, const Member& member) {
  switch (piece.kind) {
    case SqlPiece::Kind::kText:
      break;
    case SqlPiece::Kind::kTable:
      return sql::Col("", alias);
    case SqlPiece::Kind::kTableName: {
      const auto view = plan_.scope.model->views.find(piece.view);
      if (view != plan_.scope.model->views.end()) return {TableText(view->second, member)};
      BadReference(piece.span, member, fmt::format("there is no view '{}'", piece.view));
      break;
    }
    case SqlPiece::Kind::kField: {
      const std::string& owner = piece.view.empty() ? alias : piece.view;
      const std::optional<Use> use = plan_.scope.Find(owner, piece.text);
      if (use) return Reference(piece, *use, member);
      BadReference(piece.span,
                   member,
                   fmt::format("there is no field '{}.{}' in explore '{}'",
                               owner,
                               piece.text,
                               plan_.scope.explore->name));
      break;
    }
  }
  return {sql::Null{}};
}

sql::Expr FieldSql::Text(const lookml::Sql& text, const std::string& alias, const Member& member) {
  const std::vector<const SqlPiece*> solid = Solid(text);
  // A lone reference is that field itself: nothing stands around it that would need parentheses.
  if (solid.size() == 1 && solid[0]->kind == SqlPiece::Kind::kField) {
    return Piece(*solid[0], alias, member);
  }
  sql::Raw raw;
  for (const SqlPiece& piece : text.pieces) {
    if (piece.kind == SqlPiece::Kind::kText) {
      raw.pieces.emplace_back(piece.text);
    } else {
      raw.pieces.emplace_back(Piece(piece, alias, member));
    }
  }
  return {std::move(raw)};
}

// Without sql a dimension is the column of its name (its group's name for a timeframe).
sql::Expr FieldSql::OwnSql(const Use& use, const Member& member) {
  if (!use.field->sql.empty()) return Text(use.field->sql, use.alias, member);
  const std::string& group = use.field->dimension_group;
  return sql::Col(use.alias, group.empty() ? use.field->name : group);
}

sql::Raw FieldSql::TableText(const lookml::View& view, const Member& member) {
  if (view.is_derived()) {
    AddDerived(view, member);
    return {{sql::Col("", view.name)}};
  }
  if (view.sql_table_name.empty()) return {{sql::Col("", view.name)}};
  sql::Expr text = Text(view.sql_table_name, view.name, member);
  if (auto* raw = std::get_if<sql::Raw>(&text.node)) return std::move(*raw);
  return {{std::move(text)}};
}

// Defines the views that the text reads before the view itself.
void FieldSql::AddDerived(const lookml::View& view, const Member& member) {
  if (std::find(derived_.begin(), derived_.end(), &view) != derived_.end()) return;
  if (std::find(opening_.begin(), opening_.end(), &view) != opening_.end()) {
    BadReference(view.span, member, fmt::format("view '{}' refers to itself", view.name));
    return;
  }
  opening_.push_back(&view);
  for (const SqlPiece& piece : view.derived_sql.pieces) {
    if (piece.kind == SqlPiece::Kind::kTableName) Piece(piece, view.name, member);
  }
  opening_.pop_back();
  derived_.push_back(&view);
}

std::string FieldSql::BareColumnOf(const Use& use) const {
  Use at = use;
  for (int depth = 0; depth < kDepthMax; ++depth) {
    if (at.field->sql.empty()) {
      const std::string& group = at.field->dimension_group;
      return group.empty() ? at.field->name : group;
    }
    const std::vector<const SqlPiece*> solid = Solid(at.field->sql);
    if (solid.size() != 1) return PlainColumn(at.field->sql);
    if (solid[0]->kind != SqlPiece::Kind::kField) return "";
    const bool own = solid[0]->view.empty() || solid[0]->view == use.alias;
    const std::optional<Use> next = plan_.scope.Find(use.alias, solid[0]->text);
    if (!own || !next || next->field->is_measure()) return "";
    const Timeframe timeframe = TimeframeOf(*next->field);
    if (timeframe != Timeframe::kNone && timeframe != Timeframe::kRaw) return "";
    at = *next;
  }
  return "";
}

const sql::CatalogueColumn* FieldSql::CatalogueColumnOf(const Use& use) const {
  const sql::CatalogueTable* table = plan_.scope.TableOf(*use.view);
  const std::string column = BareColumnOf(use);
  return table && !column.empty() ? table->Find(column) : nullptr;
}

// A derived view's column has no type that we know. One that the view passes on from a synced table
// under its own name is still an instant when it is one there.
bool FieldSql::IsPassedInstant(const Use& use) const {
  const std::string column = BareColumnOf(use);
  if (!use.view->is_derived() || !plan_.scope.catalogue || column.empty()) return false;
  bool found = false;
  for (const std::string& name : TablesOf(plan_.scope, *use.view)) {
    const sql::CatalogueColumn* known = plan_.scope.catalogue->Find(name)->Find(column);
    if (!known) continue;
    if (known->type.kind != sql::TypeKind::kTimestampTz) return false;
    found = true;
  }
  if (!found) return false;
  for (const SqlPiece& piece : use.view->derived_sql.pieces) {
    const bool text = piece.kind == SqlPiece::Kind::kText;
    if (text && ToLower(piece.text).find("as " + ToLower(column)) != std::string::npos)
      return false;
  }
  return true;
}

TimeColumn FieldSql::ColumnOf(const Use& use, const Member& member) {
  TimeColumn column;
  column.bare = OwnSql(use, member);
  const sql::CatalogueColumn* known = CatalogueColumnOf(use);
  const sql::TypeKind type = known ? known->type.kind : sql::TypeKind::kUnknown;
  column.is_date = type == sql::TypeKind::kDate || use.view->builtin;
  const Datatype datatype = use.field->datatype;
  if (datatype == Datatype::kDate || type == sql::TypeKind::kDate) {
    column.kind = TimeKind::kDate;
  } else if (datatype == Datatype::kYyyymmdd) {
    column.kind = TimeKind::kYyyymmdd;
  } else if (datatype == Datatype::kEpoch) {
    column.kind = TimeKind::kEpoch;
  } else if (type == sql::TypeKind::kTimestampTz || IsPassedInstant(use)) {
    column.kind = TimeKind::kInstant;
  } else if (known && !known->zone.empty() && use.field->convert_tz) {
    column.kind = TimeKind::kZoned;
    column.zone = known->zone;
  }
  return column;
}

TimeframeSql FieldSql::Dimension(const Use& use, const Member& member) {
  const Timeframe timeframe = TimeframeOf(*use.field);
  if (timeframe == Timeframe::kNone || timeframe == Timeframe::kRaw) {
    if (timeframe == Timeframe::kNone && !IsPlainType(use.field->type)) RefuseType(use, member);
    sql::Expr own = OwnSql(use, member);
    return {own, own, std::nullopt};
  }
  const TimeColumn column = ColumnOf(use, member);
  const Zone zone = use.field->convert_tz ? plan_.scope.zone : Zone::Utc();
  const sql::Expr local = LocalTime(column, zone, HullOf(plan_, use));
  if (timeframe == Timeframe::kDate && column.kind == TimeKind::kDate) {
    return {local, local, std::nullopt};
  }
  return MakeTimeframe(timeframe, local, plan_.scope.rules());
}

TimeframeSql FieldSql::Selected(const Use& use, const Member& member) {
  TimeframeSql dimension = Dimension(use, member);
  if (use.field->type == "yesno" && !use.view->builtin) {
    dimension.key = sql::Fn("COALESCE", {dimension.key, {sql::Boolean{false}}});
    dimension.shown = dimension.key;
  }
  return dimension;
}

void FieldSql::RefuseType(const Use& use, const Member& member) {
  Report(diagnostics_,
         member,
         {kUnsupportedField,
          fmt::format(
              "'{}' has the type '{}', which cannot be answered yet", use.name(), use.field->type),
          "",
          ""});
}

sql::Expr FieldSql::Condition(const Use& use, const ParsedFilter& filter, const Member& member) {
  const bool measure = use.field->is_measure();
  const auto operand = [&] { return measure ? Measure(use, member) : Dimension(use, member).key; };
  return Match(
      filter,
      [&](const StringFilter& parsed) { return StringCondition(operand(), parsed); },
      [&](const NumberFilter& parsed) { return NumberCondition(operand(), parsed); },
      [&](const YesNoFilter& parsed) { return YesNoCondition(operand(), parsed); },
      [&](const DateFilter& parsed) {
        TimeColumn column;
        if (measure) {
          column.bare = Measure(use, member);
          column.kind = TimeKind::kDate;
        } else {
          column = ColumnOf(use, member);
        }
        const Zone zone = use.field->convert_tz ? plan_.scope.zone : Zone::Utc();
        return DateCondition(column, zone, parsed);
      });
}

}  // namespace kura::query
