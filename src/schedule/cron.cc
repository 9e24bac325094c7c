// Days are tried one after the other, which is quick enough at one question a minute; within a day
// the bits of hours and minutes are.
#include "schedule/cron.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace kura::schedule {
namespace {

constexpr Days kDaysTried = 8 * 366;  // 29 February may be eight years away (1896–1904)

constexpr std::array<std::string_view, 12> kMonths = {
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
  std::string_view name;
  int low;
  int high;
  const std::string_view* names;  // of low, low + 1, …
  std::size_t name_count;
};

constexpr std::array<Field, 5> kFields = {
    {{"minute", 0, 59, nullptr, 0},
     {"hour", 0, 23, nullptr, 0},
     {"day of month", 1, 31, nullptr, 0},
     {"month", 1, 12, kMonths.data(), kMonths.size()},
     {"day of week", 0, 7, kWeekdays.data(), kWeekdays.size()}}};

tl::unexpected<Error> Wrong(const Field& field, std::string_view text) {
  return FailWithHint(
      Code::kInvalid,
      fmt::format("'{}' is not a {} ({}–{}, with lists 1,2, ranges 1-5 and steps */5)",
                  text,
                  field.name,
                  field.low,
                  field.high),
      "for example \"30 4 * * *\" is each day at 4:30, \"0 9 * * mon-fri\" each weekday at 9");
}

bool ReadNumber(const Field& field, std::string_view text, int* value) {
  for (std::size_t i = 0; i < field.name_count; ++i) {
    if (!EqualsIgnoreCase(text, field.names[i])) continue;
    *value = field.low + static_cast<int>(i);
    return true;
  }
  std::int64_t number = 0;
  if (text.empty() || text.size() > 2 || !ParseInt(text, &number)) return false;
  *value = static_cast<int>(number);
  return *value >= field.low && *value <= field.high;
}

// One item of a list: "*", "5", "1-5", "*/5", "1-30/5", "5/15".
bool ReadItem(const Field& field, std::string_view item, std::vector<int>* values) {
  int step = 1;
  const std::size_t slash = item.find('/');
  if (slash != std::string_view::npos) {
    std::int64_t number = 0;
    const std::string_view text = item.substr(slash + 1);
    if (text.empty() || text.size() > 2 || !ParseInt(text, &number) || number < 1) return false;
    step = static_cast<int>(number);
    item = item.substr(0, slash);
  }
  int begin = field.low;
  int end = field.high;
  if (item != "*") {
    const std::size_t dash = item.find('-');
    if (!ReadNumber(field, item.substr(0, dash), &begin)) return false;
    if (dash != std::string_view::npos) {
      if (!ReadNumber(field, item.substr(dash + 1), &end) || end < begin) return false;
    } else if (slash == std::string_view::npos) {
      end = begin;
    }
  }
  for (int value = begin; value <= end; value += step) values->push_back(value);
  return true;
}

Result<std::vector<int>> ReadField(const Field& field, std::string_view text) {
  std::vector<int> values;
  for (const std::string_view item : Split(text, ',')) {
    if (!ReadItem(field, item, &values)) return Wrong(field, text);
  }
  return values;
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : Split(text, ' ')) {
    if (!Trim(word).empty()) words.push_back(Trim(word));
  }
  return words;
}

}  // namespace

Result<Cron> Cron::Parse(std::string_view text) {
  const std::vector<std::string_view> words = Words(text);
  if (words.size() != kFields.size()) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("'{}' has {} fields instead of five", text, words.size()),
                        "minute, hour, day of month, month, day of week: \"30 4 * * *\"");
  }
  Cron cron;
  std::array<std::vector<int>, kFields.size()> values;
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    TRY(values[i], ReadField(kFields[i], words[i]));
  }
  for (const int value : values[0]) cron.minutes_.set(static_cast<std::size_t>(value));
  for (const int value : values[1]) cron.hours_.set(static_cast<std::size_t>(value));
  for (const int value : values[2]) cron.days_.set(static_cast<std::size_t>(value));
  for (const int value : values[3]) cron.months_.set(static_cast<std::size_t>(value));
  for (const int value : values[4]) cron.weekdays_.set(static_cast<std::size_t>(value % 7));
  cron.any_day_ = words[2].starts_with('*');
  cron.any_weekday_ = words[4].starts_with('*');
  return cron;
}

bool Cron::DayMatches(Days day) const {
  const CivilDate date = ToCivil(day);
  if (!months_.test(static_cast<std::size_t>(date.month))) return false;
  const bool by_date = days_.test(static_cast<std::size_t>(date.day));
  const bool by_weekday = weekdays_.test(static_cast<std::size_t>((WeekdayIndex(day) + 1) % 7));
  if (any_day_ || any_weekday_) return by_date && by_weekday;
  return by_date || by_weekday;
}

// Clock changes can turn the order of local times around, so the least instant is looked for.
std::optional<Micros> Cron::NextOnDay(Days day, Micros after, const Zone& zone) const {
  std::optional<Micros> least;
  const Micros midnight = static_cast<Micros>(day) * kMicrosPerDay;
  for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
    if (!hours_.test(hour)) continue;
    for (std::size_t minute = 0; minute < minutes_.size(); ++minute) {
      if (!minutes_.test(minute)) continue;
      const Micros local = midnight + static_cast<Micros>(hour) * kMicrosPerHour +
                           static_cast<Micros>(minute) * kMicrosPerMinute;
      const Micros due = zone.ToUtc(local);
      if (due > after && (!least || due < *least)) least = due;
    }
  }
  return least;
}

std::optional<Micros> Cron::Next(Micros after, const Zone& zone) const {
  const Days today = DayOf(zone.ToLocal(after));
  for (Days day = today; day < today + kDaysTried; ++day) {
    if (!DayMatches(day)) continue;
    if (const std::optional<Micros> due = NextOnDay(day, after, zone)) return due;
  }
  return std::nullopt;
}

}  // namespace kura::schedule
