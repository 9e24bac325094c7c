// Looks at the flag ten times a second: a signal handler can set a flag, but not wake a thread.
#include "sync/stop_watch.h"

#include <chrono>

namespace kura::sync {
namespace {

constexpr std::chrono::milliseconds kLookEvery(100);

}  // namespace

StopWatch::StopWatch(const std::atomic<bool>* stop) : stop_(stop) {
  if (stop_ != nullptr) thread_ = std::thread([this] { Watch(); });
}

StopWatch::~StopWatch() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  ended_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void StopWatch::Add(Session* session) {
  const std::scoped_lock lock(mutex_);
  sessions_.insert(session);
}

void StopWatch::Remove(Session* session) {
  const std::scoped_lock lock(mutex_);
  sessions_.erase(session);
}

void StopWatch::Watch() {
  std::unique_lock lock(mutex_);
  while (!ended_changed_.wait_for(lock, kLookEvery, [this] { return ended_; })) {
    if (!stopped()) continue;
    // Again and again: a session may be added after the flag was set.
    for (Session* session : sessions_) session->Interrupt();
  }
}

}  // namespace kura::sync
