// The calendar against the Cabinet Office's published list (a sample of each rule and special law).
#include "calendar/calendar.h"

#include <doctest/doctest.h>

#include <string>

#include "calendar/lookml.h"

namespace kura::calendar {
namespace {

std::string Year(int year) {
  std::string out;
  for (const Holiday& holiday : HolidaysOf(year)) {
    out += FormatDate(holiday.day).substr(5) + std::string(holiday.name) + " ";
  }
  return out;
}

Days Day(int year, int month, int day) {
  return ToDays({year, month, day});
}

TEST_CASE("2026 has a citizens' holiday between two others and a substitute in May") {
  CHECK(Year(2026) ==
        "01-01元日 01-12成人の日 02-11建国記念の日 02-23天皇誕生日 03-20春分の日 04-29昭和の日 "
        "05-03憲法記念日 05-04みどりの日 05-05こどもの日 05-06振替休日 07-20海の日 08-11山の日 "
        "09-21敬老の日 09-22国民の休日 09-23秋分の日 10-12スポーツの日 11-03文化の日 "
        "11-23勤労感謝の日 ");
}

TEST_CASE("2019 had the accession, with two citizens' holidays around it, and no 12-23") {
  CHECK(Year(2019) ==
        "01-01元日 01-14成人の日 02-11建国記念の日 03-21春分の日 04-29昭和の日 04-30国民の休日 "
        "05-01天皇の即位の日 05-02国民の休日 05-03憲法記念日 05-04みどりの日 05-05こどもの日 "
        "05-06振替休日 07-15海の日 08-11山の日 08-12振替休日 09-16敬老の日 09-23秋分の日 "
        "10-14体育の日 10-22即位礼正殿の儀 11-03文化の日 11-04振替休日 11-23勤労感謝の日 ");
}

TEST_CASE("the years of the games moved three holidays") {
  CHECK(HolidayName(Day(2020, 7, 23)) == "海の日");
  CHECK(HolidayName(Day(2020, 7, 24)) == "スポーツの日");
  CHECK(HolidayName(Day(2020, 8, 10)) == "山の日");
  CHECK(HolidayName(Day(2020, 10, 12)).empty());
  CHECK(HolidayName(Day(2021, 8, 8)) == "山の日");
  CHECK(HolidayName(Day(2021, 8, 9)) == "振替休日");
  CHECK(HolidayName(Day(2021, 7, 19)).empty());
}

TEST_CASE("before 2007 a substitute was always the Monday, 4 May a citizens' holiday") {
  CHECK(HolidayName(Day(2006, 5, 4)) == "国民の休日");
  CHECK(HolidayName(Day(2003, 5, 4)).empty());  // A Sunday.
  CHECK(HolidayName(Day(2000, 4, 29)) == "みどりの日");
  CHECK(HolidayName(Day(2001, 2, 12)) == "振替休日");
  CHECK(HolidayName(Day(2009, 9, 22)) == "国民の休日");
}

TEST_CASE("equinoxes, as announced or computed by the observatory") {
  CHECK(HolidayName(Day(2000, 3, 20)) == "春分の日");
  CHECK(HolidayName(Day(2003, 3, 21)) == "春分の日");
  CHECK(HolidayName(Day(2012, 9, 22)) == "秋分の日");
  CHECK(HolidayName(Day(2027, 3, 21)) == "春分の日");
  CHECK(HolidayName(Day(2045, 9, 22)) == "秋分の日");
  CHECK(HolidayName(Day(2050, 3, 20)) == "春分の日");
}

TEST_CASE("banks close at the turn of the year") {
  CHECK(!IsBusinessDay(Day(2025, 12, 31)));
  CHECK(!IsBusinessDay(Day(2026, 1, 2)));
  CHECK(IsBusinessDay(Day(2026, 1, 5)));
  CHECK(BusinessDayOnOrBefore(Day(2026, 1, 4)) == Day(2025, 12, 30));
  CHECK(BusinessDayOnOrAfter(Day(2025, 12, 31)) == Day(2026, 1, 5));
}

TEST_CASE("5-10 days move to the business day before") {
  CHECK(IsFiveTenDay(Day(2026, 11, 10)));
  CHECK(IsFiveTenDay(Day(2026, 11, 13)));  // The 15th is a Sunday.
  CHECK(!IsFiveTenDay(Day(2026, 11, 15)));
  CHECK(!IsFiveTenDay(Day(2026, 11, 12)));
  CHECK(IsFiveTenDay(Day(2025, 12, 30)));  // The month's end is closed.
  CHECK(!IsFiveTenDay(Day(2025, 12, 31)));
  CHECK(IsFiveTenDay(Day(2026, 2, 27)));  // The 28th is a Saturday.
  CHECK(IsMonthEnd(Day(2024, 2, 29)));
  CHECK(!IsMonthEnd(Day(2024, 2, 28)));
}

TEST_CASE("every 5-10 day is settled exactly once, by a slow reading of the rule") {
  for (Days day = Day(2015, 1, 1); day < Day(2036, 1, 1); ++day) {
    bool settles = false;
    for (Days due = day; due < day + 12; ++due) {
      const int of_month = ToCivil(due).day;
      const bool is_due = of_month == 5 || of_month == 10 || of_month == 15 || of_month == 20 ||
                          of_month == 25 ||
                          of_month == DaysInMonth(ToCivil(due).year, ToCivil(due).month);
      if (is_due && BusinessDayOnOrBefore(due) == day) settles = true;
    }
    CHECK(IsFiveTenDay(day) == settles);
  }
}

TEST_CASE("the view's text lists every holiday of its years") {
  const std::string text = CalendarLookml(2026, 2026);
  for (const Holiday& holiday : HolidaysOf(2026)) {
    CHECK(text.find("(DATE '" + FormatDate(holiday.day) + "', '" + std::string(holiday.name)) !=
          std::string::npos);
  }
  CHECK(text.find("range(DATE '2026-01-01', DATE '2027-01-01'") != std::string::npos);
}

}  // namespace
}  // namespace kura::calendar
