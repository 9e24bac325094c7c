// Number filters by recursive descent. Digits stay text, so 64-bit keys are compared exactly.
#include <fmt/core.h>

#include "base/text.h"
#include "query/filter.h"

namespace kura::query {
namespace {

// One comma-separated item; `negated` by NOT, <> or !=; `plain` for a number alone.
struct Item {
  std::vector<NumberRange> ranges;
  bool negated = false;
  bool plain = false;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Parsed<NumberFilter> Parse();

 private:
  bool ParseItem(Item* item);
  bool ParseComparison(NumberRange* range);
  bool ParseInterval(NumberRange* range);
  bool ParseNumberOrRange(Item* item);
  bool ParseNumber(std::string* digits);
  bool ParseBound(std::string* digits);
  bool Fails(std::string message, std::string hint = "");

  void Skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool Take(std::string_view symbol);
  bool TakeWord(std::string_view word);
  bool PeekWord(std::string_view word) const;

  std::string_view text_;
  std::size_t at_ = 0;
  FilterError error_;
};

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool Parser::Fails(std::string message, std::string hint) {
  error_ = {at_, std::max(text_.size(), at_ + 1), std::move(message), std::move(hint)};
  return false;
}

bool Parser::Take(std::string_view symbol) {
  Skip();
  if (!text_.substr(at_).starts_with(symbol)) return false;
  at_ += symbol.size();
  return true;
}

bool Parser::PeekWord(std::string_view word) const {
  const std::string_view rest = text_.substr(at_);
  if (rest.size() < word.size() || !EqualsIgnoreCase(rest.substr(0, word.size()), word)) {
    return false;
  }
  return rest.size() == word.size() || !IsWordByte(rest[word.size()]);
}

bool Parser::TakeWord(std::string_view word) {
  Skip();
  if (!PeekWord(word)) return false;
  at_ += word.size();
  return true;
}

// A number as SQL reads it too: digits, one point, an exponent.
bool Parser::ParseNumber(std::string* digits) {
  Skip();
  const std::size_t begin = at_;
  std::size_t at = at_;
  const auto digit = [&] { return at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; };
  if (at < text_.size() && (text_[at] == '-' || text_[at] == '+')) ++at;
  const std::size_t first = at;
  while (digit()) ++at;
  std::size_t count = at - first;
  if (at < text_.size() && text_[at] == '.') {
    ++at;
    const std::size_t fraction = at;
    while (digit()) ++at;
    count += at - fraction;
  }
  if (count == 0 || count > 100) return Fails("expected a number");
  if (at < text_.size() && IsWordByte(text_[at])) return Fails("expected a number");
  at_ = at;
  *digits = std::string(text_.substr(begin, at - begin));
  if (digits->front() == '+') digits->erase(0, 1);
  return true;
}

// A bound of an interval: empty for nothing, inf and -inf.
bool Parser::ParseBound(std::string* digits) {
  Skip();
  digits->clear();
  if (TakeWord("inf") || TakeWord("-inf") || TakeWord("+inf")) return true;
  if (at_ < text_.size() && (text_[at_] == ',' || text_[at_] == ')' || text_[at_] == ']')) {
    return true;
  }
  return ParseNumber(digits);
}

bool Parser::ParseInterval(NumberRange* range) {
  const bool low_inclusive = Take("[");
  if (!low_inclusive) Take("(");
  std::string low;
  std::string high;
  if (!ParseBound(&low)) return false;
  if (!Take(",")) return Fails("expected ',' between the bounds of the interval");
  if (!ParseBound(&high)) return false;
  const bool high_inclusive = Take("]");
  if (!high_inclusive && !Take(")")) return Fails("expected ')' or ']' at the interval's end");
  if (low.empty() && high.empty()) return Fails("the interval has no bounds");
  if (!low.empty()) range->low = NumberBound{low, low_inclusive};
  if (!high.empty()) range->high = NumberBound{high, high_inclusive};
  return true;
}

bool Parser::ParseComparison(NumberRange* range) {
  const bool greater = Take(">");
  if (!greater && !Take("<")) return Fails("expected a comparison");
  const bool inclusive = text_.substr(at_).starts_with("=");
  if (inclusive) ++at_;
  std::string digits;
  if (!ParseNumber(&digits)) return false;
  std::optional<NumberBound>& bound = greater ? range->low : range->high;
  if (bound) return Fails("the same side is bounded twice");
  bound = NumberBound{digits, inclusive};
  return true;
}

bool Parser::ParseNumberOrRange(Item* item) {
  NumberRange range;
  std::string digits;
  if (!TakeWord("to")) {
    if (!ParseNumber(&digits)) return false;
    range.low = NumberBound{digits, true};
    if (!TakeWord("to")) {
      range.high = range.low;
      item->plain = true;
      item->ranges.push_back(range);
      return true;
    }
    Skip();
    if (at_ == text_.size() || text_[at_] == ',') {
      item->ranges.push_back(range);
      return true;
    }
  }
  if (!ParseNumber(&digits)) return false;
  range.high = NumberBound{digits, true};
  item->ranges.push_back(range);
  return true;
}

bool Parser::ParseItem(Item* item) {
  item->negated = TakeWord("not") || Take("<>") || Take("!=");
  Skip();
  if (TakeWord("null")) {
    item->ranges.push_back({{}, {}, true});
    return true;
  }
  if (at_ == text_.size()) return Fails("expected a number");
  const char c = text_[at_];
  NumberRange range;
  if (c == '(' || c == '[') {
    if (!ParseInterval(&range)) return false;
    item->ranges.push_back(range);
    return true;
  }
  if (c != '<' && c != '>') return ParseNumberOrRange(item);
  if (!ParseComparison(&range)) return false;
  if (TakeWord("and") && !ParseComparison(&range)) return false;
  item->ranges.push_back(range);
  return true;
}

Parsed<NumberFilter> Parser::Parse() {
  NumberFilter filter;
  if (Trim(text_).empty()) return filter;
  std::vector<Item> items;
  do {
    Item item;
    if (!ParseItem(&item)) return error_;
    items.push_back(std::move(item));
    if (items.size() > kFilterTermsMax) {
      Fails(fmt::format("more than {} terms", kFilterTermsMax));
      return error_;
    }
  } while (Take(",") || TakeWord("or"));
  Skip();
  if (at_ != text_.size()) {
    Fails("expected ',' or the end",
          "numbers are filtered by 5, 1,3,5, >10, 5 to 10, [1,100), NOT 5 or NULL");
    return error_;
  }
  // Looker negates every plain number of a list as soon as one of them has a NOT.
  bool negate_plain = false;
  for (const Item& item : items) negate_plain = negate_plain || (item.plain && item.negated);
  for (const Item& item : items) {
    const bool negated = item.negated || (item.plain && negate_plain);
    std::vector<NumberRange>& target = negated ? filter.exclude : filter.include;
    target.insert(target.end(), item.ranges.begin(), item.ranges.end());
  }
  return filter;
}

}  // namespace

Parsed<NumberFilter> ParseNumberFilter(std::string_view text) {
  return Parser(text).Parse();
}

}  // namespace kura::query
