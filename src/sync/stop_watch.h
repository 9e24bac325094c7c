// sync/stop_watch.h: Ctrl-C reaches reads that wait for the network: a thread looks at the stop
// flag and cuts the sessions that are open.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "sync/source.h"

namespace kura::sync {

/// Watches one flag. Sessions are added while they live.
class StopWatch {
 public:
  /// `stop` may be null: then nothing ever stops.
  explicit StopWatch(const std::atomic<bool>* stop);
  ~StopWatch();
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;

  void Add(Session* session);
  void Remove(Session* session);
  bool stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

 private:
  void Watch();

  const std::atomic<bool>* stop_;
  std::mutex mutex_;
  std::condition_variable ended_changed_;
  bool ended_ = false;
  std::set<Session*> sessions_;
  std::thread thread_;
};

}  // namespace kura::sync
