// English plurals are guessed by the rules that cover table names; a wrong guess costs a name that
// a person then changes.
#include "advise/names.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sql/dialect.h"

namespace kura::advise {
namespace {

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool IsLowerOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool IsNamePart(char c) {
  return IsUpper(c) || IsLowerOrDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::string JoinWords(const std::vector<std::string>& words, std::size_t from = 0) {
  std::string name;
  for (std::size_t i = from; i < words.size(); ++i) name += (i > from ? "_" : "") + words[i];
  return name;
}

bool IsReserved(std::string_view lower) {
  static constexpr std::array kReserved = {
      "all",          "and",       "any",        "array",     "as",      "asc",        "between",
      "both",         "case",      "cast",       "check",     "collate", "column",     "create",
      "default",      "desc",      "distinct",   "do",        "else",    "end",        "except",
      "false",        "fetch",     "for",        "foreign",   "from",    "grant",      "group",
      "having",       "in",        "initially",  "intersect", "into",    "is",         "join",
      "lateral",      "leading",   "left",       "like",      "limit",   "not",        "null",
      "offset",       "on",        "only",       "or",        "order",   "pivot",      "placing",
      "primary",      "qualify",   "references", "returning", "right",   "select",     "show",
      "some",         "summarize", "symmetric",  "table",     "then",    "to",         "trailing",
      "true",         "union",     "unique",     "unpivot",   "using",   "variadic",   "when",
      "where",        "window",    "with",       "describe",  "inner",   "outer",      "full",
      "cross",        "natural",   "asof",       "anti",      "semi",    "positional", "user",
      "current_date", "day",       "interval"};
  return std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end();
}

}  // namespace

std::vector<std::string> NameWords(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool part = IsNamePart(c);
    const bool hump = part && IsUpper(c) && i > 0 && IsLowerOrDigit(name[i - 1]);
    if ((!part || hump) && !word.empty()) {
      words.push_back(ToLower(word));
      word.clear();
    }
    if (part) word += c;
  }
  if (!word.empty()) words.push_back(ToLower(word));
  return words;
}

std::string FieldName(std::string_view name) {
  const std::string joined = JoinWords(NameWords(name));
  return joined.empty() ? "field" : joined;
}

std::string BareTableName(std::string_view table) {
  static constexpr std::array kPrefixes = {
      "t", "m", "tbl", "tb", "mst", "trn", "tran", "tr", "dtb", "mtb", "master"};
  const std::vector<std::string> words = NameWords(table);
  if (words.empty()) return "table";
  const bool prefixed =
      words.size() > 1 &&
      std::find(kPrefixes.begin(), kPrefixes.end(), words.front()) != kPrefixes.end();
  return JoinWords(words, prefixed ? 1 : 0);
}

std::string Singular(std::string_view name) {
  const auto without = [&](std::size_t end) { return std::string(name.substr(0, end)); };
  for (const std::string_view same : {"status", "news", "series", "address", "bonus", "campus"}) {
    if (name.ends_with(same)) return std::string(name);
  }
  if (name.ends_with("people")) return without(name.size() - 6) + "person";
  if (name.ends_with("children")) return without(name.size() - 3);
  if (name.ends_with("ies") && name.size() > 4) return without(name.size() - 3) + "y";
  for (const std::string_view ending : {"sses", "shes", "ches", "xes", "uses"}) {
    // "houses" and "causes" end like "statuses"; those end in "e".
    if (name.ends_with("uses") && !name.ends_with("tuses") && !name.ends_with("nuses")) break;
    if (name.ends_with(ending)) return without(name.size() - 2);
  }
  if (name.ends_with("s") && !name.ends_with("ss") && !name.ends_with("us") && name.size() > 2) {
    return without(name.size() - 1);
  }
  return std::string(name);
}

std::string Plural(std::string_view name) {
  std::string text(name);
  if (Singular(name) != name || text.empty()) return text;
  if (static_cast<unsigned char>(text.back()) >= 0x80) return text;
  if (name.ends_with("person")) return text.substr(0, text.size() - 6) + "people";
  for (const std::string_view same : {"news", "series"}) {
    if (name.ends_with(same)) return text;
  }
  const bool consonant =
      text.size() > 1 && std::string_view("aeiou").find(text[text.size() - 2]) == std::string::npos;
  if (name.ends_with("y") && consonant) return text.substr(0, text.size() - 1) + "ies";
  for (const std::string_view ending : {"s", "x", "z", "sh", "ch"}) {
    if (name.ends_with(ending)) return text + "es";
  }
  return text + "s";
}

std::string TimeStem(std::string_view name) {
  static constexpr std::array kTimeWords = {
      "at", "on", "date", "time", "datetime", "dt", "ts", "timestamp", "ymd"};
  std::vector<std::string> words = NameWords(name);
  if (words.size() > 1 &&
      std::find(kTimeWords.begin(), kTimeWords.end(), words.back()) != kTimeWords.end()) {
    words.pop_back();
  }
  std::string stem = JoinWords(words);
  for (const std::string_view ending : {"日時", "日"}) {
    if (!stem.ends_with(ending) || stem.size() == ending.size()) continue;
    stem.resize(stem.size() - ending.size());
    break;
  }
  return stem.empty() ? "time" : stem;
}

std::string SqlName(std::string_view name) {
  const bool begins =
      !name.empty() && (IsUpper(name[0]) || name[0] == '_' || (name[0] >= 'a' && name[0] <= 'z'));
  const bool plain = begins && std::all_of(name.begin(), name.end(), [](char c) {
                       return c == '_' || IsUpper(c) || IsLowerOrDigit(c);
                     });
  if (plain && !IsReserved(ToLower(name))) return std::string(name);
  return sql::QuoteName(sql::kDuckDb, name);
}

bool IsWritable(std::string_view name) {
  for (const std::string_view part : {"\"", ";;", "${", "{{", "{%", "@{", "\n"}) {
    if (name.find(part) != std::string_view::npos) return false;
  }
  return !name.empty();
}

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
    return EqualsIgnoreCase(candidate, name);
  });
}

}  // namespace kura::advise
