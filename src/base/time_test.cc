// Dates against a day-by-day count, zones against known transitions.
#include "base/time.h"

#include <doctest/doctest.h>

namespace kura {

TEST_CASE("days count up through 400 years") {
  CivilDate date = {1900, 1, 1};
  Days days = ToDays(date);
  CHECK(ToDays({1970, 1, 1}) == 0);
  while (date.year < 2300) {
    const CivilDate back = ToCivil(days);
    REQUIRE(back.year == date.year);
    REQUIRE(back.month == date.month);
    REQUIRE(back.day == date.day);
    REQUIRE(ToDays(date) == days);
    ++days;
    if (++date.day > DaysInMonth(date.year, date.month)) {
      date.day = 1;
      if (++date.month > 12) date = {date.year + 1, 1, 1};
    }
  }
  CHECK(WeekdayIndex(0) == 3);  // 1970-01-01 was a Thursday.
  CHECK(WeekdayIndex(-1) == 2);
}

TEST_CASE("texts become times and back") {
  CHECK(FormatDate(*ParseDate("2024-02-29")) == "2024-02-29");
  CHECK(FormatDateTime(*ParseDateTime("2026-11-25 04:34:10.000001")) ==
        "2026-11-25 04:34:10.000001");
  CHECK(FormatInstant(*ParseInstant("2026-11-25T04:34:10+09:00")) == "2026-11-24T19:34:10Z");
  CHECK(*ParseInstant("2026-11-25") == *ParseInstant("2026-11-25T00:00:00Z"));
  CHECK(FormatDateTime(-1) == "1969-12-31 23:59:59.999999");
  for (const char* wrong : {"2025-02-29",
                            "2026-13-01",
                            "2026-1-1",
                            "x",
                            "",
                            "2026-11-25 24:00",
                            "2026-11-25T04:34:10+9",
                            "2026-11-25 04:34:10.1234567"}) {
    CAPTURE(wrong);
    CHECK_FALSE(ParseInstant(wrong));
  }
  CHECK_FALSE(ParseDate("2026-11-25 00:00"));
}

TEST_CASE("zones know their offsets") {
  const Zone tokyo = *Zone::Find("Asia/Tokyo");
  const Micros noon = *ParseInstant("2026-11-25T12:00:00Z");
  CHECK(tokyo.OffsetAt(noon) == 9 * kMicrosPerHour);
  CHECK(tokyo.ToUtc(tokyo.ToLocal(noon)) == noon);
  CHECK(tokyo.PiecesBetween(noon, noon + 365 * kMicrosPerDay).size() == 1);
  const Zone paris = *Zone::Find("Europe/Paris");
  const auto pieces = paris.PiecesBetween(*ParseInstant("2026-01-01"), *ParseInstant("2027-01-01"));
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[1].offset == 2 * kMicrosPerHour);
  CHECK(FormatInstant(pieces[1].begin) == "2026-03-29T01:00:00Z");
  CHECK(FormatInstant(pieces[1].end) == "2026-10-25T01:00:00Z");
  // 02:30 was skipped in March and happened twice in October.
  CHECK(FormatInstant(paris.ToUtc(*ParseDateTime("2026-03-29 02:30"))) == "2026-03-29T01:00:00Z");
  CHECK(FormatInstant(paris.ToUtc(*ParseDateTime("2026-10-25 02:30"))) == "2026-10-25T00:30:00Z");
  CHECK(Zone::Find("Asia/Tokio").error().code == Code::kNotFound);
  CHECK(Zone::Utc().OffsetAt(noon) == 0);
}

}  // namespace kura
