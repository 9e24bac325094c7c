// The door of the sync: a source's configuration becomes a Source, and its tables are run.
#include "sync/sync.h"

#include "sync/mysql_source.h"
#include "sync/run.h"

namespace kura::sync {

Result<SyncReport> SyncSource(const SourceConfig& source, warehouse::Warehouse& warehouse,
                              const Clock& clock, const SyncOptions& options) {
  const std::unique_ptr<Source> server = MakeMysqlSource(source.mysql);
  return SyncTables({source, warehouse, clock, options}, *server);
}

}  // namespace kura::sync
