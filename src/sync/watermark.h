// sync/watermark.h: the safe watermark, and the wall clock from which the next delta reads. Pure.
//
// W = min(now, oldest open transaction, oldest running statement) − 1 s, all by the server's clock
// and read before the snapshot. A change that the snapshot does not show belongs to a transaction
// that was open at that moment, or that began later: its stamps are not earlier than W, so the next
// run, which reads from W on, finds it. (max() of the data loses transactions that commit late.)
#pragma once
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "sync/source.h"

namespace kura::sync {

/// What the server says of its open work, in microseconds.
struct OpenWork {
  Micros now = 0;
  bool transactions_visible = false;            // false: no PROCESS privilege
  std::optional<Micros> oldest_transaction;     // when it began
  std::optional<Micros> oldest_statement_runs;  // for how long
};

/// Without the PROCESS privilege, transactions are assumed to be open no longer than this.
inline constexpr Micros kUnseenTransaction = kMicrosPerHour;

/// A transaction that is open longer than this is named in the summary.
inline constexpr Micros kLongTransaction = 10 * kMicrosPerMinute;

Watermark ComputeWatermark(const OpenWork& work);

/// The earliest wall clock that a change at or after `since` can carry in a column of this kind.
/// With an empty zone the wall clock is unknown, and the westernmost offset is assumed: more rows
/// are read, none is missed. Errors: kInvalid (no such zone).
Result<Micros> EarliestWallClock(Micros since, ClockKind clock, const std::string& zone);

/// "2026-11-25 04:34:10.000000", as MySQL reads it.
std::string CursorText(Micros wall_clock);

}  // namespace kura::sync
