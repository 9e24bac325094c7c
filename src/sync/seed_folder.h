// sync/seed_folder.h: which files of a project's folder seeds/ are tables, and whether they are
// right: what `kura validate` asks, without a warehouse.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "sql/catalogue.h"
#include "sync/seed_table.h"

namespace kura::sync {

/// Where the files are, and what kura.yaml says of them.
struct SeedsInput {
  std::string folder;                       // of the files; need not be there
  std::map<std::string, SeedConfig> seeds;  // by table
  std::string timezone;                     // what times without an offset mean
};

/// A file that makes a table.
struct SeedPath {
  std::string table;  // "targets"
  std::string file;   // "targets.csv"
  std::string name;   // "seeds/targets.csv", for messages
};

/// The schema of the tables.
inline constexpr std::string_view kSeedSchema = "raw_seeds";

/// Of files named as in the folder, those that make tables, in order. Others that people may have
/// meant so, and entries of kura.yaml without a file, are reported.
std::vector<SeedPath> ChooseSeedFiles(const std::vector<std::string>& files,
                                      const std::map<std::string, SeedConfig>& seeds,
                                      Diagnostics& diagnostics);

/// The same for the files that are there.
std::vector<SeedPath> ListSeeds(const SeedsInput& input, Diagnostics& diagnostics);

/// The bytes of a file. Errors: kInvalid (too large), kNotFound, kUnavailable.
Result<std::string> ReadSeed(const SeedsInput& input, const SeedPath& path);

/// What CheckSeed takes; `bytes` must outlive it.
SeedFile ToSeedFile(const SeedsInput& input, const SeedPath& path, std::string_view bytes);

/// Checks all files, and puts the tables that they make into `catalogue`.
void CheckSeeds(const SeedsInput& input, sql::Catalogue* catalogue, Diagnostics& diagnostics);

}  // namespace kura::sync
