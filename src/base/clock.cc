// The machine's clocks, and KURA_NOW.
#include "base/clock.h"

#include <chrono>
#include <cstdlib>

namespace kura {

Micros SystemClock::Now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

Result<Micros> QuestionNow(const Clock& clock) {
  const char* moved = std::getenv("KURA_NOW");
  return QuestionNow(clock, moved == nullptr ? "" : moved);
}

Result<Micros> QuestionNow(const Clock& clock, const std::string& moved) {
  if (moved.empty()) return clock.Now();
  Result<Micros> now = ParseInstant(moved);
  if (!now) return Annotate(now.error(), "KURA_NOW");
  return now;
}

double MonotonicSeconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace kura
