// Zone arithmetic against a second reader of the system's tzdata (the C library): the SQL that
// LocalTime writes is evaluated here for random instants.
#include "query/zone_sql.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <random>

#include "base/match.h"

namespace kura::query {
namespace {

std::int64_t Evaluate(const sql::Expr& expr, Micros instant);

std::int64_t EvaluateBinary(const sql::Binary& binary, Micros instant) {
  const std::int64_t left = Evaluate(binary.operands[0], instant);
  const std::int64_t right = Evaluate(binary.operands[1], instant);
  if (binary.op == "+") return left + right;
  if (binary.op == "-") return left - right;
  REQUIRE(binary.op == "<");
  return left < right ? 1 : 0;
}

std::int64_t EvaluateCase(const sql::Case& node, Micros instant) {
  for (std::size_t i = 0; i < node.whens.size(); ++i) {
    if (Evaluate(node.whens[i], instant) != 0) return Evaluate(node.thens[i], instant);
  }
  return Evaluate(node.otherwise.at(0), instant);
}

// The few forms that zone arithmetic uses; everything else is an error of the test.
std::int64_t Evaluate(const sql::Expr& expr, Micros instant) {
  return Match(
      expr.node,
      [&](const sql::Column&) { return instant; },
      [&](const sql::Number& number) {
        return static_cast<std::int64_t>(std::stoll(number.digits));
      },
      [&](const sql::Call& call) {
        REQUIRE((call.function == "make_timestamp" || call.function == "epoch_us"));
        return Evaluate(call.args[0], instant);
      },
      [&](const sql::Binary& binary) { return EvaluateBinary(binary, instant); },
      [&](const sql::Case& node) { return EvaluateCase(node, instant); },
      [](const auto&) -> std::int64_t {
        FAIL("an expression that zone arithmetic does not use");
        return 0;
      });
}

Micros LocalByLibrary(const char* zone, Micros utc) {
  setenv("TZ", zone, 1);
  tzset();
  const std::time_t seconds = utc / kMicrosPerSecond;
  std::tm broken{};
  localtime_r(&seconds, &broken);
  return utc + broken.tm_gmtoff * kMicrosPerSecond;
}

constexpr const char* kZones[] = {"UTC",
                                  "Asia/Tokyo",
                                  "Asia/Kolkata",
                                  "America/New_York",
                                  "Europe/Berlin",
                                  "Australia/Lord_Howe",
                                  "America/Sao_Paulo",
                                  "Pacific/Apia",
                                  "Africa/Casablanca"};

TEST_CASE("a bounded question's shift equals the system's time zones") {
  std::mt19937_64 random(7);
  for (const char* name : kZones) {
    const Zone zone = *Zone::Find(name);
    for (int i = 0; i < 200; ++i) {
      const Micros begin =
          static_cast<Micros>(random() % (50ULL * 365 * 86'400)) * kMicrosPerSecond;
      const DateRange hull{begin, begin + 200 * kMicrosPerDay};
      const TimeColumn column{sql::Col("t", "x"), TimeKind::kInstant, "", false};
      const sql::Expr local = LocalTime(column, zone, hull);
      const Micros utc =
          begin + static_cast<Micros>(random() % (199ULL * 86'400)) * kMicrosPerSecond;
      CHECK_MESSAGE(Evaluate(local, utc) == LocalByLibrary(name, utc), name);
    }
  }
}

TEST_CASE("Tokyo is one addition without bounds, New York is left to the engine") {
  const TimeColumn column{sql::Col("t", "x"), TimeKind::kInstant, "", false};
  const sql::Expr tokyo = LocalTime(column, *Zone::Find("Asia/Tokyo"), {});
  CHECK(Evaluate(tokyo, 5) == 5 + 9 * kMicrosPerHour);
  const sql::Expr york = LocalTime(column, *Zone::Find("America/New_York"), {});
  CHECK(std::get<sql::Call>(york.node).function == "timezone");
}

TEST_CASE("a wall clock in the question's zone is left alone") {
  const TimeColumn column{sql::Col("t", "x"), TimeKind::kZoned, "Asia/Tokyo", false};
  const sql::Expr local = LocalTime(column, *Zone::Find("Asia/Tokyo"), {});
  CHECK(std::holds_alternative<sql::Column>(local.node));
}

TEST_CASE("bounds are literals on the column's own clock") {
  const Zone tokyo = *Zone::Find("Asia/Tokyo");
  const Micros midnight = *ParseDateTime("2026-11-25");
  const auto bound = [&](TimeKind kind, const char* zone) {
    return BoundLiteral({sql::Col("t", "x"), kind, zone, false}, tokyo, midnight);
  };
  CHECK(std::get<sql::InstantLiteral>(bound(TimeKind::kInstant, "").node).utc ==
        *ParseDateTime("2026-11-24 15:00"));
  CHECK(std::get<sql::TimestampLiteral>(bound(TimeKind::kZoned, "UTC").node).local ==
        *ParseDateTime("2026-11-24 15:00"));
  CHECK(std::get<sql::TimestampLiteral>(bound(TimeKind::kWall, "").node).local == midnight);
  CHECK(std::get<sql::DateLiteral>(bound(TimeKind::kDate, "").node).day == DayOf(midnight));
  CHECK(std::get<sql::Number>(bound(TimeKind::kYyyymmdd, "").node).digits == "20261125");
}

}  // namespace
}  // namespace kura::query
