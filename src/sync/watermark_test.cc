// The watermark's arithmetic and the wall clock that a delta reads from.
#include "sync/watermark.h"

#include <doctest/doctest.h>

namespace kura::sync {
namespace {

constexpr Micros kNow = 1'800'000'000 * kMicrosPerSecond;

TEST_CASE("the watermark is one second before the oldest open work") {
  OpenWork work;
  work.now = kNow;
  work.transactions_visible = true;
  CHECK(ComputeWatermark(work).complete_through == kNow - kMicrosPerSecond);
  work.oldest_transaction = kNow - 5 * kMicrosPerSecond;
  CHECK(ComputeWatermark(work).complete_through == kNow - 6 * kMicrosPerSecond);
  work.oldest_statement_runs = 9 * kMicrosPerSecond;
  CHECK(ComputeWatermark(work).complete_through == kNow - 10 * kMicrosPerSecond);
  CHECK(ComputeWatermark(work).held_by.empty());
}

TEST_CASE("a transaction that is open for long is named") {
  OpenWork work;
  work.now = kNow;
  work.transactions_visible = true;
  work.oldest_transaction = kNow - kMicrosPerHour;
  CHECK(ComputeWatermark(work).held_by.find(FormatInstant(kNow - kMicrosPerHour)) !=
        std::string::npos);
}

TEST_CASE("without the privilege to see transactions, an hour of them is assumed") {
  OpenWork work;
  work.now = kNow;
  const Watermark watermark = ComputeWatermark(work);
  CHECK(watermark.complete_through == kNow - kMicrosPerHour - kMicrosPerSecond);
  CHECK_FALSE(watermark.proven);
}

TEST_CASE("the wall clock of a cursor") {
  const Micros utc = *ParseInstant("2026-11-25T00:00:00Z");
  CHECK(*EarliestWallClock(utc, ClockKind::kInstant, "Asia/Tokyo") == utc);
  CHECK(*EarliestWallClock(utc, ClockKind::kWallClock, "Asia/Tokyo") == utc + 9 * kMicrosPerHour);
  CHECK(*EarliestWallClock(utc, ClockKind::kWallClock, "") == utc - 12 * kMicrosPerHour);
  CHECK_FALSE(EarliestWallClock(utc, ClockKind::kWallClock, "Asia/Tokio"));
  // In summer, Berlin is two hours ahead, but after October a change carries only one.
  const Micros summer = *ParseInstant("2026-07-01T00:00:00Z");
  CHECK(*EarliestWallClock(summer, ClockKind::kWallClock, "Europe/Berlin") ==
        summer + kMicrosPerHour);
  CHECK(CursorText(utc) == "2026-11-25 00:00:00.000000");
  CHECK(CursorText(utc + 5) == "2026-11-25 00:00:00.000005");
}

}  // namespace
}  // namespace kura::sync
