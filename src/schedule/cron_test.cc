// Cron against a slow oracle that walks minute by minute, and the edges of clock changes.
#include "schedule/cron.h"

#include <doctest/doctest.h>

#include <random>

namespace kura::schedule {
namespace {

std::string After(const std::string& cron, const std::string& instant,
                  const std::string& zone = "Asia/Tokyo") {
  const Result<Cron> parsed = Cron::Parse(cron);
  REQUIRE(parsed);
  const Zone found = *Zone::Find(zone);
  const auto next = parsed->Next(*ParseInstant(instant), found);
  return next ? FormatInstant(*next) : "never";
}

TEST_CASE("the next time is in the business time zone, and after the given one") {
  CHECK(After("30 4 * * *", "2026-11-25T00:00:00Z") == "2026-11-25T19:30:00Z");
  CHECK(After("30 4 * * *", "2026-11-25T19:30:00Z") == "2026-11-26T19:30:00Z");
  CHECK(After("*/15 * * * *", "2026-11-25T00:14:59Z") == "2026-11-25T00:15:00Z");
  CHECK(After("0 9 * * mon-fri", "2026-11-27T00:00:00Z") == "2026-11-30T00:00:00Z");
  CHECK(After("0 0 1 jan,JUL *", "2026-11-25T00:00:00Z") == "2026-12-31T15:00:00Z");
  CHECK(After("0 0 * * 7", "2026-11-25T00:00:00Z") == "2026-11-28T15:00:00Z");
  CHECK(After("0 0 29 2 *", "2026-11-25T00:00:00Z", "UTC") == "2028-02-29T00:00:00Z");
  CHECK(After("0 0 30 2 *", "2026-11-25T00:00:00Z") == "never");
}

TEST_CASE("either day field is enough when both are restricted") {
  CHECK(After("0 0 1 * fri", "2026-11-25T00:00:00Z", "UTC") == "2026-11-27T00:00:00Z");
  CHECK(After("0 0 28 * fri", "2026-11-27T00:00:00Z", "UTC") == "2026-11-28T00:00:00Z");
}

TEST_CASE("a skipped time is due at the jump, a repeated one once") {
  CHECK(After("30 2 * * *", "2026-03-08T00:00:00Z", "America/New_York") == "2026-03-08T07:00:00Z");
  CHECK(After("30 1 * * *", "2026-11-01T00:00:00Z", "America/New_York") == "2026-11-01T05:30:00Z");
  CHECK(After("30 1 * * *", "2026-11-01T05:30:00Z", "America/New_York") == "2026-11-02T06:30:00Z");
}

TEST_CASE("mistakes name the field") {
  const auto message = [](const std::string& text) {
    const Result<Cron> parsed = Cron::Parse(text);
    return parsed ? std::string("parsed") : parsed.error().message;
  };
  CHECK(message("30 4 * *") == "'30 4 * *' has 4 fields instead of five");
  CHECK(message("60 4 * * *").starts_with("'60' is not a minute (0–59"));
  CHECK(message("0 4-2 * * *").starts_with("'4-2' is not a hour"));
  CHECK(message("0 0 0 * *").starts_with("'0' is not a day of month"));
  CHECK(message("0 0 * monday *").starts_with("'monday' is not a month"));
  CHECK(message("*/0 * * * *").starts_with("'*/0' is not a minute"));
  CHECK(message("1,,2 * * * *").starts_with("'1,,2' is not a minute"));
  CHECK(message("").ends_with("fields instead of five"));
}

TEST_CASE("random crons agree with a walk by the minute") {
  std::mt19937_64 random(20261125);
  const auto pick = [&random](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const Zone zone = *Zone::Find("Asia/Tokyo");
  for (int round = 0; round < 300; ++round) {
    const int minute = pick(60), hour = pick(24), day = 1 + pick(28), weekday = pick(7);
    const bool by_day = pick(3) == 0, by_weekday = pick(3) == 0;
    const std::string text = fmt::format("{} {} {} * {}",
                                         minute,
                                         hour,
                                         by_day ? std::to_string(day) : "*",
                                         by_weekday ? std::to_string(weekday) : "*");
    CAPTURE(text);
    const Micros after = *ParseInstant("2026-01-01T00:00:00Z") + pick(500'000) * kMicrosPerMinute +
                         pick(60) * kMicrosPerSecond;
    Micros walk = after - after % kMicrosPerMinute;
    while (true) {
      walk += kMicrosPerMinute;
      const Micros local = zone.ToLocal(walk);
      const Days date = DayOf(local);
      const Micros of_day = (local % kMicrosPerDay) / kMicrosPerMinute;
      const bool day_ok = ToCivil(date).day == day;
      const bool weekday_ok = (WeekdayIndex(date) + 1) % 7 == weekday;
      const bool date_ok = by_day && by_weekday
                               ? day_ok || weekday_ok
                               : (!by_day || day_ok) && (!by_weekday || weekday_ok);
      if (of_day == hour * 60 + minute && date_ok) break;
    }
    CHECK(Cron::Parse(text)->Next(after, zone) == walk);
  }
}

}  // namespace
}  // namespace kura::schedule
