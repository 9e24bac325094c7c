// Few threads and few events, so one lock and a short wait will do.
#include "sync/copy_board.h"

#include <chrono>

namespace kura::sync {
namespace {

// A range that a lost connection gave back is found by looking again, not by being told.
constexpr std::chrono::milliseconds kLookAgain(50);

}  // namespace

void CopyBoard::Add(RangedCopy* copy) {
  const std::scoped_lock lock(mutex_);
  helpers_.emplace(copy, 0);
  changed_.notify_all();
}

void CopyBoard::Remove(RangedCopy* copy) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return helpers_[copy] == 0; });
  helpers_.erase(copy);
}

void CopyBoard::SetTables(int count) {
  const std::scoped_lock lock(mutex_);
  tables_ = count;
}

void CopyBoard::TableDone() {
  const std::scoped_lock lock(mutex_);
  --tables_;
  changed_.notify_all();
}

RangedCopy* CopyBoard::Join() {
  std::unique_lock lock(mutex_);
  while (tables_ > 0) {
    for (auto& [copy, helpers] : helpers_) {
      if (!copy->wants_help()) continue;
      ++helpers;
      return copy;
    }
    changed_.wait_for(lock, kLookAgain);
  }
  return nullptr;
}

void CopyBoard::Leave(RangedCopy* copy) {
  const std::scoped_lock lock(mutex_);
  --helpers_[copy];
  changed_.notify_all();
}

}  // namespace kura::sync
