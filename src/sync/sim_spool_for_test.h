// sync/sim_spool_for_test.h: for tests: a warehouse in memory that keeps apart what is durable and
// what a power cut takes: rows of writers that have not committed, and an open transaction.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sync/sim_faults_for_test.h"
#include "sync/spool.h"

namespace kura::sync {

using SimCells = std::vector<std::optional<std::int64_t>>;

/// One version of a row.
struct SimVersion {
  SimCells cells;
  Micros from = 0;
  std::optional<Micros> to;
  bool operator==(const SimVersion&) const = default;
};

/// What a history could do wrong, planted.
enum class HistoryMistake {
  kNone,
  kOfUnchanged,  // rows that are read again are new versions
  kGoneOpen,     // deleted rows are not closed
  kGapUnseen,    // what changed while it was off is not looked for
};

/// One table and what lies beside it.
struct SpoolTable {
  std::map<Part, std::vector<SimCells>> parts;
  std::optional<warehouse::TableState> state;
  std::optional<Copy> copy;
  // How the last commit came about: one read of the whole table, or pieces of several moments.
  bool whole = false;
  bool from_ranges = false;
  std::vector<warehouse::SyncRun> runs;
  std::vector<SimVersion> history;
  std::int64_t history_version = 0;  // of the state, when it was last recorded
};

/// What outlives a power cut. Shared between the threads of a run.
class SimDisk {
 public:
  explicit SimDisk(SimFaults& faults) : faults_(faults) {}

  /// Runs `work` on what is durable, as one call: it may fail before, or be cut before or after.
  Status Call(const std::function<Status()>& work);
  /// The machine is on again.
  void Restart() { crashed_ = false; }

  std::mutex mutex;
  std::map<std::string, SpoolTable> tables;
  /// Called when a transaction has become durable, from the thread that runs the table's sync.
  std::function<void(const std::string& table, const SpoolTable&)> on_commit;
  /// What no spool should be asked to do, found while it ran.
  std::string violation;  // under the mutex
  /// A planted mistake: a part that a crash left is used as it is.
  bool keeps_parts = false;
  HistoryMistake history_mistake = HistoryMistake::kNone;

 private:
  SimFaults& faults_;
  std::atomic<bool> crashed_ = false;
};

/// A spool on `disk`, for one run.
class SimSpool : public Spool {
 public:
  explicit SimSpool(SimDisk& disk) : disk_(disk) {}
  Result<std::map<std::string, Landed>> Prepare() override;
  Status Scrub() override { return {}; }
  Result<std::unique_ptr<TableSpool>> Open(const SourceTable& table) override;

 private:
  SimDisk& disk_;
};

}  // namespace kura::sync
