// The door of the sync: a source's configuration becomes a Source, and its tables are run.
#include "sync/sync.h"

#include "sync/mysql_source.h"
#include "sync/run.h"
#include "sync/run_lock.h"
#include "sync/warehouse_spool.h"

namespace kura::sync {
Result<SyncReport> SyncSource(const SourceConfig& source, warehouse::Warehouse& warehouse,
                              const Clock& clock, const SyncOptions& options) {
  const std::unique_ptr<Source> server = MakeMysqlSource(source.mysql);
  TRY(const RunLock lock, RunLock::Take(&warehouse, source.name, "sync"));
  const std::unique_ptr<Spool> spool = MakeWarehouseSpool(source.name, warehouse);
  return SyncTables({source, *spool, clock, options}, *server);
}

}  // namespace kura::sync
