// base/time.h: instants, civil dates and time zones as integers. An instant is microseconds since
// 1970-01-01T00:00:00Z; a local time is the same count on a wall clock; a date is days since 1970.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kura {

using Micros = std::int64_t;
using Days = std::int32_t;

inline constexpr Micros kMicrosPerSecond = 1'000'000;
inline constexpr Micros kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr Micros kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr Micros kMicrosPerDay = 24 * kMicrosPerHour;

/// A proleptic Gregorian date.
struct CivilDate {
  int year = 1970;
  int month = 1;  // 1–12
  int day = 1;    // 1–31
};

/// Converts between the two forms of a date; `day` may run over the month's end in ToDays.
Days ToDays(const CivilDate& date);
CivilDate ToCivil(Days days);

/// The number of days in a month.
int DaysInMonth(int year, int month);

/// 0 = Monday … 6 = Sunday.
int WeekdayIndex(Days days);

/// The day that contains a local time (floor, also before 1970).
Days DayOf(Micros local);

/// Prints "2026-11-25"; years beyond 9999 or below 0 print with their sign.
std::string FormatDate(Days days);

/// Prints "2026-11-25 04:34:10", with a fraction of six digits only when there is one.
std::string FormatDateTime(Micros local);

/// Prints "2026-11-25T04:34:10Z" (ISO 8601), with a fraction only when there is one.
std::string FormatInstant(Micros utc);

/// Reads "YYYY-MM-DD". Errors: kInvalid.
Result<Days> ParseDate(std::string_view text);

/// Reads "YYYY-MM-DD", "YYYY-MM-DD HH:MM[:SS[.ffffff]]" (T for the space too) as a local time.
/// Errors: kInvalid.
Result<Micros> ParseDateTime(std::string_view text);

/// Reads ISO 8601 with an offset or Z as an instant; without one the text is UTC. Errors: kInvalid.
Result<Micros> ParseInstant(std::string_view text);

/// A time zone of the system's tzdata. Copies are cheap; the data lives as long as the process.
class Zone {
 public:
  /// Finds "Asia/Tokyo", "UTC", … Errors: kNotFound.
  static Result<Zone> Find(std::string_view name);
  static Zone Utc();

  const std::string& name() const { return name_; }

  /// Microseconds to add to an instant for its local time.
  Micros OffsetAt(Micros utc) const;
  Micros ToLocal(Micros utc) const { return utc + OffsetAt(utc); }

  /// The instant of a local time: the earlier one when it happens twice, and for a time that is
  /// skipped the instant of the jump, so that days begin where the clock first shows them.
  Micros ToUtc(Micros local) const;

  /// A stretch of time with one offset: [begin, end) in UTC.
  struct Piece {
    Micros begin = 0;
    Micros end = 0;
    Micros offset = 0;
  };
  /// The pieces that cover [begin, end), in order, neighbours with equal offsets merged.
  std::vector<Piece> PiecesBetween(Micros begin, Micros end) const;

 private:
  Zone(std::string name, const void* data) : name_(std::move(name)), data_(data) {}
  std::string name_;
  const void* data_ = nullptr;
};

}  // namespace kura
