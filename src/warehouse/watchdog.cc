// Deadlines are few (one per running question), so finding the next one is a walk.
#include "warehouse/watchdog.h"

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace kura::warehouse {
namespace {

constexpr double kIdleSeconds = 3600;

}  // namespace

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::uint64_t Watchdog::Add(double seconds, std::function<void()> act) {
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { Loop(); });
  const std::uint64_t id = next_id_++;
  entries_[id] = {MonotonicSeconds() + seconds, std::move(act)};
  changed_.notify_all();
  return id;
}

void Watchdog::Remove(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
}

void Watchdog::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const double now_s = MonotonicSeconds();
    ActOnDue(now_s);
    const double wait_s = std::max(0.0, NextAt() - now_s);
    changed_.wait_for(lock, std::chrono::duration<double>(wait_s));
  }
}

// Under the lock, so that Remove waits for an act that is running.
void Watchdog::ActOnDue(double now_s) {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (entry->second.at_s > now_s) {
      ++entry;
      continue;
    }
    entry->second.act();
    entry = entries_.erase(entry);
  }
}

double Watchdog::NextAt() const {
  double next_s = MonotonicSeconds() + kIdleSeconds;
  for (const auto& [id, entry] : entries_) next_s = std::min(next_s, entry.at_s);
  return next_s;
}

}  // namespace kura::warehouse
