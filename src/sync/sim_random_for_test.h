// sync/sim_random_for_test.h: for tests: the one source of chance of a simulated history. The same
// seed gives the same numbers on every machine, which the standard's distributions do not promise.
#pragma once
#include <cstdint>

namespace kura::sync {

/// SplitMix64 (Steele, Lea, Flood 2014). For one thread.
class SimRandom {
 public:
  explicit SimRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// 0 … count - 1; `count` is at least 1.
  std::int64_t Below(std::int64_t count) {
    return static_cast<std::int64_t>(Next() % static_cast<std::uint64_t>(count));
  }
  bool Percent(int chance) { return Below(100) < chance; }

 private:
  std::uint64_t state_;
};

}  // namespace kura::sync
