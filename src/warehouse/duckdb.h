// warehouse/duckdb.h: opens DuckDB warehouses. A warehouse file is a generation (DESIGN §6):
// <folder>/warehouse/<n>.duckdb behind the symlink <folder>/warehouse.duckdb.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "warehouse/warehouse.h"

namespace kura::warehouse {

struct DuckDbOptions {
  std::string path{};             // the symlink, or empty for an in-memory database
  std::string temp_directory{};   // for spilling; empty = none
  std::string spool_directory{};  // the only folder that SQL may read; empty = none
  std::string memory_limit = "2GB";
  int threads = 0;  // 0 = the machine's
};

/// Opens the warehouse, creating its first generation when there is none; external access is off
/// and the configuration locked. One process owns a file: the caller holds .kura/owner.lock.
/// Errors: kConflict (another process has it), kUnavailable (disk, damaged file).
Result<std::unique_ptr<Warehouse>> OpenDuckDb(const DuckDbOptions& options);

}  // namespace kura::warehouse
