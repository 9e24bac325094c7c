// Date filters by recursive descent over words. Every alternative becomes a half-open range of
// local time, computed now, so that SQL holds only literals.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "query/filter.h"

namespace kura::query {
namespace {

struct Word {
  std::string text;  // lower case
  std::size_t begin = 0;
  std::size_t end = 0;
};

constexpr std::string_view kHint =
    "for example: 90 days, last month, this year, 2026-11, 2026-11-01 to 2026-11-10, before 3 days "
    "ago, NULL";

constexpr std::int64_t kCountMax = 100'000;

class Parser {
 public:
  Parser(std::string_view text, Micros now, const CalendarRules& rules)
      : text_(text), now_(now), rules_(rules) {}

  Parsed<DateFilter> Parse();

 private:
  bool ParseTerm(DateFilter* filter);
  bool ParseRange(DateRange* range);
  bool ParseRelative(DateRange* range);
  bool ParseCounted(std::int64_t count, DateRange* range);
  bool ParseThis(DateRange* range);
  bool ParseNext(bool next, DateRange* range);
  bool ParseAbsolute(DateRange* range);
  bool ParsePeriod(const Word& word, DateRange* range);
  bool ParseDayAndTime(const Word& word, DateRange* range);
  bool ParseFor(DateRange* range);
  bool From(const DateRange& start, DateRange* range) {
    *range = start;
    return ParseFor(range);
  }
  bool ParseUnit(Unit* unit);
  bool ParseCount(std::int64_t* count);
  bool ParseWeekday(DateRange* range);
  bool Fails(std::string message);

  bool Done() const { return at_ == words_.size() || words_[at_].text == ","; }
  bool Take(std::string_view word);
  Micros Truncate(Unit unit) const { return TruncateTo(unit, now_, rules_); }
  DateRange UnitRange(Unit unit, std::int64_t offset, std::int64_t length = 1) const {
    const Micros begin = AddUnits(unit, Truncate(unit), offset);
    return {begin, AddUnits(unit, begin, length)};
  }
  void Cut();

