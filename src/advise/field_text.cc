// Fields and times as text.
#include "advise/field_text.h"

#include <fmt/core.h>

#include "advise/names.h"
#include "sql/dialect.h"

namespace kura::advise {
namespace {

using sql::TypeKind;

std::string Quote(const std::string& text) {
  return sql::QuoteText(sql::kDuckDb, text);
}

bool IsOtherZone(const ColumnShape& column, const ProjectStyle& style) {
  return column.type.kind == TypeKind::kTimestamp && !style.datetime_zone.empty() &&
         style.datetime_zone != style.timezone;
}

// A wall clock of the source's zone as one of the business day's.
std::string Converted(const std::string& name, const ProjectStyle& style) {
  return fmt::format("{} AT TIME ZONE {} AT TIME ZONE {}",
                     name,
                     Quote(style.datetime_zone),
                     Quote(style.timezone));
}

std::string DescriptionOf(const FieldDesign& field, const Words& words) {
  if (field.points_to.empty()) return field.description;
  std::string text = field.description;
  if (!text.empty()) text += " ";
  text += "→ " + field.points_to;
  if (field.guessed) {
    text +=
        words.Say("（名前からの推測。外部キーはない）", " (guessed from the name: no foreign key)");
  }
  return text;
}

void WriteGroup(const FieldDesign& field, LookmlText* out) {
  const bool is_date = field.use == FieldUse::kDate;
  out->Word("type", "time");
  if (is_date) {
    out->Word("datatype", "date");
    out->Word("convert_tz", "no");
    out->List("timeframes", {"raw", "date", "week", "month", "quarter", "year"}, false);
  } else {
    out->List("timeframes", {"raw", "time", "date", "week", "month", "quarter", "year"}, false);
  }
}

void WriteType(const FieldDesign& field, LookmlText* out) {
  const std::string column = "${TABLE}." + SqlName(field.column->name);
  const bool boolean = field.column->type.kind == TypeKind::kBoolean;
  switch (field.use) {
    case FieldUse::kYesNo:
      out->Word("type", "yesno");
      return out->Sql("sql", boolean ? column : column + " = 1");
    case FieldUse::kTime:
    case FieldUse::kDate:
      WriteGroup(field, out);
      return out->Sql("sql", column);
    case FieldUse::kSpan:
    case FieldUse::kDocument:
      return out->Sql("sql", "CAST(" + column + " AS VARCHAR)");
    default:
      break;
  }
  if (sql::IsNumeric(field.column->type.kind)) out->Word("type", "number");
  if (field.use == FieldUse::kNumber && !sql::IsInteger(field.column->type.kind)) {
    out->Word("value_format_name", NumberFormat(*field.column));
  }
  out->Sql("sql", column);
}

}  // namespace

void WriteDimension(const FieldDesign& field, const ProjectStyle& style,
                    const FieldTextOptions& options, LookmlText* out) {
  if (field.use == FieldUse::kLeftOut) {
    const bool bytes = IsWritable(field.column->name);
    out->Comment(field.column->name +
                 (bytes ? style.words.Say("（バイト列）は項目にしていない。",
                                          " holds bytes: it is no field.")
                        : style.words.Say(" は LookML に書けない名前なので項目にしていない。",
                                          " is no field: LookML cannot hold its name.")));
    return;
  }
  const bool group = field.use == FieldUse::kTime || field.use == FieldUse::kDate;
  out->Open(group ? "dimension_group" : "dimension", field.name);
  if (field.use == FieldUse::kKey) out->Word("primary_key", "yes");
  const bool hidden = field.use == FieldUse::kKey || field.use == FieldUse::kForeignKey ||
                      field.use == FieldUse::kDocument ||
                      (field.personal && field.personal->what == "secret");
  if (hidden) out->Word("hidden", "yes");
  out->Text("label", field.label);
  out->Text("description", DescriptionOf(field, style.words));
  WriteType(field, out);
  if (!field.suggestions.empty()) out->List("suggestions", field.suggestions, true);
  if (options.mark_personal && field.personal) out->List("tags", {"pii"}, true);
  out->Close();
}

std::string SelectedColumn(const ColumnShape& column, const ProjectStyle& style) {
  const std::string name = SqlName(column.name);
  return IsOtherZone(column, style) ? Converted(name, style) + " AS " + name : name;
}

std::string DayOfColumn(const ColumnShape& column, const ProjectStyle& style) {
  std::string name = SqlName(column.name);
  if (column.type.kind == TypeKind::kDate) return name;
  if (column.type.kind == TypeKind::kTimestampTz) {
    return fmt::format("CAST({} AT TIME ZONE {} AS DATE)", name, Quote(style.timezone));
  }
  if (IsOtherZone(column, style)) return "CAST(" + Converted(name, style) + " AS DATE)";
  return "CAST(" + name + " AS DATE)";
}

}  // namespace kura::advise
