// sync/run.h: a run over the tables of one source, whatever kind of source it is: choose and plan
// the tables, read several at a time, retry lost connections, report each table on its own.
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "sync/source.h"
#include "sync/spool.h"
#include "sync/sync.h"

namespace kura::sync {

/// What a run works on.
struct RunInput {
  const SourceConfig& source;
  Spool& spool;
  const Clock& clock;
  const SyncOptions& options;
};

/// Runs the chosen tables of `server`. Errors: as SyncSource.
Result<SyncReport> SyncTables(const RunInput& input, Source& server);

}  // namespace kura::sync
