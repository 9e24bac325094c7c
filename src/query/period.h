// query/period.h: calendar arithmetic on local times: truncating to a unit and stepping by units.
// Filters, fill and lateness all count in these units.
#pragma once
#include <optional>
#include <string_view>

#include "base/time.h"
#include "lookml/model.h"

namespace kura::query {

enum class Unit {
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kFiscalQuarter,
  kFiscalYear
};

/// How a model counts weeks and fiscal years.
struct CalendarRules {
  int week_start_day = 0;       // 0 = Monday
  int fiscal_month_offset = 0;  // months by which the fiscal year begins after January
};

/// The begin of the unit that contains a local time.
Micros TruncateTo(Unit unit, Micros local, const CalendarRules& rules);

/// A local time `count` units later; a day that its month does not have becomes the month's last.
Micros AddUnits(Unit unit, Micros local, std::int64_t count);

/// The unit of a timeframe whose values are periods in time; empty for the others.
std::optional<Unit> UnitOf(lookml::Timeframe timeframe);

}  // namespace kura::query
