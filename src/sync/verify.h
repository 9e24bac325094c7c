// sync/verify.h: compares tables of the warehouse with their source: counts and keys of the whole
// table, values of as many key ranges as the time allows, so that over runs every row is compared.
//
// What changed after a table's last sync is no difference. The warehouse's side is one transaction,
// begun first; then the watermark, then one snapshot of the source, which is thus the newer one. A
// row whose cursor is from the last sync's position on (less the lookback, as a delta reads) is
// left out. A deleted row tells no time, so the number of rows that the last sync recorded decides:
// a table that has no more rows than that, and misses none, has only lost rows at the source since.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/time.h"
#include "sync/sync.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

struct VerifyOptions {
  std::vector<std::string> tables;  // empty = all that were synced
  double budget_s = 10;             // for comparing values, of all tables together
  bool repair = false;              // put right what differs, and verify again
  bool confirm_deletes = false;     // remove however many rows the source does not have
  std::int64_t range_rows = 50'000;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const Progress&)> on_progress;
};

/// kUndecided: a table without a cursor is not what the source has now, which may have changed
/// since the table was copied. kNotVerified: could not be compared, `note` says why.
enum class VerifyStatus { kEqual, kDiffers, kUndecided, kNotVerified };

/// "equal" | "differs" | "undecided" | "not_verified"
std::string_view VerifyStatusName(VerifyStatus status);

/// Rows of one kind, named by their keys.
struct FoundRows {
  std::int64_t count = 0;
  std::vector<std::string> keys;  // "17", "(7, 2026-11-25)"; the first ten
};

/// What was found about one table.
struct TableVerdict {
  std::string table;
  VerifyStatus status = VerifyStatus::kNotVerified;
  std::string key_name;          // "id", "(shop_id, day)"; "" without a primary key
  std::int64_t source_rows = 0;  // that were compared by key, at the source and here
  std::int64_t rows = 0;
  FoundRows missing;             // at the source only
  FoundRows extra;               // here only
  FoundRows doubled;             // keys that are here more than once
  FoundRows changed;             // other values here; the columns that differ follow the key
  std::int64_t miscounted = 0;   // rows here less rows of the last sync, that no key explains
  std::int64_t recent = 0;       // left out: changed at the source since the last sync
  std::int64_t gone = 0;         // left out: deleted at the source since the last sync
  std::int64_t values_rows = 0;  // rows whose values were compared in this run
  double values_share = 0;       // 0…1 of the rows: compared and equal, in this run or before
  Micros values_since = 0;       // when the oldest of these comparisons was; 0 = never
  Micros verified_through = 0;   // data up to this time has equal keys; 0 = never
  std::vector<std::string> not_compared;  // columns that are not copied as they are
  std::string note;                       // why it could not be verified or decided
  std::string hint;                       // what to do then
  std::int64_t repaired = 0;              // keys that were put right
  double keys_seconds = 0;                // reading every key
  double seconds = 0;
  std::optional<Error> error;
};

struct VerifyReport {
  std::string server;
  std::vector<TableVerdict> tables;
};

/// Verifies tables of one source. A table that fails does not stop the others; its error is in the
/// report. Results are kept in _kura.verifications. Errors (nothing was done): as SyncSource, and
/// kNotFound (a table that was never synced).
Result<VerifyReport> VerifySource(const SourceConfig& source, warehouse::Warehouse& warehouse,
                                  const Clock& clock, const VerifyOptions& options);

}  // namespace kura::sync
