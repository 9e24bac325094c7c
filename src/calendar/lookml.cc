// The builtin view's text. What a plain rule cannot tell (holidays, and where a 5-10 day moved to)
// is listed by day from calendar/calendar.h, so that SQL and C++ cannot disagree.
#include "calendar/lookml.h"

#include <fmt/core.h>

#include "calendar/calendar.h"

namespace kura::calendar {
namespace {

// The part before the lists of days.
constexpr std::string_view kHead =
    R"(# The calendar that ships with Kura: one row per day, Japanese holidays and business days.
view: calendar {
  label: "カレンダー"
  derived_table: {
    sql:
SELECT
  day, weekday, is_holiday, holiday_name, is_business_day, is_month_end,
  moved_here OR (is_business_day AND (is_month_end OR (day(day) % 5 = 0 AND day(day) <= 25)))
    AS is_5_10_day
FROM (SELECT
  days.day AS day,
  CASE isodow(days.day) WHEN 1 THEN '月' WHEN 2 THEN '火' WHEN 3 THEN '水' WHEN 4 THEN '木'
    WHEN 5 THEN '金' WHEN 6 THEN '土' ELSE '日' END AS weekday,
  holidays.name IS NOT NULL AS is_holiday,
  holidays.name AS holiday_name,
  isodow(days.day) < 6 AND holidays.name IS NULL
    AND NOT (month(days.day) = 12 AND day(days.day) = 31)
    AND NOT (month(days.day) = 1 AND day(days.day) <= 3) AS is_business_day,
  moved.day IS NOT NULL AS moved_here,
  days.day = last_day(days.day) AS is_month_end
)";

constexpr std::string_view kTail = R"( ;;
  }

  dimension: day_key {
    hidden: yes
    primary_key: yes
    type: string
    sql: ${TABLE}.day ;;
  }
  dimension_group: day {
    label: "日付"
    description: "日本の暦の一日。事実のない日も行になる"
    type: time
    datatype: date
    convert_tz: no
    timeframes: [raw, date, week, month, quarter, year, day_of_week, day_of_week_index,
      day_of_month, month_num]
    sql: ${TABLE}.day ;;
  }
  dimension: weekday {
    label: "曜日"
    description: "月から日までの一文字"
    type: string
    sql: ${TABLE}.weekday ;;
  }
  dimension: is_holiday {
    label: "祝日"
    description: "国民の祝日（振替休日と国民の休日を含む）"
    type: yesno
    sql: ${TABLE}.is_holiday ;;
  }
  dimension: holiday_name {
    label: "祝日名"
    description: "国民の祝日の名前。祝日でない日は空"
    type: string
    sql: ${TABLE}.holiday_name ;;
  }
  dimension: is_business_day {
    label: "営業日"
    description: "銀行の営業日：土日、祝日、12月31日から1月3日を除く"
    type: yesno
    sql: ${TABLE}.is_business_day ;;
  }
  dimension: is_5_10_day {
    label: "五十日"
    description: "5、10、15、20、25日と月末。休業日に当たるときはその前の営業日"
    type: yesno
    sql: ${TABLE}.is_5_10_day ;;
  }
  dimension: is_month_end {
    label: "月末"
    description: "月の最後の日"
    type: yesno
    sql: ${TABLE}.is_month_end ;;
  }
  measure: days {
    label: "日数"
    description: "日の数"
    type: count_distinct
    sql: ${TABLE}.day ;;
  }
  measure: business_days {
    label: "営業日数"
    description: "営業日の数"
    type: count_distinct
    filters: [is_business_day: "Yes"]
    sql: ${TABLE}.day ;;
  }
}
)";

constexpr int kPerLine = 4;

std::string Separator(int index) {
  if (index == 0) return "\n    ";
  return index % kPerLine == 0 ? ",\n    " : ", ";
}

std::string HolidayRows(int first_year, int last_year) {
  std::string out;
  int index = 0;
  for (int year = first_year; year <= last_year; ++year) {
    for (const Holiday& holiday : HolidaysOf(year)) {
      out += Separator(index++);
      out += fmt::format("(DATE '{}', '{}')", FormatDate(holiday.day), holiday.name);
    }
  }
  return out;
}

std::string MovedRows(int first_year, int last_year) {
  std::string out;
  int index = 0;
  const Days end = ToDays({last_year + 1, 1, 1});
  for (Days day = ToDays({first_year, 1, 1}); day < end; ++day) {
    const int of_month = ToCivil(day).day;
    const bool due = (of_month % 5 == 0 && of_month <= 25) || IsMonthEnd(day);
    if (due || !IsFiveTenDay(day)) continue;
    out += Separator(index++);
    out += fmt::format("(DATE '{}')", FormatDate(day));
  }
  return out;
}

}  // namespace

std::string CalendarLookml(int first_year, int last_year) {
  std::string out(kHead);
  out += fmt::format(
      "FROM (\n"
      "  SELECT CAST(range AS DATE) AS day\n"
      "  FROM range(DATE '{}-01-01', DATE '{}-01-01', INTERVAL 1 DAY)\n"
      ") AS days\n",
      first_year,
      last_year + 1);
  out +=
      fmt::format("LEFT JOIN (\n  VALUES{}\n) AS holidays(day, name) ON holidays.day = days.day\n",
                  HolidayRows(first_year, last_year));
  out += fmt::format("LEFT JOIN (\n  VALUES{}\n) AS moved(day) ON moved.day = days.day)",
                     MovedRows(first_year, last_year));
  out += kTail;
  return out;
}

}  // namespace kura::calendar
