// Only the greatest key in the warehouse is needed to go on from: what is above the bound is left
// to the next run, so no row with a smaller key can come later.
#include "sync/append.h"

#include <chrono>
#include <thread>

#include "base/clock.h"
#include "base/text.h"

namespace kura::sync {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);
constexpr const char* kLeastKey = "-9223372036854775808";

}  // namespace

Result<KeyBound> BoundKeys(Session& session, const SourceTable& table, double wait_s,
                           const std::function<bool()>& stopped) {
  KeyBound bound;
  TRY(bound.watermark, session.ReadWatermark());
  TRY(const std::string greatest, session.ReadGreatestKey(table));
  bound.upper = greatest.empty() ? kLeastKey : KeyAfter(greatest);
  TRY(Watermark seen, session.ReadWatermark());
  const Micros moment = seen.now;  // The key was there by then.
  const double end = MonotonicSeconds() + wait_s;
  while (seen.proven && seen.complete_through < moment) {
    if (stopped()) return Fail(Code::kConflict, "stopped");
    if (MonotonicSeconds() > end) {
      bound.is_held = true;
      break;
    }
    std::this_thread::sleep_for(kPause);
    TRY(seen, session.ReadWatermark());
  }
  bound.watermark.held_by = seen.held_by;
  bound.watermark.proven = bound.watermark.proven && seen.proven;
  return bound;
}

std::string KeyAfter(const std::string& key) {
  std::string next = key;
  if (next.starts_with('-')) {  // Towards zero: |key| - 1.
    std::int64_t value = 0;
    return ParseInt(key, &value) ? std::to_string(value + 1) : key;
  }
  for (std::size_t i = next.size(); i-- > 0;) {
    if (next[i] != '9') {
      ++next[i];
      return next;
    }
    next[i] = '0';
  }
  return "1" + next;
}

}  // namespace kura::sync
