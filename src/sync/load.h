// sync/load.h: rows of a read into a warehouse table, reading and writing at the same time. Memory
// is bounded by the batches in flight.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sync/source.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

/// Where rows go, and who is told on the way.
struct LoadTarget {
  warehouse::Warehouse* warehouse = nullptr;
  std::string schema;
  std::string table;
  std::function<void(std::int64_t)> on_rows;      // rows so far, after each batch; may be empty
  std::function<void(std::string_view)> on_step;  // "before_stage_commit", "after_stage_commit"
};

/// What was loaded.
struct Loaded {
  std::int64_t rows = 0;
  std::vector<CoercedColumn> coerced;
};

/// Reads `request` from `session` into the (empty) target table and commits it there. On an error
/// nothing of it is visible. Errors: those of the session's reads and of the warehouse.
Result<Loaded> LoadRows(Session& session, const ReadRequest& request, const LoadTarget& target);

}  // namespace kura::sync
