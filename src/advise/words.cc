// Names of tables and reasons of rules in words.
#include "advise/words.h"

#include "advise/fields.h"
#include "advise/names.h"
#include "base/text.h"

namespace kura::advise {

std::string Words::Name(const TableShape& table) const {
  std::string label = ShortLabel(table.comment);
  // 会員マスタ is a table, its rows are 会員.
  for (const std::string_view ending : {"マスター", "マスタ", "テーブル", "情報", "一覧", "表"}) {
    if (!label.ends_with(ending) || label.size() == ending.size()) continue;
    label.resize(label.size() - ending.size());
    break;
  }
  return label.empty() ? TitleCase(Plural(BareTableName(table.name))) : label;
}

std::string Words::InText(const TableShape& table) const {
  return japanese_ ? Name(table) : ToLower(Name(table));
}

std::string Words::CountOf(const TableShape& table) const {
  if (japanese_) return Name(table) + "の数";
  return "Number of " + ReplaceAll(Plural(BareTableName(table.name)), "_", " ");
}

std::string Words::TotalOf(const std::string& label) const {
  return japanese_ ? label + "合計" : "Total " + ToLower(label);
}

std::string Words::AverageOf(const std::string& label) const {
  if (label.starts_with("平均") || ToLower(label).starts_with("average")) return label;
  return japanese_ ? label + "の平均" : "Average " + ToLower(label);
}

std::string Words::DailyLabel(const EntityDesign& entity) const {
  std::string label = Name(*entity.table);
  if (entity.fact.view != entity.singular + "_days")
    label += Say("：", ": ") + Name(*entity.fact.table);
  return label + Say("（日ごと）", " by day");
}

std::string Words::LeftOut(const TableShape& table, const std::vector<RowRule>& rules) const {
  std::vector<std::string> reasons;
  for (const RowRule& rule : rules) {
    const ColumnShape* column = table.Find(rule.column);
    const std::string label = column == nullptr ? "" : ShortLabel(column->comment);
    const bool dated = rule.kind == RuleKind::kDeleted && rule.evidence == rule.column;
    if (dated && japanese_) {
      reasons.push_back((label.empty() ? "削除日時" : label) + "がある行（" + rule.column + "）");
    } else if (dated) {
      reasons.push_back("deleted rows (" + rule.column + " is set)");
    } else if (rule.kind == RuleKind::kTest) {
      reasons.push_back(Say("検証用の行（", "test rows (") + rule.evidence + Say("）", ")"));
    } else if (rule.kind == RuleKind::kCancelled) {
      reasons.push_back(Say("取り消された行（", "cancelled rows (") + rule.evidence +
                        Say("）", ")"));
    } else if (rule.decides) {
      reasons.push_back(Say("削除された行（", "deleted rows (") + rule.evidence + Say("）", ")"));
    } else {
      reasons.push_back(Say("やめた・消された行（", "rows that are gone (") + rule.evidence +
                        Say("）", ")"));
    }
  }
  return Join(reasons, Say("、", ", "));
}

}  // namespace kura::advise
