// The Japanese calendar. The law's rules are the table below, one line per holiday and stretch of
// years; substitute and citizens' holidays follow from the days that it gives.
#include "calendar/calendar.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kura::calendar {
namespace {

enum class Rule { kFixed, kNthMonday, kVernalEquinox, kAutumnalEquinox };

// `number` is the day of the month, or which Monday it is.
struct Line {
  std::string_view name;
  Rule rule;
  int month;
  int number;
  int from_year;
  int to_year;
};

constexpr int kEver = kLastYear;

// Source: https://www8.cao.go.jp/chosei/shukujitsu/gaiyou.html (Cabinet Office).
constexpr std::array kLines = std::to_array<Line>({
    {"元日", Rule::kFixed, 1, 1, kFirstYear, kEver},
    {"成人の日", Rule::kFixed, 1, 15, kFirstYear, 1999},
    {"成人の日", Rule::kNthMonday, 1, 2, 2000, kEver},
    {"建国記念の日", Rule::kFixed, 2, 11, kFirstYear, kEver},
    {"天皇誕生日", Rule::kFixed, 2, 23, 2020, kEver},
    {"大喪の礼", Rule::kFixed, 2, 24, 1989, 1989},
    {"春分の日", Rule::kVernalEquinox, 3, 0, kFirstYear, kEver},
    {"みどりの日", Rule::kFixed, 4, 29, kFirstYear, 2006},
    {"昭和の日", Rule::kFixed, 4, 29, 2007, kEver},
    {"天皇の即位の日", Rule::kFixed, 5, 1, 2019, 2019},
    {"憲法記念日", Rule::kFixed, 5, 3, kFirstYear, kEver},
    {"みどりの日", Rule::kFixed, 5, 4, 2007, kEver},
    {"こどもの日", Rule::kFixed, 5, 5, kFirstYear, kEver},
    {"海の日", Rule::kFixed, 7, 20, 1996, 2002},
    {"海の日", Rule::kNthMonday, 7, 3, 2003, 2019},
    {"海の日", Rule::kFixed, 7, 23, 2020, 2020},
    {"海の日", Rule::kFixed, 7, 22, 2021, 2021},
    {"海の日", Rule::kNthMonday, 7, 3, 2022, kEver},
    {"山の日", Rule::kFixed, 8, 11, 2016, 2019},
    {"山の日", Rule::kFixed, 8, 10, 2020, 2020},
    {"山の日", Rule::kFixed, 8, 8, 2021, 2021},
    {"山の日", Rule::kFixed, 8, 11, 2022, kEver},
    {"敬老の日", Rule::kFixed, 9, 15, kFirstYear, 2002},
    {"敬老の日", Rule::kNthMonday, 9, 3, 2003, kEver},
    {"秋分の日", Rule::kAutumnalEquinox, 9, 0, kFirstYear, kEver},
    {"体育の日", Rule::kFixed, 10, 10, kFirstYear, 1999},
    {"体育の日", Rule::kNthMonday, 10, 2, 2000, 2019},
    {"スポーツの日", Rule::kFixed, 7, 24, 2020, 2020},
    {"スポーツの日", Rule::kFixed, 7, 23, 2021, 2021},
    {"スポーツの日", Rule::kNthMonday, 10, 2, 2022, kEver},
    {"即位礼正殿の儀", Rule::kFixed, 10, 22, 2019, 2019},
    {"即位礼正殿の儀", Rule::kFixed, 11, 12, 1990, 1990},
    {"結婚の儀", Rule::kFixed, 6, 9, 1993, 1993},
    {"文化の日", Rule::kFixed, 11, 3, kFirstYear, kEver},
    {"勤労感謝の日", Rule::kFixed, 11, 23, kFirstYear, kEver},
    {"天皇誕生日", Rule::kFixed, 12, 23, kFirstYear, 2018},
});

constexpr int kSunday = 6;
constexpr std::string_view kSubstitute = "振替休日";
constexpr std::string_view kCitizens = "国民の休日";

// The observatory announces the equinoxes; this approximation agrees from 1980 to 2099.
int EquinoxDay(int year, double base) {
  const int since = year - 1980;
  return static_cast<int>(std::floor(base + 0.242194 * since)) - since / 4;
}

int DayOfMonth(const Line& line, int year) {
  switch (line.rule) {
    case Rule::kFixed:
      return line.number;
    case Rule::kNthMonday: {
      const int first = WeekdayIndex(ToDays({year, line.month, 1}));
      return 1 + (7 - first) % 7 + 7 * (line.number - 1);
    }
    case Rule::kVernalEquinox:
      return EquinoxDay(year, 20.8431);
    case Rule::kAutumnalEquinox:
      return EquinoxDay(year, 23.2488);
  }
  return 1;
}

bool Has(const std::vector<Holiday>& holidays, Days day) {
  return std::any_of(
      holidays.begin(), holidays.end(), [day](const Holiday& h) { return h.day == day; });
}

// Article 3.2: a holiday on a Sunday is made up for; until 2006 only on the Monday, since then on
// the next day that is no holiday itself.
void AddSubstitutes(std::vector<Holiday>& all, const std::vector<Holiday>& base, int year) {
  for (const Holiday& holiday : base) {
    if (WeekdayIndex(holiday.day) != kSunday) continue;
    Days day = holiday.day + 1;
    while (year >= 2007 && Has(base, day)) ++day;
    if (!Has(all, day)) all.push_back({day, kSubstitute});
  }
}

// Article 3.3: a day between two holidays is one too; until 2006 not on a Sunday or a substitute.
void AddCitizens(std::vector<Holiday>& all, const std::vector<Holiday>& base) {
  for (const Holiday& holiday : base) {
    const Days between = holiday.day + 1;
    if (!Has(base, between + 1) || Has(all, between)) continue;
    if (WeekdayIndex(between) != kSunday) all.push_back({between, kCitizens});
  }
}

}  // namespace

