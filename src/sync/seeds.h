// sync/seeds.h: the folder seeds/ of a project as tables raw_seeds.<file>: targets, code lists and
// campaigns that people keep in files. Each file is loaded whole in one transaction with the hash
// of its content, so an unchanged file costs a read and a bad one changes nothing.
#pragma once
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "sync/seed_folder.h"
#include "sync/sync.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

struct SeedsOptions {
  std::vector<std::string> tables;  // empty = all
  bool full = false;                // load unchanged files too
  bool drop_gone = false;           // drop the tables whose file is gone
};

/// `report` is as of any source; the mistakes behind its errors are in `diagnostics`.
struct SeedsReport {
  SyncReport report;
  Diagnostics diagnostics;
};

/// Loads the files that changed since they were loaded. A file with mistakes leaves its table as it
/// was and does not stop the others. Errors (nothing was done): kConflict (a sync of the seeds is
/// running), kUnavailable (the warehouse).
Result<SeedsReport> SyncSeeds(const SeedsInput& input, warehouse::Warehouse& warehouse,
                              const Clock& clock, const SeedsOptions& options);

}  // namespace kura::sync
