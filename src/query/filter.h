// query/filter.h: filter expressions (LookML's little languages) as plain data. A parse error says
// where in the text it is; what a column then is compared with is query/condition.h's business.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "query/period.h"

namespace kura::query {

/// Where a text stopped being an expression, and what was expected there.
struct FilterError {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string message;
  std::string hint;
};

template <typename T>
using Parsed = std::variant<T, FilterError>;

inline constexpr std::size_t kFilterTermsMax = 10'000;

/// One term of a string filter.
struct StringTerm {
  enum class Kind { kEquals, kContains, kStartsWith, kEndsWith, kLike, kEmpty, kNull };
  Kind kind = Kind::kEquals;
  std::string text;  // kLike: a pattern with % and _, escaped by ^
};

/// Any of `include` (all when empty) and none of `exclude`.
struct StringFilter {
  std::vector<StringTerm> include;
  std::vector<StringTerm> exclude;
};

/// A number as its digits.
struct NumberBound {
  std::string digits;
  bool inclusive = true;
};

/// A stretch of numbers, one number (both bounds equal), or NULL.
struct NumberRange {
  std::optional<NumberBound> low;
  std::optional<NumberBound> high;
  bool is_null = false;
};

/// Any of `include` (all when empty) and none of `exclude`.
struct NumberFilter {
  std::vector<NumberRange> include;
  std::vector<NumberRange> exclude;
};

/// Local times [begin, end), open where there is no value.
struct DateRange {
  std::optional<Micros> begin;
  std::optional<Micros> end;
};

/// Any of the ranges, or NULL, or (alone) not NULL; none of them: any value.
struct DateFilter {
  std::vector<DateRange> ranges;
  bool is_null = false;
  bool not_null = false;

  /// The smallest range that holds all of them.
  DateRange Hull() const;
};

/// "" (any), Yes or No.
struct YesNoFilter {
  std::optional<bool> value;
};

/// Reads `FOO`, `%FOO%`, `-FOO`, `EMPTY`, `NULL`, `"a,b"`, with ^ before special characters.
Parsed<StringFilter> ParseStringFilter(std::string_view text);

/// Reads `5`, `NOT 5`, `>=5 AND <90`, `5 to 10`, `[1,100)`, `NULL` and comma lists of them.
Parsed<NumberFilter> ParseNumberFilter(std::string_view text);

/// Reads `90 days`, `last month`, `2026-11`, `2026-11-01 to 2026-11-10`, `before 3 days ago`, …
/// with `now` as local time. "n units" is the current unit and the n-1 before it; "this year to
/// day" ends where today begins; a weekday is the latest one, today included.
Parsed<DateFilter> ParseDateFilter(std::string_view text, Micros now, const CalendarRules& rules);

/// Reads `Yes` or `No` without regard to case.
Parsed<YesNoFilter> ParseYesNoFilter(std::string_view text);

}  // namespace kura::query
