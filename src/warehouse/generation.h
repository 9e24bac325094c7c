// warehouse/generation.h: which file a warehouse is in. <folder>/warehouse.duckdb is a symlink to
// <folder>/warehouse/<n>.duckdb; it is swapped by rename, and a file is never renamed over a live
// one, since DuckDB would replay the old one's log into it (DESIGN §6).
#pragma once
#include <string>

#include "base/result.h"

namespace kura::warehouse {

/// The file behind the symlink `path`. When there is nothing at `path`, makes the folders and the
/// symlink to a first generation, whose file DuckDB creates. A plain file at `path` is itself.
/// Errors: kUnavailable.
Result<std::string> CurrentGeneration(const std::string& path);

/// A path for a new generation, whose file does not exist yet. Errors: kUnavailable.
Result<std::string> NewGeneration(const std::string& path);

/// Makes `file`, which NewGeneration gave, the current one: atomically, and on the disk when this
/// returns. Errors: kUnavailable.
Status PublishGeneration(const std::string& path, const std::string& file);

/// Makes the names in a folder survive a power cut. Errors: kUnavailable.
Status FlushFolder(const std::string& folder);

}  // namespace kura::warehouse
