// Truncating and stepping, in whole days and months where the unit is one.
#include "query/period.h"

#include <algorithm>

namespace kura::query {
namespace {

// Months since year 0, and back; the day stays inside the month.
int MonthIndex(const CivilDate& date) {
  return date.year * 12 + date.month - 1;
}

int FloorDivide(int value, int by) {
  return value >= 0 ? value / by : -((-value + by - 1) / by);
}

Days DayInMonth(int month_index, int day) {
  const int year = FloorDivide(month_index, 12);
  const int month = month_index - year * 12 + 1;
  return ToDays({year, month, std::min(day, DaysInMonth(year, month))});
}

Micros AddMonths(Micros local, std::int64_t count) {
  const Days day = DayOf(local);
  const Micros of_day = local - Micros{day} * kMicrosPerDay;
  const CivilDate date = ToCivil(day);
  const Days moved = DayInMonth(MonthIndex(date) + static_cast<int>(count), date.day);
  return Micros{moved} * kMicrosPerDay + of_day;
}

// The first day of the block of `months` months that contains the day, blocks beginning at
// `offset`.
Micros TruncateMonths(Days day, int months, int offset) {
  const int index = MonthIndex(ToCivil(day)) - offset;
  return Micros{DayInMonth(FloorDivide(index, months) * months + offset, 1)} * kMicrosPerDay;
}

Micros FloorTo(Micros local, Micros step) {
  const Micros rest = local % step;
  return local - (rest < 0 ? rest + step : rest);
}

}  // namespace

Micros TruncateTo(Unit unit, Micros local, const CalendarRules& rules) {
  const Days day = DayOf(local);
  switch (unit) {
    case Unit::kSecond:
      return FloorTo(local, kMicrosPerSecond);
    case Unit::kMinute:
      return FloorTo(local, kMicrosPerMinute);
    case Unit::kHour:
      return FloorTo(local, kMicrosPerHour);
    case Unit::kDay:
      return Micros{day} * kMicrosPerDay;
    case Unit::kWeek:
      return Micros{day - (WeekdayIndex(day) - rules.week_start_day + 7) % 7} * kMicrosPerDay;
    case Unit::kMonth:
      return TruncateMonths(day, 1, 0);
    case Unit::kQuarter:
      return TruncateMonths(day, 3, 0);
    case Unit::kYear:
      return TruncateMonths(day, 12, 0);
    case Unit::kFiscalQuarter:
      return TruncateMonths(day, 3, rules.fiscal_month_offset);
    case Unit::kFiscalYear:
      return TruncateMonths(day, 12, rules.fiscal_month_offset);
  }
  return local;
}

Micros AddUnits(Unit unit, Micros local, std::int64_t count) {
  switch (unit) {
    case Unit::kSecond:
      return local + count * kMicrosPerSecond;
    case Unit::kMinute:
      return local + count * kMicrosPerMinute;
    case Unit::kHour:
      return local + count * kMicrosPerHour;
    case Unit::kDay:
      return local + count * kMicrosPerDay;
    case Unit::kWeek:
      return local + count * 7 * kMicrosPerDay;
    case Unit::kMonth:
      return AddMonths(local, count);
    case Unit::kQuarter:
    case Unit::kFiscalQuarter:
      return AddMonths(local, count * 3);
    case Unit::kYear:
    case Unit::kFiscalYear:
      return AddMonths(local, count * 12);
  }
  return local;
}

std::optional<Unit> UnitOf(lookml::Timeframe timeframe) {
  using lookml::Timeframe;
  switch (timeframe) {
    case Timeframe::kDate:
      return Unit::kDay;
    case Timeframe::kWeek:
      return Unit::kWeek;
    case Timeframe::kMonth:
      return Unit::kMonth;
    case Timeframe::kQuarter:
      return Unit::kQuarter;
    case Timeframe::kYear:
      return Unit::kYear;
    case Timeframe::kHour:
      return Unit::kHour;
    case Timeframe::kMinute:
      return Unit::kMinute;
    case Timeframe::kTime:
    case Timeframe::kSecond:
      return Unit::kSecond;
    default:
      return std::nullopt;
  }
}

}  // namespace kura::query
