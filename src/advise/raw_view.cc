// A table as it is.
#include <fmt/core.h>

#include "advise/field_text.h"
#include "advise/names.h"
#include "advise/views.h"
#include "base/text.h"

namespace kura::advise {
namespace {

std::string HeadComment(const TableShape& table, const ProjectStyle& style) {
  const std::string name = style.schema + "." + table.name;
  std::string head = style.words.Say(
      fmt::format("{} をそのまま写したビュー。探索の土台には使わず、lookml/marts のビューを使う。",
                  name),
      fmt::format("{} as it is. Explores stand on the views in lookml/marts, not on this one.",
                  name));
  if (!table.comment.empty()) head += "\n" + ReplaceAll(table.comment, "\n", " ");
  return head;
}

// The columns that tell rows apart.
std::vector<std::string> KeyOf(const TableShape& table) {
  if (!table.primary_key.empty()) return table.primary_key;
  return table.unique_keys.empty() ? std::vector<std::string>() : table.unique_keys[0];
}

void WriteKey(const TableShape& table, const ProjectStyle& style, LookmlText* out) {
  const std::vector<std::string> key = KeyOf(table);
  if (key.empty()) {
    out->Comment(style.words.Say(
        "主キーがない表なので primary_key を宣言していない。結合で行が増えると合計は拒否される。",
        "The table has no key, so none is declared: its sums are refused where a join repeats "
        "rows."));
    out->Blank();
    return;
  }
  if (key.size() == 1 && key == table.primary_key) return;  // Its own dimension says so.
  std::vector<std::string> parts;
  parts.reserve(key.size());
  for (const std::string& column : key) parts.push_back("${TABLE}." + SqlName(column));
  std::string sql = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) sql += " || '/' || " + parts[i];
  out->Open("dimension", "key");
  out->Word("primary_key", "yes");
  out->Word("hidden", "yes");
  out->Sql("sql", key.size() == 1 ? "CAST(" + sql + " AS VARCHAR)" : sql);
  out->Close();
}

}  // namespace

std::string RawView(const TableShape& table, const ProjectStyle& style) {
  LookmlText out;
  out.Comment(HeadComment(table, style));
  out.Open("view", RawViewName(table));
  out.Text("label", ShortLabel(table.comment));
  out.Sql("sql_table_name", style.schema + "." + SqlName(table.name));
  out.Blank();
  WriteKey(table, style, &out);
  for (const FieldDesign& field : DesignFields(table)) {
    FieldTextOptions options;
    options.mark_personal = true;
    WriteDimension(field, style, options, &out);
  }
  out.Blank();
  out.Open("measure", "count");
  out.Text("label", style.words.CountOf(table));
  out.Word("type", "count");
  out.Close();
  out.Close();
  return out.text();
}

}  // namespace kura::advise
