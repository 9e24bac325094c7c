// sync/load.h: rows of a read into a warehouse table, reading and writing at the same time. Memory
// is bounded by the batches in flight.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sync/source.h"
#include "sync/spool.h"

namespace kura::sync {

/// Compressing a row group (122,880 rows) keeps a writer away for a tenth of a second: with less
/// than a few of them in the queue the server waits meanwhile.
inline constexpr std::size_t kBytesInFlight = 48U << 20U;

/// Where rows go, and who is told on the way.
struct LoadTarget {
  TableSpool* spool = nullptr;
  Part part = Part::kStage;
  int writers = 1;                   // threads that write, each in a transaction of its own
  std::optional<std::size_t> range;  // of the table's copy: recorded with its rows; one writer
  std::size_t bytes_in_flight = kBytesInFlight;   // read and not yet handed over
  std::function<void(std::int64_t)> on_rows;      // rows so far, after each batch; may be empty
  std::function<void(std::string_view)> on_step;  // "before_stage_commit", "after_stage_commit"
};

/// What was loaded.
struct Loaded {
  std::int64_t rows = 0;
  std::vector<CoercedColumn> coerced;
};

/// Reads `request` from `session` into a part and commits it there. On an error the part is of no
/// use: with several writers some of the rows may be in it. Errors: those of the session's reads
/// and of the warehouse.
Result<Loaded> LoadRows(Session& session, const ReadRequest& request, const LoadTarget& target);

}  // namespace kura::sync
