// An entity as it is now: the rows that count, its attributes, and measures of them.
#include <fmt/core.h>

#include <set>

#include "advise/field_text.h"
#include "advise/names.h"
#include "advise/views.h"
#include "base/text.h"

namespace kura::advise {
namespace {

constexpr std::size_t kSelectWidth = 78;

// What a question about entities asks for: no upkeep, no documents, nothing that is always the same
// because the rules leave the other rows out, and no personal data.
struct Chosen {
  std::vector<FieldDesign> fields;
  std::vector<std::string> personal;  // left out
};

bool IsLongText(const ColumnShape& column) {
  return column.source_type.ends_with("text") && column.source_type != "tinytext";
}

Chosen Choose(const EntityDesign& entity) {
  std::set<std::string> decided;
  for (const RowRule& rule : entity.rules) {
    if (rule.decides) decided.insert(rule.column);
  }
  Chosen chosen;
  for (FieldDesign& field : DesignFields(*entity.table)) {
    const ColumnShape& column = *field.column;
    if (field.personal) {
      chosen.personal.push_back(column.name);
      continue;
    }
    const bool of_no_use = field.use == FieldUse::kLeftOut || field.use == FieldUse::kDocument ||
                           field.use == FieldUse::kSpan || IsUpkeep(column) || IsLongText(column);
    if (!of_no_use && decided.count(column.name) == 0) chosen.fields.push_back(std::move(field));
  }
  return chosen;
}

std::string Select(const EntityDesign& entity, const Chosen& chosen, const ProjectStyle& style) {
  std::vector<std::string> columns;
  for (const FieldDesign& field : chosen.fields) {
    columns.push_back(SelectedColumn(*field.column, style));
  }
  std::string sql = "SELECT " + Wrap(columns, kSelectWidth, "       ");
  sql += "\nFROM " + style.schema + "." + SqlName(entity.table->name);
  std::vector<std::string> keeps;
  for (const RowRule& rule : entity.rules) keeps.push_back(rule.keep);
  if (!keeps.empty()) sql += "\nWHERE " + Join(keeps, "\n  AND ");
  return sql;
}

void WriteHead(const EntityDesign& entity, const Chosen& chosen, const ProjectStyle& style,
               LookmlText* out) {
  const Words& words = style.words;
  const std::string left_out = words.LeftOut(*entity.table, entity.rules);
  std::string head = words.Say(fmt::format("いまの状態。1行＝{}1件。", words.Name(*entity.table)),
                               fmt::format("Current data, grain = {}.", entity.singular));
  if (!left_out.empty())
    head += words.Say("\n除外: ", "\nLeft out: ") + left_out + words.Say("。", ".");
  out->Comment(head);
  if (chosen.personal.empty()) return;
  out->Comment(
      words.Say("個人情報と思われるので含めていない列: ", "Probably personal, so not here: ") +
      Join(chosen.personal, ", ") + words.Say("。", "."));
}

void WriteNumberMeasure(const FieldDesign& field, const ProjectStyle& style, LookmlText* out) {
  const Additivity additivity = AdditivityOf(field);
  if (additivity == Additivity::kNone) return;
  const bool sum = additivity == Additivity::kSum;
  const std::string label = field.label.empty() ? TitleCase(field.name) : field.label;
  out->Open("measure", (sum ? "total_" : "average_") + field.name);
  out->Text("label", sum ? style.words.TotalOf(label) : style.words.AverageOf(label));
  out->Word("type", sum ? "sum" : "average");
  const std::string format = NumberFormat(*field.column);
  out->Word("value_format_name", !sum && format == "decimal_0" ? "decimal_2" : format);
  out->Sql("sql", "${" + field.name + "}");
  out->Close();
}

void WriteMeasures(const EntityDesign& entity, const Chosen& chosen, const ProjectStyle& style,
                   LookmlText* out) {
  out->Open("measure", "count");
  out->Text("label", style.words.CountOf(*entity.table));
  out->Text("description", style.words.Say("1件を1回だけ数える", "Counts each one once"));
  out->Word("type", "count");
  out->Close();
  for (const FieldDesign& field : chosen.fields) WriteNumberMeasure(field, style, out);
}

}  // namespace

std::string MartView(const EntityDesign& entity, const ProjectStyle& style) {
  const Chosen chosen = Choose(entity);
  LookmlText out;
  WriteHead(entity, chosen, style, &out);
  out.Open("view", entity.view);
  out.Text("label", style.words.Name(*entity.table));
  out.Open("derived_table");
  out.Sql("sql", Select(entity, chosen, style));
  out.Close();
  out.Blank();
  for (const FieldDesign& field : chosen.fields) WriteDimension(field, style, {}, &out);
  out.Blank();
  WriteMeasures(entity, chosen, style, &out);
  out.Close();
  return out.text();
}

}  // namespace kura::advise
