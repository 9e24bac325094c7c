// schedule/cron.h: "30 4 * * *" in a time zone: when something is due next. Pure.
#pragma once
#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace kura::schedule {

/// Five fields (minute, hour, day of month, month, day of week) as crontab(5) has them: lists,
/// ranges, steps, names of months and weekdays, 0 and 7 for Sunday. When both day fields are
/// restricted, either one is enough.
class Cron {
 public:
  /// Errors: kInvalid, naming the field.
  static Result<Cron> Parse(std::string_view text);

  /// The first instant after `after` that matches in `zone`; none when there is none within eight
  /// years ("0 0 30 2 *"). A time that a clock change skips is due when the clock jumps, one that
  /// it repeats is due once, at its first time.
  std::optional<Micros> Next(Micros after, const Zone& zone) const;

 private:
  bool DayMatches(Days day) const;
  std::optional<Micros> NextOnDay(Days day, Micros after, const Zone& zone) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;  // 0 = Sunday
  bool any_day_ = true;      // the field begins with *
  bool any_weekday_ = true;
};

}  // namespace kura::schedule