  std::string_view text_;
  Micros now_;
  CalendarRules rules_;
  std::vector<Word> words_;
  std::size_t at_ = 0;
  FilterError error_;
};

void Parser::Cut() {
  std::size_t at = 0;
  while (at < text_.size()) {
    if (text_[at] == ' ' || text_[at] == '\t') {
      ++at;
      continue;
    }
    const std::size_t begin = at++;
    if (text_[begin] != ',') {
      while (at < text_.size() && text_[at] != ' ' && text_[at] != '\t' && text_[at] != ',') ++at;
    }
    words_.push_back({ToLower(text_.substr(begin, at - begin)), begin, at});
  }
}

bool Parser::Fails(std::string message) {
  if (at_ < words_.size()) {
    error_ = {words_[at_].begin, words_[at_].end, std::move(message), std::string(kHint)};
  } else {
    error_ = {text_.size(), text_.size() + 1, std::move(message), std::string(kHint)};
  }
  return false;
}

bool Parser::Take(std::string_view word) {
  if (at_ == words_.size() || words_[at_].text != word) return false;
  ++at_;
  return true;
}

bool Parser::ParseCount(std::int64_t* count) {
  if (at_ == words_.size() || !ParseInt(words_[at_].text, count)) return false;
  const std::string& digits = words_[at_].text;
  if (digits[0] < '0' || digits[0] > '9') return false;
  ++at_;
  return true;
}

bool Parser::ParseUnit(Unit* unit) {
  using Named = std::pair<std::string_view, Unit>;
  constexpr std::array kUnits = std::to_array<Named>({{"second", Unit::kSecond},
                                                      {"minute", Unit::kMinute},
                                                      {"hour", Unit::kHour},
                                                      {"day", Unit::kDay},
                                                      {"week", Unit::kWeek},
                                                      {"month", Unit::kMonth},
                                                      {"quarter", Unit::kQuarter},
                                                      {"year", Unit::kYear}});
  const bool fiscal = Take("fiscal");
  if (at_ == words_.size()) return Fails("expected a unit such as days or months");
  std::string_view word = words_[at_].text;
  if (word.ends_with('s')) word.remove_suffix(1);
  for (const Named& named : kUnits) {
    if (named.first != word) continue;
    if (fiscal && named.second < Unit::kQuarter) break;
    *unit = named.second;
    if (fiscal) *unit = named.second == Unit::kYear ? Unit::kFiscalYear : Unit::kFiscalQuarter;
    ++at_;
    return true;
  }
  return Fails(fmt::format("'{}' is no unit of time", words_[at_].text));
}

// `… for 3 days`: a length that replaces the range's own.
bool Parser::ParseFor(DateRange* range) {
  if (!Take("for")) return true;
  std::int64_t count = 0;
  Unit unit = Unit::kDay;
  if (!ParseCount(&count) || count > kCountMax) return Fails("expected a number of units");
  if (!ParseUnit(&unit)) return false;
  range->end = AddUnits(unit, *range->begin, count);
  return true;
}

// `3 days`, `3 days ago [for …]`, `3 days from now [for …]`, behind the number.
bool Parser::ParseCounted(std::int64_t count, DateRange* range) {
  Unit unit = Unit::kDay;
  if (count > kCountMax) {
    --at_;
    return Fails("the number is too large");
  }
  if (!ParseUnit(&unit)) return false;
  if (Take("ago")) {
    *range = UnitRange(unit, -count);
    return ParseFor(range);
  }
  if (Take("from")) {
    if (!Take("now")) return Fails("expected 'now'");
    *range = UnitRange(unit, count);
    return ParseFor(range);
  }
  if (count == 0) return Fails("0 units are no time");
  *range = UnitRange(unit, 1 - count, count);
  return true;
}

// `this year`, `this year to day`, behind `this`.
bool Parser::ParseThis(DateRange* range) {
  Unit unit = Unit::kDay;
  if (!ParseUnit(&unit)) return false;
  *range = UnitRange(unit, 0);
  if (!Take("to")) return true;
  Unit until = Unit::kDay;
  if (!ParseUnit(&until)) return false;
  range->end = std::max(*range->begin, Truncate(until));
  return true;
}

// `last 3 months`, `last month`, `next quarter`: whole units before or behind the current one.
bool Parser::ParseNext(bool next, DateRange* range) {
  std::int64_t count = 1;
  ParseCount(&count);
  Unit unit = Unit::kDay;
  if (count == 0 || count > kCountMax) return Fails("expected a number of units from 1");
  if (!ParseUnit(&unit)) return false;
  *range = UnitRange(unit, next ? 1 : -count, count);
  return true;
}

bool Parser::ParseWeekday(DateRange* range) {
  constexpr std::array<std::string_view, 7> kNames = {
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  for (int i = 0; i < 7; ++i) {
    if (!Take(kNames[static_cast<std::size_t>(i)])) continue;
    const Days today = DayOf(now_);
    *range = UnitRange(Unit::kDay, -((WeekdayIndex(today) - i + 7) % 7));
    return true;
  }
  return false;
}

bool Parser::ParseRelative(DateRange* range) {
  std::int64_t count = 0;
  const std::size_t before = at_;
  // "2026" alone is a year, "2026 days" a number of days.
  if (ParseCount(&count)) {
    if (!Done() && words_[at_].text != "to" && words_[at_].text != "for") {
      return ParseCounted(count, range);
    }
    at_ = before;
    return ParseAbsolute(range) && ParseFor(range);
  }
  if (Take("today")) return From(UnitRange(Unit::kDay, 0), range);
  if (Take("yesterday")) return From(UnitRange(Unit::kDay, -1), range);
  if (Take("tomorrow")) return From(UnitRange(Unit::kDay, 1), range);
  if (Take("now")) return From(UnitRange(Unit::kSecond, 0), range);
  if (Take("this")) return ParseThis(range);
  if (Take("last")) return ParseNext(false, range);
  if (Take("next")) return ParseNext(true, range);
  if (ParseWeekday(range)) return ParseFor(range);
  return ParseAbsolute(range) && ParseFor(range);
}

// "2026", "2026-11", "2026-q1", "fy2026", "fy2026-q1".
bool Parser::ParsePeriod(const Word& word, DateRange* range) {
  std::string_view text = word.text;
  const bool fiscal = text.starts_with("fy");
  if (fiscal) text.remove_prefix(2);
  std::int64_t year = 0;
  if (text.size() < 4 || !ParseInt(text.substr(0, 4), &year) || year < 1) return false;
  const std::string_view rest = text.substr(4);
  const int first = fiscal ? rules_.fiscal_month_offset : 0;
  const Micros begin = Micros{ToDays({static_cast<int>(year), 1, 1})} * kMicrosPerDay;
  std::int64_t month = 0;
  Unit unit = Unit::kYear;
  std::int64_t offset = first;
  if (rest.size() == 3 && rest[1] == 'q' && rest[2] >= '1' && rest[2] <= '4') {
    unit = Unit::kQuarter;
    offset += 3 * (rest[2] - '1');
  } else if (rest.size() == 3 && !fiscal && ParseInt(rest.substr(1), &month)) {
    if (month < 1 || month > 12) return false;
    unit = Unit::kMonth;
    offset = month - 1;
  } else if (!rest.empty()) {
    return false;
  }
  if (!rest.empty() && rest[0] != '-' && rest[0] != '/') return false;
  range->begin = AddUnits(Unit::kMonth, begin, offset);
  range->end = AddUnits(unit, *range->begin, 1);
  return true;
}

// "2026-11-24", with a time behind it as the next word or after a T.
bool Parser::ParseDayAndTime(const Word& word, DateRange* range) {
  std::string text = ReplaceAll(word.text, "/", "-");
  const std::size_t t = text.find('t');
  Unit unit = Unit::kDay;
  if (t != std::string::npos) text[t] = ' ';
  std::size_t used = 1;
  if (t == std::string::npos && at_ + 1 < words_.size() &&
      words_[at_ + 1].text.find(':') != std::string::npos) {
    text += " " + words_[at_ + 1].text;
    used = 2;
  }
  const auto colons = std::count(text.begin(), text.end(), ':');
  if (colons == 1) unit = Unit::kMinute;
  if (colons > 1) unit = Unit::kSecond;
  const Result<Micros> local = ParseDateTime(text);
  if (!local) return Fails(local.error().message);
  at_ += used;
  range->begin = *local;
  range->end = AddUnits(unit, *local, 1);
  return true;
}

bool Parser::ParseAbsolute(DateRange* range) {
  if (Done()) return Fails("expected a date or a time");
  const Word& word = words_[at_];
  if (ParsePeriod(word, range)) {
    ++at_;
    return true;
  }
  const bool dated = word.text.size() >= 10 && word.text[0] >= '0' && word.text[0] <= '9';
  if (!dated) return Fails(fmt::format("'{}' is no date that Kura knows", word.text));
  return ParseDayAndTime(word, range);
}

// A relative or absolute range, and `A to B`.
bool Parser::ParseRange(DateRange* range) {
  if (!ParseRelative(range)) return false;
  if (!Take("to")) return true;
  DateRange until;
  const std::size_t place = at_;
  if (!ParseRelative(&until)) return false;
  if (*until.begin < *range->begin) {
    at_ = place;
    return Fails("the range ends before it begins");
  }
  range->end = until.begin;
  return true;
}

bool Parser::ParseTerm(DateFilter* filter) {
  if (Take("null")) {
    filter->is_null = true;
    return true;
  }
  if (Take("not")) {
    if (!Take("null")) return Fails("expected NULL behind NOT");
    filter->not_null = true;
    return true;
  }
  DateRange range;
  const bool before = Take("before");
  const bool after = !before && Take("after");
  if (!(before || after ? ParseRelative(&range) : ParseRange(&range))) return false;
  if (before) range = {std::nullopt, range.begin};
  if (after) range = {range.begin, std::nullopt};
  filter->ranges.push_back(range);
  return true;
}

Parsed<DateFilter> Parser::Parse() {
  DateFilter filter;
  Cut();
  if (words_.empty()) return filter;
  do {
    if (filter.ranges.size() >= kFilterTermsMax) {
      Fails("too many terms");
      return error_;
    }
    if (!ParseTerm(&filter)) return error_;
  } while (Take(","));
  if (at_ != words_.size()) {
    Fails(fmt::format("'{}' was not expected here", words_[at_].text));
    return error_;
  }
  return filter;
}

}  // namespace

DateRange DateFilter::Hull() const {
  if (ranges.empty()) return {};
  DateRange hull = ranges.front();
  for (const DateRange& range : ranges) {
    if (!range.begin || (hull.begin && *range.begin < *hull.begin)) hull.begin = range.begin;
    if (!range.end || (hull.end && *range.end > *hull.end)) hull.end = range.end;
  }
  return hull;
}

Parsed<DateFilter> ParseDateFilter(std::string_view text, Micros now, const CalendarRules& rules) {
  return Parser(text, now, rules).Parse();
}

}  // namespace kura::query
