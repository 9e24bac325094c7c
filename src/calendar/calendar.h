// calendar/calendar.h: what kind of day a day is in Japan: public holidays by the law's rules,
// business days, 5-10 days, month ends. Pure functions on days; the builtin view `calendar` that
// LookML includes as "//kura/calendar" is written from the same rules (calendar/lookml.h).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace kura::calendar {

/// The years whose holidays follow the present law; outside of them there are none.
inline constexpr int kFirstYear = 1989;
inline constexpr int kLastYear = 2099;

/// A public holiday and its official Japanese name.
struct Holiday {
  Days day = 0;
  std::string_view name;
};

/// The public holidays of a year in order, with substitute and citizens' holidays
/// (国民の祝日に関する法律, and the special laws of 2019 to 2021).
std::vector<Holiday> HolidaysOf(int year);

/// The name of a day's public holiday, "" when it is none.
std::string_view HolidayName(Days day);

/// Banks are open: no weekend, no public holiday, not 31 December to 3 January.
bool IsBusinessDay(Days day);

/// The last business day on or before a day, and the first one on or after it.
Days BusinessDayOnOrBefore(Days day);
Days BusinessDayOnOrAfter(Days day);

/// 五十日: the days on which payments fall due, 5, 10, 15, 20, 25 and the month's end. One that is
/// no business day is settled on the business day before it, which then is the 5-10 day.
bool IsFiveTenDay(Days day);

/// The last day of its month.
bool IsMonthEnd(Days day);

/// The weekday as one character, 月 to 日.
std::string_view WeekdayName(Days day);

}  // namespace kura::calendar
