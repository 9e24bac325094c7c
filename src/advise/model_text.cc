// The model file.
#include "advise/model_text.h"

#include <fmt/core.h>

#include "advise/fields.h"
#include "advise/lookml_text.h"
#include "advise/names.h"
#include "base/text.h"

namespace kura::advise {
namespace {

// The field of a view that holds a column: groups and collisions may have renamed it.
std::string FieldOf(const TableShape& table, const std::string& column) {
  for (const FieldDesign& field : DesignFields(table)) {
    if (field.column->name != column) continue;
    const bool group = field.use == FieldUse::kTime || field.use == FieldUse::kDate;
    return field.name + (group ? "_raw" : "");
  }
  return FieldName(column);
}

// Foreign keys that are shown as guesses tell how far the data agrees.
std::string GuessWords(const Reference& reference, const Words& words) {
  std::string text =
      words.Say(fmt::format("{} という名前からの推測（外部キーはない）。", reference.columns[0]),
                fmt::format("A guess from the name {}: the source has no foreign key.",
                            reference.columns[0]));
  if (reference.sampled == 0) return text;
  return text + words.Say(fmt::format("\n調べた {} 個の値のうち {} 個が {} にある。",
                                      reference.sampled,
                                      reference.found,
                                      reference.parent),
                          fmt::format(" Of {} values that were looked up, {} are in {}.",
                                      reference.sampled,
                                      reference.found,
                                      reference.parent));
}

// The field names of a parent's key; a raw view and a mart view of one table name it alike.
void WriteParents(const EntityDesign& entity, const ProjectStyle& style, LookmlText* out) {
  for (const ParentDesign& parent : entity.parents) {
    if (parent.reference.guessed) out->Comment(GuessWords(parent.reference, style.words));
    out->Open("join", parent.alias);
    if (parent.alias != parent.view) out->Word("from", parent.view);
    out->Word("type", "left_outer");
    out->Word("relationship", "many_to_one");
    std::vector<std::string> pairs;
    for (std::size_t i = 0; i < parent.reference.columns.size(); ++i) {
      pairs.push_back(fmt::format("${{{}.{}}} = ${{{}.{}}}",
                                  entity.view,
                                  FieldOf(*entity.table, parent.reference.columns[i]),
                                  parent.alias,
                                  FieldName(parent.reference.parent_columns[i])));
    }
    out->Sql("sql_on", Join(pairs, " AND "));
    out->Close();
  }
}

std::string LeftOutWords(const EntityDesign& entity, const Words& words) {
  const std::string left_out = words.LeftOut(*entity.table, entity.rules);
  if (left_out.empty()) {
    return words.Say("。除く行はない", ". No rows are left out");
  }
  return words.Say("。除外: ", ". Left out: ") + left_out;
}

std::string CurrentDescription(const EntityDesign& entity, const Words& words) {
  const std::string name = words.Name(*entity.table);
  return words.Say(
             "いまの" + name + "。1行＝1件",
             name + " as they are now; one row per " + ReplaceAll(entity.singular, "_", " ")) +
         LeftOutWords(entity, words);
}

std::string DailyDescription(const EntityDesign& entity, const Words& words) {
  const FactDesign& fact = entity.fact;
  std::string text = words.Say(
      fmt::format("日ごとの{}。暦が土台なので、何もなかった日も0として出る",
                  words.Name(*fact.table)),
      fmt::format("{} by day. The calendar is the base, so a day on which nothing happened is 0",
                  words.Name(*fact.table)));
  std::string left_out = words.LeftOut(*fact.table, fact.rules);
  for (const RowRule& rule : entity.rules) {
    if (rule.kind != RuleKind::kTest || fact.is_self) continue;
    if (!left_out.empty()) left_out += words.Say("、", ", ");
    left_out += words.Say("検証用の", "test ") + words.InText(*entity.table) +
                words.Say("の行（", " (") + rule.evidence + words.Say("）", ")");
  }
  if (!left_out.empty()) text += words.Say("。除外: ", ". Left out: ") + left_out;
  return text;
}

void WriteDailyJoins(const EntityDesign& entity, const ProjectStyle& style, LookmlText* out) {
  const FactDesign& fact = entity.fact;
  out->Open("join", fact.view);
  out->Word("type", "left_outer");
  out->Word("relationship", "one_to_many");
  out->Sql("sql_on", fmt::format("${{calendar.day_raw}} = ${{{}.day_raw}}", fact.view));
  out->Close();
  if (fact.guessed) {
    for (const Reference& reference : fact.table->references) {
      if (reference.columns.size() == 1 && reference.columns[0] == fact.key_column) {
        out->Comment(GuessWords(reference, style.words));
        break;
      }
    }
  }
  out->Open("join", entity.view);
  out->Word("type", "left_outer");
  out->Word("relationship", "many_to_one");
  out->Sql("sql_on",
           fmt::format("${{{}.{}}} = ${{{}.{}}}",
                       fact.view,
                       FieldName(fact.key_column),
                       entity.view,
                       FieldName(entity.table->primary_key[0])));
  out->Close();
  WriteParents(entity, style, out);
}

}  // namespace

std::string ModelFile(const Design& design, const ProjectStyle& style, const std::string& name) {
  LookmlText out;
  out.Comment(
      style.words.Say("どの探索も業務の表をそのまま使わず、目的と粒度を持つ。\nいまの状態（…_"
                      "now）と、暦を土台にした日ごと"
                      "（…_daily）の2種類がある。",
                      "No explore stands on a business table as it is: each has a purpose and a "
                      "grain. …_now answers "
                      "how many there are today, …_daily starts from the calendar."));
  out.Word("connection", "\"duckdb\"");
  out.Text("label", name);
  out.Word("week_start_day", "monday");
  out.Blank();
  out.Word("include", "\"//kura/calendar\"");
  out.Word("include", "\"/raw/*.view\"");
  if (!design.entities.empty()) out.Word("include", "\"/marts/*.view\"");
  std::string text = out.text();
  for (const EntityDesign& entity : design.entities) {
    text += "\n" + CurrentExplore(entity, style, entity.view);
    if (entity.fact.table != nullptr) text += "\n" + DailyExplore(entity, style, entity.daily);
  }
  return text;
}

std::string CurrentExplore(const EntityDesign& entity, const ProjectStyle& style,
                           const std::string& name) {
  LookmlText out;
  out.Open("explore", name);
  if (name != entity.view) out.Word("view_name", entity.view);
  out.Text("label", style.words.Name(*entity.table) + style.words.Say("（いま）", " now"));
  out.Text("description", CurrentDescription(entity, style.words));
  WriteParents(entity, style, &out);
  out.Close();
  return out.text();
}

std::string DailyExplore(const EntityDesign& entity, const ProjectStyle& style,
                         const std::string& name) {
  LookmlText out;
  out.Open("explore", name);
  out.Word("view_name", "calendar");
  out.Text("label", style.words.DailyLabel(entity));
  out.Text("description", DailyDescription(entity, style.words));
  WriteDailyJoins(entity, style, &out);
  out.Close();
  return out.text();
}

}  // namespace kura::advise
