// cli/seed_sync.h: the part of `kura sync` that loads seeds/*.csv.
#pragma once
#include <string>
#include <vector>

#include "cli/app.h"
#include "sync/seeds.h"
#include "warehouse/warehouse.h"

namespace kura::cli {

/// Whom the tables of a command line mean.
struct SyncChoice {
  bool seeds = true;                       // load seeds,
  std::vector<std::string> seed_tables;    // these, or all when empty
  bool sources = true;                     // copy sources,
  std::vector<std::string> source_tables;  // these, or all when empty
};

/// Splits `tables`: "seeds" means all files of seeds/, a file's name that file; the others are the
/// sources'. Without tables everything is meant.
SyncChoice ChooseSeeds(const project::Project& project, const std::vector<std::string>& tables);

/// Whether there is a file to load.
bool HasSeeds(const project::Project& project);

/// Loads seeds and prints what happened; nothing when there are none. The exit code.
int SyncSeedFiles(const Globals& globals, const project::Project& project,
                  warehouse::Warehouse& warehouse, const sync::SeedsOptions& options);

}  // namespace kura::cli
