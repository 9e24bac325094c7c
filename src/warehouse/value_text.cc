// Texts of numbers beyond 64 bits, intervals, UUIDs and bytes.
#include "warehouse/value_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

namespace kura::warehouse {
namespace {

constexpr std::size_t kUuidDigits = 32;
constexpr UInt128 kHighestBit = UInt128{1} << 127;

UInt128 Magnitude(Int128 value) {
  return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

// Appends "3 days " and the like; nothing for 0.
void AppendUnit(std::string& out, std::int64_t count, std::string_view unit) {
  if (count == 0) return;
  out += fmt::format("{} {}{} ", count, unit, count == 1 || count == -1 ? "" : "s");
}

// ".5" for half a second; nothing for a whole one.
std::string FractionText(std::uint64_t micros) {
  if (micros == 0) return {};
  std::string out = fmt::format(".{:06}", micros);
  out.resize(out.find_last_not_of('0') + 1);
  return out;
}

// "12:34:56.5"; the hours may be more than a day's.
std::string ClockText(std::uint64_t micros) {
  const std::uint64_t seconds = micros / kMicrosPerSecond;
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60) +
         FractionText(micros % kMicrosPerSecond);
}

int HexValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const int lower = std::tolower(static_cast<unsigned char>(digit));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool IsUuidDash(std::size_t digits) {
  return digits == 8 || digits == 12 || digits == 16 || digits == 20;
}

}  // namespace

std::string UnsignedText(UInt128 value) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string DecimalText(Int128 scaled, int scale) {
  std::string digits = UnsignedText(Magnitude(scaled));
  if (scale > 0) {
    const auto places = static_cast<std::size_t>(scale);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  if (scaled < 0) digits.insert(0, 1, '-');
  return digits;
}

std::string TimeText(Micros of_day) {
  return ClockText(static_cast<std::uint64_t>(of_day));
}

std::string IntervalText(const Interval& interval) {
  std::string out;
  AppendUnit(out, interval.months / 12, "year");
  AppendUnit(out, interval.months % 12, "month");
  AppendUnit(out, interval.days, "day");
  if (interval.micros == 0 && !out.empty()) {
    out.pop_back();
    return out;
  }
  if (interval.micros >= 0) return out + TimeText(interval.micros);
  // The least micros has no positive twin, so the sign is taken off the parts.
  const auto magnitude = std::uint64_t{0} - static_cast<std::uint64_t>(interval.micros);
  return out + "-" + ClockText(magnitude);
}

std::string UuidText(Int128 stored) {
  const UInt128 value = static_cast<UInt128>(stored) ^ kHighestBit;
  std::string out;
  for (std::size_t digit = 0; digit < kUuidDigits; ++digit) {
    if (IsUuidDash(digit)) out.push_back('-');
    const auto nibble = static_cast<std::size_t>(value >> (4 * (kUuidDigits - 1 - digit)) & 0xF);
    out.push_back("0123456789abcdef"[nibble]);
  }
  return out;
}

bool ParseUuid(std::string_view text, Int128* stored) {
  UInt128 value = 0;
  std::size_t digits = 0;
  for (const char character : text) {
    if (character == '-') continue;
    const int nibble = HexValue(character);
    if (nibble < 0 || ++digits > kUuidDigits) return false;
    value = value << 4 | static_cast<UInt128>(nibble);
  }
  *stored = static_cast<Int128>(value ^ kHighestBit);
  return digits == kUuidDigits;
}

std::string BlobText(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char byte : bytes) {
    const bool plain = byte >= ' ' && byte <= '~' && byte != '\\' && byte != '\'' && byte != '"';
    if (plain) {
      out.push_back(byte);
    } else {
      out += fmt::format("\\x{:02X}", static_cast<unsigned char>(byte));
    }
  }
  return out;
}

}  // namespace kura::warehouse