std::vector<Holiday> HolidaysOf(int year) {
  std::vector<Holiday> base;
  if (year < kFirstYear || year > kLastYear) return base;
  for (const Line& line : kLines) {
    if (year < line.from_year || year > line.to_year) continue;
    base.push_back({ToDays({year, line.month, DayOfMonth(line, year)}), line.name});
  }
  std::vector<Holiday> all = base;
  AddSubstitutes(all, base, year);
  AddCitizens(all, base);
  std::sort(
      all.begin(), all.end(), [](const Holiday& a, const Holiday& b) { return a.day < b.day; });
  return all;
}

std::string_view HolidayName(Days day) {
  for (const Holiday& holiday : HolidaysOf(ToCivil(day).year)) {
    if (holiday.day == day) return holiday.name;
  }
  return "";
}

bool IsBusinessDay(Days day) {
  const CivilDate date = ToCivil(day);
  if (WeekdayIndex(day) >= 5) return false;
  if (date.month == 12 && date.day == 31) return false;
  if (date.month == 1 && date.day <= 3) return false;
  return HolidayName(day).empty();
}

Days BusinessDayOnOrBefore(Days day) {
  while (!IsBusinessDay(day)) --day;
  return day;
}

Days BusinessDayOnOrAfter(Days day) {
  while (!IsBusinessDay(day)) ++day;
  return day;
}

bool IsFiveTenDay(Days day) {
  if (!IsBusinessDay(day)) return false;
  // A due day that settles here is this day or one of the closed days right after it.
  for (Days due = day; due == day || !IsBusinessDay(due); ++due) {
    const int of_month = ToCivil(due).day;
    if ((of_month % 5 == 0 && of_month <= 25) || IsMonthEnd(due)) return true;
  }
  return false;
}

bool IsMonthEnd(Days day) {
  return ToCivil(day + 1).day == 1;
}

std::string_view WeekdayName(Days day) {
  constexpr std::array<std::string_view, 7> kNames = {"月", "火", "水", "木", "金", "土", "日"};
  return kNames[static_cast<std::size_t>(WeekdayIndex(day))];
}

}  // namespace kura::calendar
