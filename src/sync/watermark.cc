// The watermark's arithmetic.
#include "sync/watermark.h"

#include <algorithm>

namespace kura::sync {
namespace {

constexpr Micros kStampGranularity = kMicrosPerSecond;  // trx_started has whole seconds.
constexpr Micros kWesternmostOffset = -12 * kMicrosPerHour;
constexpr Micros kYear = 366 * kMicrosPerDay;

}  // namespace

Watermark ComputeWatermark(const OpenWork& work) {
  Watermark watermark;
  watermark.now = work.now;
  watermark.proven = work.transactions_visible;
  Micros oldest = work.now;
  if (!work.transactions_visible) oldest = work.now - kUnseenTransaction;
  if (work.oldest_transaction) oldest = std::min(oldest, *work.oldest_transaction);
  if (work.oldest_statement_runs) oldest = std::min(oldest, work.now - *work.oldest_statement_runs);
  watermark.complete_through = oldest - kStampGranularity;
  if (work.transactions_visible && work.now - oldest > kLongTransaction) {
    watermark.held_by = "a transaction or statement that began at " + FormatInstant(oldest);
  }
  return watermark;
}

Result<Micros> EarliestWallClock(Micros since, ClockKind clock, const std::string& zone_name) {
  if (clock == ClockKind::kInstant) return since;
  if (zone_name.empty()) return since + kWesternmostOffset;
  TRY(const Zone zone, Zone::Find(zone_name));
  // When clocks go back, a later change carries an earlier wall clock: the least offset counts.
  Micros offset = zone.OffsetAt(since);
  for (const Zone::Piece& piece : zone.PiecesBetween(since, since + kYear)) {
    offset = std::min(offset, piece.offset);
  }
  return since + offset;
}

std::string CursorText(Micros wall_clock) {
  std::string text = FormatDateTime(wall_clock);
  if (text.find('.') == std::string::npos) text += ".000000";
  return text;
}

}  // namespace kura::sync
