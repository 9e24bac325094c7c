// sync/spool.h: the edge to where a source's tables land: staging that is durable by itself, and
// one transaction that changes data and position. The warehouse implements it; tests may fake it.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sql/staging.h"
#include "sync/source.h"
#include "warehouse/batch.h"
#include "warehouse/history_state.h"
#include "warehouse/state.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

/// The tables of one table's sync. kTarget is the one that questions read.
enum class Part { kTarget, kStage, kChanges, kKeys };

/// One piece of a copy that is done.
struct CopiedRange {
  std::int64_t rows = 0;
  std::vector<CoercedColumn> coerced;
};

/// A whole copy that is read in pieces: it outlives the run that began it.
struct Copy {
  Micros watermark =
      0;  // read before its first piece: changes since then are read again at its end
  std::string server_id;
  std::string columns_json;
  std::vector<KeyRange> ranges;
  std::map<std::size_t, CopiedRange> done;  // by the range's index
};

/// What the warehouse has of a table before a run.
struct Landed {
  bool exists = false;
  std::optional<warehouse::TableState> state;
  std::optional<warehouse::HistoryState> history;  // of this table, wherever it is kept
};

/// How the keys of the source's snapshot compare with a part and the changes.
struct KeyCheck {
  std::int64_t rows = 0;     // in the part
  std::int64_t gone = 0;     // of these, those that the source no longer has
  std::int64_t missing = 0;  // keys of the source that neither the part nor kChanges has
};

/// What a table's history takes up with a commit.
struct HistoryStep {
  bool whole = true;            // every row may be another; else those of kChanges and RemoveGone
  Micros at = 0;                // when the snapshot was taken
  Micros complete_through = 0;  // the table's, from this commit on
  std::string columns_json;     // the declared projection
};

/// What is recorded with the data, in its transaction.
struct Position {
  warehouse::TableState state;  // `version` is set by the spool
  bool whole = false;           // `coerced` is all that there is, or to be reconciled (coercions.h)
  std::vector<CoercedColumn> coerced;
  bool scrub = false;  // what the rows replace must not stay in the file: Spool::Scrub
  warehouse::SyncRun run;
};

/// Rows on their way into one part, in a transaction of their own. For one thread.
class SpoolWriter {
 public:
  virtual ~SpoolWriter() = default;
  virtual Status Append(const warehouse::Batch& batch) = 0;
  /// Makes the rows durable. Without it none of them is there.
  virtual Status Commit() = 0;
  /// The same, and with them that range `index` of the table's copy is done.
  virtual Status CommitRange(std::size_t index, const CopiedRange& range) = 0;
};

/// The values of one key.
using KeyValues = std::vector<warehouse::Value>;

/// One table's side of the warehouse. For one thread, except Write.
class TableSpool {
 public:
  virtual ~TableSpool() = default;
  /// Makes an empty part; what was there is dropped, with kStage the copy that had rows in it. Not
  /// for kTarget.
  virtual Status Create(Part part) = 0;
  /// Opens a writer, from any thread; several may write to one part.
  virtual Result<std::unique_ptr<SpoolWriter>> Write(Part part) = 0;
  virtual Result<std::int64_t> Count(Part part) = 0;
  /// Makes an empty kStage and records the copy that will fill it, in one transaction.
  virtual Status BeginCopy(const Copy& copy) = 0;
  /// The copy that was begun and has its rows in kStage, also by an earlier run.
  virtual Result<std::optional<Copy>> ReadCopy() = 0;
  /// Compares `part` and kChanges with kKeys.
  virtual Result<KeyCheck> CheckKeys(Part part) = 0;
  /// The keys that CheckKeys counts as missing, in the columns' order; at most `count_max`.
  virtual Result<std::vector<KeyValues>> ReadMissing(Part part, std::int64_t count_max) = 0;

  /// Runs `work` between begin and commit; rolls back when it fails.
  virtual Status InTransaction(const std::function<Status()>& work) = 0;
  /// Inside a transaction: kStage takes the target's place. Not in one that changed or removed rows
  /// of kStage: a log that is replayed after a power cut would look for them under the target's
  /// name.
  virtual Status Swap() = 0;
  /// The rows of kChanges replace those of `part` that have their keys.
  virtual Status Merge(Part part) = 0;
  /// Removes the rows of `part` whose key is not in kKeys.
  /// A target that keeps them marks them as deleted at `at`.
  virtual Status RemoveGone(Part part, Micros at) = 0;
  /// Before a swap: kStage gets the target's rows whose keys it lacks, `rows.columns` of them. A
  /// table that keeps what vanished marks them as deleted at `at`.
  virtual Status CarryOver(const sql::CarriedRows& rows, Micros at) = 0;
  /// The greatest value of the target's integer key, as text; "" without rows.
  virtual Result<std::string> ReadGreatestKey() = 0;
  /// When the target has changed, and before Drop: its history takes up what it has become. Returns
  /// what is to be said of it in the summary; "" for nothing.
  virtual Result<std::string> RecordHistory(const HistoryStep& step) = 0;
  virtual Status Record(const Position& position) = 0;

  /// Drops every part but the target, and forgets a copy. What cannot be dropped now, the next run
  /// drops.
  virtual Status Drop() = 0;
};

/// Where one source lands. Shared between threads.
class Spool {
 public:
  virtual ~Spool() = default;
  /// Makes the source's schema and the state tables, drops what a crash left of staging
  /// except copies that can go on, and tells what is there, by table. Errors: kConflict (written by
  /// a newer version), kUnavailable.
  virtual Result<std::map<std::string, Landed>> Prepare() = 0;
  /// Writes over what dropped rows left in the file, when a Record of this run or of one that did
  /// not get so far asked for it. Errors: those of the warehouse; the next run tries again.
  virtual Status Scrub() = 0;
  /// `table` must outlive what is returned.
  virtual Result<std::unique_ptr<TableSpool>> Open(const SourceTable& table) = 0;
};

}  // namespace kura::sync
