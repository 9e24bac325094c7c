// execute/value_format.h: numbers as people read them: LookML's value_format_name and the common
// part of value_format (spreadsheet patterns such as "#,##0.00" or "0.0%").
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "warehouse/warehouse.h"

namespace kura::execute {

/// How a number is printed.
struct NumberFormat {
  std::string prefix;
  std::string suffix;
  bool group = true;
  int decimals = 0;      // -1: as many as the value has
  bool percent = false;  // the value is a share of 1
};

/// The format of a name ("decimal_1", "percent_0", "usd", "id"); empty for unknown names.
std::optional<NumberFormat> NamedFormat(std::string_view name);

/// The format of a pattern; empty when it uses what is not understood, so that no wrong number is
/// shown.
std::optional<NumberFormat> PatternFormat(std::string_view pattern);

/// Prints a number (integer, double, or exact decimal text), rounded half away from zero. Decimal
/// text is never computed in floating point. Empty when `value` is no number.
std::optional<std::string> FormatNumber(const warehouse::Value& value, const NumberFormat& format);

/// Prints a number exactly as it is: the shortest digits of a double (of a float when the column
/// is one), decimal text unchanged.
std::string PlainNumber(const warehouse::Value& value, bool is_float = false);

}  // namespace kura::execute
