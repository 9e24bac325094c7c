// sync/ranged_copy.h: a whole copy of a large table, range by range: short reads, several sessions
// at a time, and durable progress, so that a killed copy goes on. What changed meanwhile is read
// again at its end (table_sync.h), so the ranges need no common snapshot.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "base/result.h"
#include "sync/load.h"
#include "sync/plan.h"
#include "sync/source.h"
#include "sync/spool.h"

namespace kura::sync {

/// One table's copy. Shared between the sessions that read for it.
class RangedCopy {
 public:
  struct Hooks {
    std::function<void(std::int64_t)> on_rows;      // rows so far; from any of the threads
    std::function<void(std::string_view)> on_step;  // kill points
    std::function<bool()> stopped;
    std::size_t bytes_in_flight = 0;  // of each range that is read
  };

  /// `copy` says which ranges are done already. All references must outlive this.
  RangedCopy(const TablePlan& plan, TableSpool& spool, const Copy& copy, Hooks hooks);

  /// Reads ranges until none is left, then waits for those that helpers read. Errors: those of the
  /// session and the spool, also of a helper unless it only lost its connection.
  Status Run(Session& session);

  /// Reads ranges for another session's Run, until none is left. Errors: of this session; the range
  /// that failed goes to somebody else.
  Status Help(Session& session);

  /// Whether ranges wait that nobody reads.
  bool wants_help() const;

  /// Rows and coerced values of all ranges, once Run succeeded.
  std::int64_t rows() const;
  std::vector<CoercedColumn> coerced() const;

 private:
  std::optional<std::size_t> Take();
  Result<Loaded> ReadOne(Session& session, std::size_t index);
  Status ReadRanges(Session& session);
  void Done(std::size_t index, const CopiedRange& range);
  void GiveBack(std::size_t index, const Error& error, bool lost);

  const TablePlan& plan_;
  TableSpool& spool_;
  const std::vector<KeyRange> ranges_;
  const Hooks hooks_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::size_t> waiting_;
  int reading_ = 0;
  std::optional<Error> failure_;
  std::map<std::size_t, CopiedRange> done_;
  std::map<std::size_t, std::int64_t> rows_reading_;
};

}  // namespace kura::sync
