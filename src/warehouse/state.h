// warehouse/state.h: owns the _kura.* tables: what has been synced, how far, and what could not be
// represented. Written in the same transaction as the data they describe (invariant 2).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "warehouse/warehouse.h"

namespace kura::warehouse {

inline constexpr int kStateVersion = 3;

/// The mode of tables that are loaded from files of the project: they are never late.
inline constexpr std::string_view kSeedMode = "seed";

/// One row of _kura.sync_state: the position and the meaning of one synced table.
struct TableState {
  std::string source;  // "shop"; the table is raw_<source>.<table>
  std::string table;
  std::string mode;             // "full" | "incremental" | kSeedMode
  std::string cursor;           // the cursor column, "" in full mode
  Micros watermark = 0;         // W in UTC: every change up to it is in the table
  Micros complete_through = 0;  // what questions are told (DESIGN §11.2)
  Micros read_at = 0;
  std::int64_t rows = 0;
  std::int64_t version = 0;  // grows by one with each commit
  std::string server_id;     // identity of the source's server
  std::string columns_json;  // names, types, zones, comments: the declared projection
};

/// One row of _kura.coercions: values of one column that could not be represented.
struct Coercion {
  std::string source;
  std::string table;
  std::string column;
  std::string reason;  // "zero_date", "partial_date", …
  std::int64_t count = 0;
  std::string sample_keys;  // a few primary keys, comma separated
};

/// One row of _kura.sync_runs.
struct SyncRun {
  std::string source;
  std::string table;
  Micros started_at = 0;
  Micros finished_at = 0;
  std::string mode;  // "copy" | "delta" | "full"
  std::int64_t rows = 0;
  std::int64_t deleted = 0;
  std::int64_t coerced = 0;
};

/// One row of _kura.sync_copies: a whole copy that is read in ranges and outlives a run. What the
/// ranges are is the sync's business, so they are JSON here.
struct CopyState {
  std::string source;
  std::string table;
  Micros watermark = 0;
  std::string server_id;
  std::string columns_json;
  std::string ranges_json;
};

/// One row of _kura.sync_copied_ranges: the rows of this range are in the staging table.
struct CopiedRangeState {
  std::string source;
  std::string table;
  std::int64_t index = 0;
  std::int64_t rows = 0;
  std::string coerced_json;
};

/// One row of _kura.verifications: how far a table was compared with its source. A time of 0 is
/// none. What the ranges are is the sync's business, so they are JSON here.
struct Verification {
  std::string source;
  std::string table;
  Micros checked_at = 0;
  std::string status;           // "equal" | "differs" | "undecided"
  Micros verified_through = 0;  // all keys were equal, for data up to this time
  double values_share = 0;      // of the rows, those whose values were compared and equal: 0…1
  Micros values_since = 0;      // when the oldest of these comparisons was
  Micros mismatch_at = 0;       // the last time that something differed, and what
  std::string mismatch;
  std::string ranges_json;
};

/// Creates or migrates the schema _kura. Errors: kConflict (written by a newer version).
Status PrepareState(Connection& connection);

Result<std::optional<TableState>> ReadTableState(Connection& connection, const std::string& source,
                                                 const std::string& table);
Result<std::vector<TableState>> ReadAllStates(Connection& connection);

/// Each replaces what was recorded for the table; call them inside the data's transaction.
Status WriteTableState(Connection& connection, const TableState& state);
/// Forgets a table that is dropped in the same transaction.
Status ForgetTableState(Connection& connection, const std::string& source,
                        const std::string& table);
Status WriteCoercions(Connection& connection, const std::string& source, const std::string& table,
                      const std::vector<Coercion>& coercions);
/// Each write belongs into the transaction of the rows that it describes.
Result<std::vector<CopyState>> ReadCopies(Connection& connection, const std::string& source);
Result<std::vector<CopiedRangeState>> ReadCopiedRanges(Connection& connection,
                                                       const std::string& source);
Status WriteCopy(Connection& connection, const CopyState& copy);
Status WriteCopiedRange(Connection& connection, const CopiedRangeState& range);
Status ForgetCopy(Connection& connection, const std::string& source, const std::string& table);

Status AppendSyncRun(Connection& connection, const SyncRun& run);

Result<std::vector<Verification>> ReadVerifications(Connection& connection,
                                                    const std::string& source);
/// Replaces what was recorded for the table.
Status WriteVerification(Connection& connection, const Verification& verification);
/// When a table was last copied whole; 0 = never.
Result<Micros> ReadLastWholeCopy(Connection& connection, const std::string& source,
                                 const std::string& table);

}  // namespace kura::warehouse
