// warehouse/value_text.h: exact texts of values that no C++ number or date holds. The forms are
// those of DuckDB's own casts to VARCHAR.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "warehouse/batch.h"

namespace kura::warehouse {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

/// Prints a scaled integer: (-1205, 2) → "-12.05".
std::string DecimalText(Int128 scaled, int scale);
std::string UnsignedText(UInt128 value);

/// Prints "12:34:56", with a fraction when there is one.
std::string TimeText(Micros of_day);

/// Prints "1 year 2 months -3 days 04:05:06"; nothing at all is "00:00:00".
std::string IntervalText(const Interval& interval);

/// Prints an UUID from DuckDB's form, whose highest bit is flipped so that it sorts.
std::string UuidText(Int128 stored);

/// Reads an UUID into DuckDB's form; false when `text` is none.
bool ParseUuid(std::string_view text, Int128* stored);

/// Prints bytes with \xNN for all but plain ASCII.
std::string BlobText(std::string_view bytes);

}  // namespace kura::warehouse
