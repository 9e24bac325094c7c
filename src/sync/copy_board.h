// sync/copy_board.h: where workers without a table of their own find a ranged copy to help with.
#pragma once
#include <condition_variable>
#include <map>
#include <mutex>

#include "sync/ranged_copy.h"

namespace kura::sync {

/// Shared by the workers of one run.
class CopyBoard {
 public:
  /// Offers `copy` until its owner removes it; Remove waits for helpers to leave.
  void Add(RangedCopy* copy);
  void Remove(RangedCopy* copy);

  /// How many tables are still being copied: helpers wait for offers until there are none.
  void SetTables(int count);
  void TableDone();

  /// Waits for a copy that wants help and joins it; null when every table is done.
  RangedCopy* Join();
  void Leave(RangedCopy* copy);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<RangedCopy*, int> helpers_;
  int tables_ = 0;
};

}  // namespace kura::sync
