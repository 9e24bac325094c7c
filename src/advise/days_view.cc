// Facts by entity and day. Sparse: an entity has no row on a day on which nothing happened to it.
#include <fmt/core.h>

#include <set>

#include "advise/field_text.h"
#include "advise/names.h"
#include "advise/views.h"
#include "base/text.h"

namespace kura::advise {
namespace {

// The numbers of the fact that can be added up, with names that are free.
std::vector<FieldDesign> SumsOf(const EntityDesign& entity, const std::string& count) {
  std::vector<FieldDesign> sums;
  if (entity.fact.begins_only) return sums;  // A current amount is not what happened on a day.
  const std::set<std::string> taken = {count, "key", "day", FieldName(entity.fact.key_column)};
  for (FieldDesign& field : DesignFields(*entity.fact.table)) {
    if (AdditivityOf(field) != Additivity::kSum || taken.count(field.name) != 0) continue;
    sums.push_back(std::move(field));
  }
  return sums;
}

// What the rows of the fact are called: "orders"; "new_users" when the entity itself is the fact.
std::string CountName(const EntityDesign& entity) {
  const std::string name = Plural(BareTableName(entity.fact.table->name));
  return entity.fact.begins_only ? "new_" + name : name;
}

// Test entities' facts are no business either; deleted ones' are: they happened.
std::vector<std::string> TestConditions(const EntityDesign& entity, const ProjectStyle& style) {
  std::vector<std::string> conditions;
  if (entity.fact.is_self) return conditions;
  for (const RowRule& rule : entity.rules) {
    if (rule.kind != RuleKind::kTest) continue;
    conditions.push_back(fmt::format("{} NOT IN (\n    SELECT {} FROM {}.{}\n    WHERE {})",
                                     SqlName(entity.fact.key_column),
                                     SqlName(entity.table->primary_key[0]),
                                     style.schema,
                                     SqlName(entity.table->name),
                                     rule.drop));
  }
  return conditions;
}

std::string Select(const EntityDesign& entity, const std::vector<FieldDesign>& sums,
                   const ProjectStyle& style) {
  const FactDesign& fact = entity.fact;
  const std::string key = SqlName(fact.key_column);
  std::vector<std::string> columns = {
      key, DayOfColumn(*fact.time, style) + " AS day", "count(*) AS " + SqlName(CountName(entity))};
  for (const FieldDesign& sum : sums) {
    columns.push_back(fmt::format("sum({}) AS {}", SqlName(sum.column->name), SqlName(sum.name)));
  }
  std::string sql = "SELECT " + Wrap(columns, 78, "       ");
  sql += "\nFROM " + style.schema + "." + SqlName(fact.table->name);
  std::vector<std::string> keeps;
  for (const RowRule& rule : entity.fact.rules) keeps.push_back(rule.keep);
  const ColumnShape* column = fact.table->Find(fact.key_column);
  if (column != nullptr && column->nullable) keeps.push_back(key + " IS NOT NULL");
  for (std::string& condition : TestConditions(entity, style))
    keeps.push_back(std::move(condition));
  if (!keeps.empty()) sql += "\nWHERE " + Join(keeps, "\n  AND ");
  return sql + "\nGROUP BY ALL";
}

void WriteHead(const EntityDesign& entity, const ProjectStyle& style, LookmlText* out) {
  const Words& words = style.words;
  const FactDesign& fact = entity.fact;
  std::string head = words.Say(
      fmt::format("日ごとの事実。1行＝{}×日。{} を {} の日に数える。\n事実のない日は行がない。",
                  words.Name(*entity.table),
                  fact.table->name,
                  fact.time->name),
      fmt::format(
          "Daily facts, grain = {} × day: rows of {} on the day of {}. Sparse: no row for a "
          "day on which nothing happened.",
          entity.singular,
          fact.table->name,
          fact.time->name));
  std::string left_out = words.LeftOut(*fact.table, entity.fact.rules);
  if (!TestConditions(entity, style).empty()) {
    if (!left_out.empty()) left_out += words.Say("、", ", ");
    left_out += words.Say("検証用の", "what test ") + words.InText(*entity.table) +
                words.Say("の行", " did");
  }
  if (!left_out.empty())
    head += words.Say("\n除外: ", "\nLeft out: ") + left_out + words.Say("。", ".");
  out->Comment(head);
  if (fact.time->type.kind == sql::TypeKind::kTimestamp && style.datetime_zone.empty()) {
    out->Comment(words.Say(
        "datetime_zone が未決定なので、日は " + fact.time->name + " に書かれた日付のまま。",
        "datetime_zone is undecided: the day is the date as " + fact.time->name + " has it."));
  }
  if (fact.others.empty()) return;
  out->Comment(
      words.Say(fmt::format("ほかの事実: {}\n  kura new explore daily NAME --entity {} --fact {}",
                            Join(fact.others, ", "),
                            entity.table->name,
                            fact.others[0]),
                fmt::format("Further facts: {}\n  kura new explore daily NAME --entity {} "
                            "--fact {}",
                            Join(fact.others, ", "),
                            entity.table->name,
                            fact.others[0])));
}

void WriteDimensions(const EntityDesign& entity, LookmlText* out) {
  const std::string key = SqlName(entity.fact.key_column);
  const ColumnShape* column = entity.fact.table->Find(entity.fact.key_column);
  out->Open("dimension", "key");
  out->Word("primary_key", "yes");
  out->Word("hidden", "yes");
  out->Sql("sql", "${TABLE}." + key + " || '/' || ${TABLE}.day");
  out->Close();
  out->Open("dimension", FieldName(entity.fact.key_column));
  out->Word("hidden", "yes");
  if (column != nullptr && sql::IsNumeric(column->type.kind)) out->Word("type", "number");
  out->Sql("sql", "${TABLE}." + key);
  out->Close();
  out->Open("dimension_group", "day");
  out->Word("hidden", "yes");
  out->Word("type", "time");
  out->Word("datatype", "date");
  out->Word("convert_tz", "no");
  out->List("timeframes", {"raw", "date"}, false);
  out->Sql("sql", "${TABLE}.day");
  out->Close();
}

void WriteSum(const std::string& name, const std::string& label, const std::string& description,
              const std::string& format, LookmlText* out) {
  out->Open("measure", name);
  out->Text("label", label);
  out->Text("description", description);
  out->Word("type", "sum");
  out->Word("value_format_name", format);
  out->Sql("sql", "${TABLE}." + SqlName(name));
  out->Close();
}

void WriteUnique(const EntityDesign& entity, const ProjectStyle& style, LookmlText* out) {
  const Words& words = style.words;
  const std::string name = words.Name(*entity.table);
  const std::string unique = UniqueMeasure(entity);
  const std::string count = CountName(entity);
  if (entity.fact.is_self) return;
  out->Open("measure", unique);
  out->Text("label", words.Say("ユニーク" + name + "数", "Unique " + words.InText(*entity.table)));
  out->Text("description",
            words.Say("その期間に1回以上あった数。何回あっても1",
                      "How many had at least one in the period; each counts once"));
  out->Word("type", "count_distinct");
  out->Word("value_format_name", "decimal_0");
  out->Sql("sql", "${" + FieldName(entity.fact.key_column) + "}");
  out->Close();
  out->Open("measure", count + "_per_" + entity.singular);
  out->Text(
      "label",
      words.Say(name + "あたりの" + words.Name(*entity.fact.table) + "数",
                words.Name(*entity.fact.table) + " per " + ReplaceAll(entity.singular, "_", " ")));
  out->Word("type", "number");
  out->Word("value_format_name", "decimal_2");
  out->Sql("sql", "${" + count + "} / NULLIF(${" + unique + "}, 0)");
  out->Close();
}

}  // namespace

std::string DaysView(const EntityDesign& entity, const ProjectStyle& style) {
  const Words& words = style.words;
  const TableShape& fact = *entity.fact.table;
  const std::vector<FieldDesign> sums = SumsOf(entity, CountName(entity));
  LookmlText out;
  WriteHead(entity, style, &out);
  out.Open("view", entity.fact.view);
  out.Text("label", words.DailyLabel(entity));
  out.Open("derived_table");
  out.Sql("sql", Select(entity, sums, style));
  out.Close();
  out.Blank();
  WriteDimensions(entity, &out);
  out.Blank();
  WriteSum(CountName(entity),
           (entity.fact.begins_only ? words.Say("新しい", "New ") : "") + words.Name(fact) +
               words.Say("の数", ""),
           "",
           "decimal_0",
           &out);
  for (const FieldDesign& sum : sums) {
    const std::string label = sum.label.empty() ? TitleCase(sum.name) : sum.label;
    WriteSum(sum.name, words.TotalOf(label), sum.description, NumberFormat(*sum.column), &out);
  }
  WriteUnique(entity, style, &out);
  out.Close();
  return out.text();
}

std::string UniqueMeasure(const EntityDesign& entity) {
  return entity.fact.is_self ? CountName(entity) : "unique_" + entity.plural;
}

}  // namespace kura::advise
