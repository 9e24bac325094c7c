// base/clock.h: time as an argument, so that tests and KURA_NOW can move it.
#pragma once
#include "base/result.h"
#include "base/time.h"

namespace kura {

/// Where "now" comes from.
class Clock {
 public:
  virtual ~Clock() = default;
  /// The current instant.
  virtual Micros Now() const = 0;
};

/// The machine's clock.
class SystemClock : public Clock {
 public:
  Micros Now() const override;
};

/// A clock that stands still: tests, and questions under KURA_NOW.
class FixedClock : public Clock {
 public:
  explicit FixedClock(Micros now) : now_(now) {}
  Micros Now() const override { return now_; }

 private:
  Micros now_;
};

/// The instant of questions and alert evaluation: KURA_NOW when it is set, else the clock's.
/// Errors: kInvalid when KURA_NOW is not an ISO time.
Result<Micros> QuestionNow(const Clock& clock);
/// The same with the value of KURA_NOW ("" = not set).
Result<Micros> QuestionNow(const Clock& clock, const std::string& moved);

/// Seconds since an arbitrary point, never going back: for measuring.
double MonotonicSeconds();

}  // namespace kura
