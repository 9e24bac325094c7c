// Signals are blocked everywhere and taken by one thread with a timed wait.
#include "cli/interrupt.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "cli/app.h"

namespace kura::cli {
namespace {

constexpr long kPollNanoseconds = 50'000'000;

sigset_t Interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void BlockInterrupts() {
  const sigset_t set = Interrupts();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);  // A closed pipe is an error of write, not the end of us.
}

InterruptWatcher::InterruptWatcher(std::function<void()> on_interrupt)
    : on_interrupt_(std::move(on_interrupt)) {
  if (const std::atomic<bool>* gone = CurrentTerminal().gone) {
    thread_ = std::thread([this, gone] { WaitFor(*gone); });
    return;
  }
  thread_ = std::thread([this] {
    const sigset_t set = Interrupts();
    const timespec wait = {0, kPollNanoseconds};
    while (!done_) {
      if (sigtimedwait(&set, nullptr, &wait) < 0) continue;
      if (interrupted_.exchange(true)) std::_Exit(kExitInterrupted);
      on_interrupt_();
    }
  });
}

// A command that was sent here: its sender's end is its Ctrl-C.
void InterruptWatcher::WaitFor(const std::atomic<bool>& gone) {
  while (!done_) {
    if (gone && !interrupted_.exchange(true)) on_interrupt_();
    std::this_thread::sleep_for(std::chrono::nanoseconds(kPollNanoseconds));
  }
}

InterruptWatcher::~InterruptWatcher() {
  done_ = true;
  thread_.join();
}

}  // namespace kura::cli
