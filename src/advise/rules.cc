// Recognising by names of columns, values of enums, code lists in comments, and sampled values.
#include "advise/rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "advise/names.h"
#include "base/text.h"
#include "sql/dialect.h"

namespace kura::advise {
namespace {

using sql::TypeKind;

std::string Quote(const std::string& value) {
  return sql::QuoteText(sql::kDuckDb, value);
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool IsTime(const ColumnShape& column) {
  return column.type.kind == TypeKind::kTimestamp || column.type.kind == TypeKind::kTimestampTz ||
         column.type.kind == TypeKind::kDate;
}

bool HasValue(const ColumnShape& column, std::string_view value) {
  return Contains(column.values, value);
}

// The event of a deletion time: deleted_at, withdrawn_on, 退会日 …
bool IsDeletionStem(const std::string& stem, TableRole role) {
  if (IsOneOf(stem,
              {"deleted",
               "delete",
               "removed",
               "logical_deleted",
               "soft_deleted",
               "discarded",
               "削除",
               "削除日",
               "削除日時"})) {
    return true;
  }
  return role == TableRole::kEntity && IsOneOf(stem,
                                               {"withdrawn",
                                                "withdrawal",
                                                "withdrew",
                                                "resigned",
                                                "terminated",
                                                "left",
                                                "unsubscribed",
                                                "退会",
                                                "退会日",
                                                "退会日時",
                                                "退店日",
                                                "解約日"});
}

bool IsDeletionFlag(const std::string& name) {
  return IsOneOf(name,
                 {"is_deleted",
                  "deleted",
                  "delete_flag",
                  "delete_flg",
                  "deleted_flag",
                  "deleted_flg",
                  "del_flag",
                  "del_flg",
                  "del_kbn",
                  "is_removed",
                  "is_del",
                  "logical_delete_flag",
                  "削除フラグ",
                  "削除区分"});
}

bool IsTestFlag(const std::string& name) {
  return IsOneOf(name,
                 {"is_test",
                  "test",
                  "test_flag",
                  "test_flg",
                  "is_test_user",
                  "is_test_shop",
                  "is_test_account",
                  "is_dummy",
                  "dummy_flg",
                  "dummy_flag",
                  "is_demo",
                  "demo_flg",
                  "is_sandbox",
                  "テストフラグ"});
}

// A flag that is set in rows to leave out: by type, and for texts by what was sampled.
RowRule FlagRule(RuleKind kind, const ColumnShape& column) {
  const std::string name = SqlName(column.name);
  RowRule rule{kind, column.name, "", "", "", true};
  if (column.type.kind == TypeKind::kBoolean) {
    rule.keep = column.nullable ? name + " IS NOT TRUE" : "NOT " + name;
    rule.drop = name;
    rule.evidence = column.name;
    return rule;
  }
  std::string off = "0";
  std::string on = "1";
  if (!sql::IsNumeric(column.type.kind)) {
    for (const std::string_view letters : {"NY", "FT", "ny", "ft"}) {
      if (HasValue(column, letters.substr(0, 1)) || HasValue(column, letters.substr(1, 1))) {
        off = letters.substr(0, 1);
        on = letters.substr(1, 1);
      }
    }
    off = Quote(off);
  }
  const std::string value = column.nullable ? "coalesce(" + name + ", " + off + ")" : name;
  rule.keep = value + " = " + off;
  rule.drop = value + " <> " + off;
  rule.evidence = column.name + " = " + on;
  return rule;
}

// A time of deletion. A source that may not store NULL writes 0000-00-00, which arrives as NULL;
// one with a far future for "never" is recognised by its values; an integer counts seconds, 0 is
// never.
RowRule TimeRule(const ColumnShape& column) {
  const std::string name = SqlName(column.name);
  RowRule rule{RuleKind::kDeleted, column.name, name + " IS NULL", name + " IS NOT NULL", "", true};
  rule.evidence = column.name;
  if (!IsTime(column)) {
    rule.keep = "coalesce(" + name + ", 0) = 0";
    rule.drop = name + " <> 0";
    return rule;
  }
  const bool far = std::any_of(column.values.begin(), column.values.end(), [](const auto& value) {
    return value.starts_with("9999") || value.starts_with("2999");
  });
  if (far) {
    rule.keep = "(" + name + " IS NULL OR " + name + " >= DATE '2999-01-01')";
    rule.drop = name + " < DATE '2999-01-01'";
  }
  return rule;
}

bool IsGoneWord(std::string_view word, TableRole role) {
  const std::string lower = ToLower(word);
  const std::string_view text = lower;
  if (IsOneOf(text, {"deleted", "removed", "削除", "削除済", "削除済み"})) return true;
  if (role == TableRole::kFact) {
    return IsOneOf(text,
                   {"cancelled",
                    "canceled",
                    "cancel",
                    "void",
                    "voided",
                    "キャンセル",
                    "キャンセル済",
                    "キャンセル済み",
                    "取消",
                    "取消済",
                    "取り消し",
                    "取消し"});
  }
  return IsOneOf(text,
                 {"withdrawn",
                  "withdrawal",
                  "resigned",
                  "terminated",
                  "closed",
                  "left",
                  "unsubscribed",
                  "退会",
                  "退会済",
                  "退会済み",
                  "退店",
                  "解約",
                  "解約済",
                  "解約済み",
                  "閉店",
                  "閉鎖"});
}

// States of a column that mean "gone": enum values, sampled texts, and codes in the comment.
std::vector<std::string> GoneStates(const ColumnShape& column, TableRole role,
                                    std::vector<std::string>* words) {
  std::vector<std::string> states = EnumValues(column.source_type);
  if (states.empty() && column.type.kind == TypeKind::kVarchar) states = column.values;
  std::vector<std::string> gone;
  for (const std::string& state : states) {
    if (!IsGoneWord(state, role)) continue;
    gone.push_back(state);
    words->push_back(state);
  }
  if (!gone.empty()) return gone;
  for (const auto& [code, meaning] : CodesInComment(column.comment)) {
    if (!IsGoneWord(meaning, role)) continue;
    gone.push_back(code);
    words->push_back(fmt::format("{} {}", code, meaning));
  }
  return gone;
}

bool IsStateName(const std::string& name) {
  const std::vector<std::string> words = NameWords(name);
  if (words.empty()) return false;
  return IsOneOf(words.back(),
                 {"status",
                  "state",
                  "kbn",
                  "division",
                  "stage",
                  "状態",
                  "区分",
                  "ステータス",
                  "会員状態",
                  "会員区分"});
}

std::vector<RowRule> StateRules(const ColumnShape& column, TableRole role) {
  if (!IsStateName(column.name)) return {};
  std::vector<std::string> words;
  const std::vector<std::string> gone = GoneStates(column, role, &words);
  if (gone.empty()) return {};
  std::vector<std::string> quoted;
  quoted.reserve(gone.size());
  const bool numeric = sql::IsNumeric(column.type.kind);
  for (const std::string& state : gone) quoted.push_back(numeric ? state : Quote(state));
  const std::string name = SqlName(column.name);
  const std::string list = Join(quoted, ", ");
  RowRule rule;
  rule.kind = role == TableRole::kFact ? RuleKind::kCancelled : RuleKind::kDeleted;
  rule.column = column.name;
  rule.keep = gone.size() == 1 ? name + " <> " + list : name + " NOT IN (" + list + ")";
  rule.drop = gone.size() == 1 ? name + " = " + list : name + " IN (" + list + ")";
  if (column.nullable) rule.keep = "(" + name + " IS NULL OR " + rule.keep + ")";
  rule.evidence = column.name + " = " + Join(words, ", ");
  rule.decides = false;
  return {rule};
}

bool IsTestName(std::string_view value) {
  if (value.find("テスト") != std::string_view::npos) return true;
  const std::string lower = ToLower(value);
  const auto is_letter = [&](std::size_t at) {
    return at < lower.size() && lower[at] >= 'a' && lower[at] <= 'z';
  };
  for (std::size_t at = lower.find("test"); at != std::string::npos;
       at = lower.find("test", at + 1)) {
    if ((at == 0 || !is_letter(at - 1)) && !is_letter(at + 4)) return true;
  }
  return false;
}

// Names such as テストショップ: few of them are test data, many are the business (a test school).
std::vector<RowRule> TestNameRules(const TableShape& table) {
  constexpr std::size_t kShareMin = 10;
  for (const ColumnShape& column : table.columns) {
    const std::vector<std::string> words = NameWords(column.name);
    if (column.type.kind != TypeKind::kVarchar || words.empty()) continue;
    if (!IsOneOf(words.back(), {"name", "title", "名", "名称", "店名"})) continue;
    const auto count = static_cast<std::size_t>(
        std::count_if(column.values.begin(), column.values.end(), IsTestName));
    if (count == 0 || count * kShareMin > column.values.size()) continue;
    const std::string match =
        "regexp_matches(" + SqlName(column.name) + ", 'テスト|(?i)(^|[^a-z])test([^a-z]|$)')";
    RowRule rule{RuleKind::kTest, column.name, "", match, "", false};
    rule.keep = column.nullable ? match + " IS NOT TRUE" : "NOT " + match;
    rule.evidence = column.name + " ~ テスト, test";
    return {rule};
  }
  return {};
}

void Append(std::vector<RowRule>* rules, std::vector<RowRule> more) {
  for (RowRule& rule : more) rules->push_back(std::move(rule));
}

}  // namespace

std::vector<RowRule> RecogniseRules(const TableShape& table, TableRole role) {
  std::vector<RowRule> rules;
  bool has_test_flag = false;
  for (const ColumnShape& column : table.columns) {
    const std::string name = FieldName(column.name);
    const bool countable = IsTime(column) || sql::IsInteger(column.type.kind);
    if (countable && name != "deleted" && IsDeletionStem(TimeStem(column.name), role)) {
      rules.push_back(TimeRule(column));
    } else if (!IsTime(column) && IsDeletionFlag(name)) {
      rules.push_back(FlagRule(RuleKind::kDeleted, column));
    } else if (!IsTime(column) && IsTestFlag(name)) {
      rules.push_back(FlagRule(RuleKind::kTest, column));
      has_test_flag = true;
    } else {
      Append(&rules, StateRules(column, role));
    }
  }
  if (!has_test_flag && role == TableRole::kEntity) Append(&rules, TestNameRules(table));
  return rules;
}

std::vector<std::pair<std::string, std::string>> CodesInComment(std::string_view comment) {
  std::vector<std::pair<std::string, std::string>> codes;
  const auto is_digit = [&](std::size_t at) {
    return at < comment.size() && comment[at] >= '0' && comment[at] <= '9';
  };
  static constexpr std::array<std::string_view, 5> kSigns = {":", "=", "：", "＝", "…"};
  static constexpr std::array<std::string_view, 12> kEnds = {
      " ", ",", "、", "，", "/", "／", ")", "）", "　", ";", "。", "・"};
  for (std::size_t at = 0; at < comment.size(); ++at) {
    if (!is_digit(at) || (at > 0 && is_digit(at - 1))) continue;
    std::size_t end = at;
    while (is_digit(end)) ++end;
    std::size_t meaning = end;
    for (const std::string_view sign : kSigns) {
      if (comment.substr(end).starts_with(sign)) meaning = end + sign.size();
    }
    if (meaning == end) continue;
    while (meaning < comment.size() && comment[meaning] == ' ') ++meaning;
    std::size_t stop = comment.size();
    for (const std::string_view sign : kEnds) stop = std::min(stop, comment.find(sign, meaning));
    if (stop > meaning) {
      codes.emplace_back(comment.substr(at, end - at), comment.substr(meaning, stop - meaning));
    }
    at = std::max(stop, at + 1) - 1;
  }
  return codes;
}

}  // namespace kura::advise
