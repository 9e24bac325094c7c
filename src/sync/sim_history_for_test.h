// sync/sim_history_for_test.h: for tests: the versions of a simulated table, derived from nothing
// but what the table was after each commit, and compared with the history that was written.
#pragma once
#include <map>
#include <string>

#include "sync/sim_spool_for_test.h"

namespace kura::sync {

/// Follows the commits of a history's tables. For one thread at a time.
class HistoryOracle {
 public:
  /// Takes up a commit of `name`, whose history is kept or not. Tells how the history that is there
  /// differs from what it should be; "" when it does not.
  std::string Check(const std::string& name, const SpoolTable& landed, bool keeps_history);

 private:
  using Versions = std::map<SimCells, SimVersion>;  // by key
  std::map<std::string, Versions> open_;
  std::map<std::string, std::vector<SimVersion>> closed_;
};

}  // namespace kura::sync
