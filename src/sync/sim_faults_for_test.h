// sync/sim_faults_for_test.h: for tests: what goes wrong at the two edges of a simulated run.
//
// A run reads on one thread and writes on another, so "the 17th call of all" would differ from run
// to run. Therefore each edge counts its own calls, one fault is armed at a time, and the next one
// is armed by Connect only, when no other thread is alive. What calls follow a fault in the same
// load differs with the threads' luck; nothing is counted then, and none of them changes anything.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace kura::sync {

enum class Edge { kSource, kSpool };

enum class FaultKind {
  kNone,
  kError,        // the call fails, later ones do not
  kLost,         // source: the connection is lost; a new one may succeed
  kSwapped,      // source: lost, and another server answers from then on
  kStop,         // source: the user presses Ctrl-C
  kCrashBefore,  // spool: a power cut before the call has done anything
  kCrashAfter,   // spool: a power cut after the call was durable, unheard
};

struct Fault {
  Edge edge = Edge::kSource;
  FaultKind kind = FaultKind::kNone;
  std::int64_t at_call = 0;  // of the edge, counted from when the fault is armed
};

/// The faults of one run. Shared between threads.
class SimFaults {
 public:
  void Plan(std::vector<Fault> faults) {
    const std::scoped_lock lock(mutex_);
    faults_ = std::move(faults);
    next_ = 0;
    fired_ = 0;
    armed_.reset();
  }

  /// The next fault may happen from now on.
  void Arm() {
    const std::scoped_lock lock(mutex_);
    if (armed_ || next_ == faults_.size()) return;
    armed_ = faults_[next_++];
  }

  /// Counts a call, and says what happens to it.
  FaultKind Call(Edge edge) {
    const std::scoped_lock lock(mutex_);
    if (!armed_ || armed_->edge != edge || armed_->at_call-- > 0) return FaultKind::kNone;
    const FaultKind kind = armed_->kind;
    armed_.reset();
    ++fired_;
    return kind;
  }

  /// How many happened in this run.
  int fired() const {
    const std::scoped_lock lock(mutex_);
    return fired_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Fault> faults_;
  std::size_t next_ = 0;
  std::optional<Fault> armed_;
  int fired_ = 0;
};

}  // namespace kura::sync
