// String and yesno filters. A term is cut out with its escapes first, then classified by where its
// unescaped percent signs and underscores stand.
#include <fmt/core.h>

#include "base/text.h"
#include "query/filter.h"

namespace kura::query {
namespace {

// One character of a term: `plain` when it was escaped or quoted and so has no special meaning.
struct Letter {
  char byte;
  bool plain;
};

struct Cut {
  std::vector<Letter> letters;
  bool quoted = false;
  std::size_t end = 0;  // behind the term: a comma or the text's end
};

std::optional<FilterError> CutQuoted(std::string_view text, std::size_t at, Cut* cut) {
  const std::size_t open = at++;
  for (; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    cut->letters.push_back({text[at], true});
  }
  if (at == text.size()) {
    return FilterError{open, text.size(), "the quoted text has no end", "close it with \""};
  }
  ++at;
  while (at < text.size() && text[at] == ' ') ++at;
  if (at < text.size() && text[at] != ',') {
    return FilterError{at, text.size(), "text behind the closing quote", "separate by a comma"};
  }
  cut->quoted = true;
  cut->end = at;
  return std::nullopt;
}

// Cuts until the next unescaped comma and drops unescaped spaces at both ends.
std::optional<FilterError> CutTerm(std::string_view text, std::size_t at, Cut* cut) {
  while (at < text.size() && text[at] == ' ') ++at;
  if (at < text.size() && text[at] == '"') return CutQuoted(text, at, cut);
  for (; at < text.size() && text[at] != ','; ++at) {
    const bool escape = text[at] == '^';
    if (escape && at + 1 == text.size()) {
      return FilterError{at, at + 1, "^ stands before nothing", "write ^^ for a ^"};
    }
    if (escape) ++at;
    cut->letters.push_back({text[at], escape});
  }
  while (!cut->letters.empty() && cut->letters.back().byte == ' ' && !cut->letters.back().plain) {
    cut->letters.pop_back();
  }
  cut->end = at;
  return std::nullopt;
}

std::string Plain(const std::vector<Letter>& letters, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) out += letters[i].byte;
  return out;
}

// The term as a LIKE pattern with ^ as its escape.
std::string Pattern(const std::vector<Letter>& letters) {
  std::string out;
  for (const Letter& letter : letters) {
    const bool special = letter.byte == '%' || letter.byte == '_' || letter.byte == '^';
    if (special && (letter.plain || letter.byte == '^')) out += '^';
    out += letter.byte;
  }
  return out;
}

StringTerm Classify(const std::vector<Letter>& letters) {
  using Kind = StringTerm::Kind;
  const auto wild = [&](std::size_t i) { return letters[i].byte == '%' && !letters[i].plain; };
  const std::size_t size = letters.size();
  bool inner = false;
  for (std::size_t i = 0; i < size; ++i) {
    if (letters[i].byte == '_' && !letters[i].plain) inner = true;
    if (wild(i) && i > 0 && i + 1 < size) inner = true;
  }
  const bool head = size > 0 && wild(0);
  const bool tail = size > 0 && wild(size - 1);
  if (inner || (size == 1 && head)) return {Kind::kLike, Pattern(letters)};
  if (head && tail) return {Kind::kContains, Plain(letters, 1, size - 1)};
  if (head) return {Kind::kEndsWith, Plain(letters, 1, size)};
  if (tail) return {Kind::kStartsWith, Plain(letters, 0, size - 1)};
  return {Kind::kEquals, Plain(letters, 0, size)};
}

// EMPTY and NULL are words only when nothing in them is escaped or quoted.
StringTerm ReadTerm(const Cut& cut) {
  bool plain = cut.quoted;
  for (const Letter& letter : cut.letters) plain = plain || letter.plain;
  const std::string word = Plain(cut.letters, 0, cut.letters.size());
  if (!plain && EqualsIgnoreCase(word, "EMPTY")) return {StringTerm::Kind::kEmpty, ""};
  if (!plain && EqualsIgnoreCase(word, "NULL")) return {StringTerm::Kind::kNull, ""};
  if (cut.quoted) return {StringTerm::Kind::kEquals, word};
  return Classify(cut.letters);
}

}  // namespace

Parsed<StringFilter> ParseStringFilter(std::string_view text) {
  StringFilter filter;
  if (Trim(text).empty()) return filter;
  std::size_t at = 0;
  for (std::size_t terms = 0; at <= text.size(); ++terms) {
    if (terms == kFilterTermsMax) {
      return FilterError{at, text.size(), fmt::format("more than {} terms", terms), ""};
    }
    while (at < text.size() && text[at] == ' ') ++at;
    const bool negative = at < text.size() && text[at] == '-';
    Cut cut;
    if (auto error = CutTerm(text, negative ? at + 1 : at, &cut)) return *error;
    if (cut.letters.empty() && !cut.quoted && negative) {
      return FilterError{at, at + 1, "- stands before nothing", "write ^- for a text with a minus"};
    }
    if (!cut.letters.empty() || cut.quoted) {
      (negative ? filter.exclude : filter.include).push_back(ReadTerm(cut));
    }
    at = cut.end + 1;
  }
  return filter;
}

Parsed<YesNoFilter> ParseYesNoFilter(std::string_view text) {
  const std::string_view word = Trim(text);
  if (word.empty()) return YesNoFilter{};
  if (EqualsIgnoreCase(word, "yes") || EqualsIgnoreCase(word, "true")) return YesNoFilter{true};
  if (EqualsIgnoreCase(word, "no") || EqualsIgnoreCase(word, "false")) return YesNoFilter{false};
  return FilterError{0, text.size(), fmt::format("'{}' is neither Yes nor No", word), ""};
}

}  // namespace kura::query
