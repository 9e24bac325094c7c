// cli/interrupt.h: Ctrl-C and SIGTERM as a call on a thread of its own, so that nothing has to be
// async-signal-safe. The second signal ends the process at once.
#pragma once
#include <atomic>
#include <functional>
#include <thread>

namespace kura::cli {

/// Blocks the signals for this thread and those it starts; first thing in main.
void BlockInterrupts();

/// While it lives, the first SIGINT or SIGTERM calls `on_interrupt` once; for a command that was
/// sent here, the end of its sender does.
class InterruptWatcher {
 public:
  explicit InterruptWatcher(std::function<void()> on_interrupt);
  ~InterruptWatcher();
  InterruptWatcher(const InterruptWatcher&) = delete;
  InterruptWatcher& operator=(const InterruptWatcher&) = delete;

  bool interrupted() const { return interrupted_; }

 private:
  void WaitFor(const std::atomic<bool>& gone);

  std::function<void()> on_interrupt_;
  std::atomic<bool> interrupted_ = false;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace kura::cli
