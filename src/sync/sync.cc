// The door of the sync: a source's configuration becomes a Source, and its tables are run.
#include "sync/sync.h"

#include <mutex>
#include <set>
#include <utility>

#include "sync/mysql_source.h"
#include "sync/run.h"
#include "sync/warehouse_spool.h"

namespace kura::sync {
namespace {

// Two runs of one source at a time would drop each other's staging tables.
class RunLock {
 public:
  static Result<RunLock> Take(const warehouse::Warehouse* warehouse, const std::string& source) {
    const std::scoped_lock lock(mutex_);
    if (!running_.emplace(warehouse, source).second) {
      return Fail(Code::kConflict, "a sync of '{}' is already running", source);
    }
    return RunLock({warehouse, source});
  }
  ~RunLock() {
    if (key_.first == nullptr) return;
    const std::scoped_lock lock(mutex_);
    running_.erase(key_);
  }
  RunLock(RunLock&& other) noexcept : key_(std::exchange(other.key_, {})) {}
  RunLock& operator=(RunLock&&) = delete;

 private:
  using Key = std::pair<const warehouse::Warehouse*, std::string>;
  explicit RunLock(Key key) : key_(std::move(key)) {}

  static inline std::mutex mutex_;
  static inline std::set<Key> running_;
  Key key_;
};

}  // namespace

Result<SyncReport> SyncSource(const SourceConfig& source, warehouse::Warehouse& warehouse,
                              const Clock& clock, const SyncOptions& options) {
  const std::unique_ptr<Source> server = MakeMysqlSource(source.mysql);
  TRY(const RunLock lock, RunLock::Take(&warehouse, source.name));
  const std::unique_ptr<Spool> spool = MakeWarehouseSpool(source.name, warehouse);
  return SyncTables({source, *spool, clock, options}, *server);
}

}  // namespace kura::sync
