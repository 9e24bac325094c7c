// sync/run_lock.h: one run of a kind per source and warehouse at a time: two syncs would drop each
// other's staging tables.
#pragma once
#include <string>
#include <tuple>

#include "base/result.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

/// Held while it lives; within this process, which owns the warehouse.
class RunLock {
 public:
  /// `kind` is what runs: "sync". Errors: kConflict (one is running already).
  static Result<RunLock> Take(const warehouse::Warehouse* warehouse, const std::string& source,
                              const std::string& kind);
  ~RunLock();
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&&) = delete;

 private:
  using Key = std::tuple<const warehouse::Warehouse*, std::string, std::string>;
  explicit RunLock(Key key);

  Key key_;
};

}  // namespace kura::sync
