// warehouse/watchdog.h: ends what takes too long. DuckDB 1.5 has no time limit of its own, so one
// thread per warehouse interrupts the statements whose time is up.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace kura::warehouse {

/// Deadlines and what to do at them. Safe for any thread. The thread starts with the first
/// deadline.
class Watchdog {
 public:
  Watchdog() = default;
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Calls `act` after `seconds` unless it is removed before. `act` must be short and must not call
  /// the watchdog.
  std::uint64_t Add(double seconds, std::function<void()> act);
  /// Forgets a deadline; when this returns, `act` is neither running nor to come.
  void Remove(std::uint64_t id);

 private:
  struct Entry {
    double at_s = 0;  // MonotonicSeconds
    std::function<void()> act;
  };
  void Loop();
  void ActOnDue(double now_s);
  double NextAt() const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t next_id_ = 1;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace kura::warehouse
