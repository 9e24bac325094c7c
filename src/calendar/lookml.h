// calendar/lookml.h: the builtin view `calendar` as LookML text, for `include: "//kura/calendar"`.
// Its derived table makes the days in SQL and looks the closed days up in an inline list.
#pragma once
#include <string>

namespace kura::calendar {

/// The years that the builtin view covers.
inline constexpr int kViewFirstYear = 2015;
inline constexpr int kViewLastYear = 2035;

/// The text of the file "calendar": view `calendar` with the dimension group `day` (its primary key
/// is the hidden dimension `day_key`), `weekday`, `is_holiday`, `holiday_name`, `is_business_day`,
/// `is_5_10_day`, `is_month_end` and the measures `days` and `business_days`.
std::string CalendarLookml(int first_year = kViewFirstYear, int last_year = kViewLastYear);

}  // namespace kura::calendar
