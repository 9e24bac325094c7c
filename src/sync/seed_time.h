// sync/seed_time.h: dates and times as people and spreadsheets write them with the year first;
// everything else (4/1/2026, H30.4.1) could mean two things and is no date.
#pragma once
#include <string>
#include <string_view>

#include "base/time.h"

namespace kura::sync {

enum class TimeForm { kNone, kDate, kTimestamp, kInstant };

/// What a text says. With a problem ("is not a day of the calendar") it has a form but no time.
struct ScannedTime {
  TimeForm form = TimeForm::kNone;
  Micros local = 0;   // on its wall clock
  Micros offset = 0;  // of the wall clock from UTC; kInstant only
  std::string problem;
};

/// Reads 2026-04-01 or 2026/4/1, behind it a T or a space and 9:00, 09:00:00 or 09:00:00.123456,
/// behind that Z or +09:00.
ScannedTime ScanTime(std::string_view text);

}  // namespace kura::sync
