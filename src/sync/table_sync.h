// sync/table_sync.h: one table, once: watermark, snapshot, staging, and one short transaction that
// changes data and position together (invariant 2). What fails before that leaves the table as it
// was.
#pragma once
#include <mutex>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "sync/copy_board.h"
#include "sync/plan.h"
#include "sync/source.h"
#include "sync/spool.h"
#include "sync/stop_watch.h"
#include "sync/sync.h"

namespace kura::sync {

/// What the tables of one run share.
struct RunContext {
  const SourceConfig& source;
  Spool& spool;
  const Clock& clock;
  const SyncOptions& options;
  const StopWatch& stop_watch;
  std::string server_id;
  CopyBoard board;
  std::mutex commit_mutex;  // one committer: commits wait for each other, reads do not
  std::mutex warnings_mutex;
  std::set<std::string> warnings;

  /// Keeps a warning for the summary, once. From any thread.
  void Warn(const std::string& warning);
};

/// Copies one table by `plan` on `session`. Its staging tables are gone afterwards, whatever
/// happens, except those of a ranged copy, which the next run goes on with. Errors: those of the
/// session and the warehouse, kConflict (stopped, or more rows vanished at the source than may be
/// removed without a word).
Result<TableReport> SyncTable(RunContext& run, Session& session, TablePlan plan);

}  // namespace kura::sync
