// The rows come from the snapshot that was compared, so their number is known: any other number
// means that the source does not find them by the keys that the warehouse has.
#include "sync/verify_repair.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/clock.h"
#include "base/text.h"
#include "sync/coercions.h"
#include "sync/history.h"
#include "sync/mysql_select.h"
#include "sync/run_lock.h"

namespace kura::sync {
namespace {

constexpr std::int64_t kDeletesWithoutAWord = 1000;
constexpr std::int64_t kReadByKeyMax = 20'000;
constexpr std::size_t kKeysPerRead = 2'000;
constexpr double kWaitForSyncSeconds = 15;

tl::unexpected<Error> CopyWhole(const std::string& table, std::string because) {
  return FailWithHint(
      Code::kConflict, std::move(because), "copy it whole:  kura sync " + table + " --full");
}

Status CheckDeletes(const VerifyContext& context, const VerifySide& side,
                    const TableVerdict& verdict) {
  const std::int64_t rows = side.state().rows;
  const std::int64_t limit = std::max(rows / 100, kDeletesWithoutAWord);
  const std::int64_t removed = verdict.extra.count + verdict.gone;
  if (removed <= limit || context.options.confirm_deletes) return {};
  return FailWithHint(
      Code::kConflict,
      fmt::format("{} of {} rows are not at the source, more than the {} that are "
                  "removed without asking",
                  GroupDigits(removed),
                  GroupDigits(rows),
                  GroupDigits(limit)),
      "when that is right:  kura verify " + verdict.table + " --repair --confirm-deletes");
}

bool CanBeAskedFor(const SourceTable& table, const std::vector<warehouse::Value>& key) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (!MysqlLiteral(*table.Find(table.primary_key[i]), key[i])) return false;
  }
  return true;
}

Result<RunLock> WaitForLock(const VerifyContext& context) {
  const double end = MonotonicSeconds() + kWaitForSyncSeconds;
  while (true) {
    Result<RunLock> lock = RunLock::Take(&context.warehouse, context.source.name, "sync");
    const bool give_up = MonotonicSeconds() > end || context.stop_watch.stopped();
    if (lock || give_up) return lock;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

Status WriteRecord(const VerifyContext& context, VerifySide& side, const Loaded& loaded) {
  warehouse::TableState state = side.state();
  TRY(const auto counts, side.Numbers(side.text().CountRows(), 1));
  state.rows = counts[0];
  ++state.version;
  TRY_STATUS(warehouse::WriteTableState(side.connection(), state));
  TRY_STATUS(RecordCoercions(side.connection(), context.source.name, side.plan(), loaded.coerced)
                 .map([](auto) {}));
  warehouse::SyncRun run;
  run.source = context.source.name;
  run.table = state.table;
  run.started_at = context.clock.Now();
  run.finished_at = run.started_at;
  run.mode = "repair";
  run.rows = loaded.rows;
  run.deleted = std::max<std::int64_t>(0, side.state().rows - state.rows);
  return warehouse::AppendSyncRun(side.connection(), run);
}

// Whatever the repaired rows were here, the history goes on with what they are.
Status WriteHistory(const VerifyContext& context, VerifySide& side) {
  HistoryStep step;
  step.at = context.clock.Now();
  step.complete_through = side.state().complete_through;
  step.columns_json = side.plan().columns_json;
  TRY_STATUS(RecordHistory(side.connection(), context.source.name, side.plan().table, step));
  return {};
}

}  // namespace

Result<Loaded> ReadRepair(const VerifyContext& context, Session& session, VerifySide& side,
                          const TableVerdict& verdict) {
  const std::string& name = verdict.table;
  TRY_STATUS(CheckDeletes(context, side, verdict));
  TRY(const auto keys, side.Query(side.text().ListWanted()));
  if (std::ssize(keys) > kReadByKeyMax) {
    return CopyWhole(name,
                     fmt::format("{} rows differ, more than are repaired one by one",
                                 GroupDigits(std::ssize(keys))));
  }
  if (keys.empty() && verdict.extra.count == 0) {
    return CopyWhole(name, "no keys tell which rows were lost");
  }
  TRY_STATUS(side.Execute(side.text().ClearRows()));
  Loaded loaded;
  for (std::size_t i = 0; i < keys.size(); i += kKeysPerRead) {
    ReadRequest request = side.Rows();
    for (std::size_t j = i; j < std::min(keys.size(), i + kKeysPerRead); ++j) {
      if (CanBeAskedFor(side.plan().table, keys[j])) request.keys.push_back(keys[j]);
    }
    if (request.keys.empty()) continue;
    TRY(const Loaded more, side.Load(session, request, sql::kComparedRows));
    loaded.rows += more.rows;
    loaded.coerced.insert(loaded.coerced.end(), more.coerced.begin(), more.coerced.end());
  }
  if (loaded.rows == std::ssize(keys)) return loaded;
  return CopyWhole(name, "the source does not find the differing rows by their keys");
}

Status WriteRepair(const VerifyContext& context, VerifySide& side, const Loaded& loaded) {
  TRY(const RunLock lock, WaitForLock(context));
  return warehouse::InTransaction(side.connection(), [&]() -> Status {
    TRY(const auto now,
        warehouse::ReadTableState(side.connection(), context.source.name, side.plan().table.name));
    if (!now || now->version != side.state().version) {
      return FailWithHint(
          Code::kConflict, "the table was synced while it was compared", "run the repair again");
    }
    for (const std::string& statement : side.text().Replace()) {
      TRY_STATUS(side.Execute(statement));
    }
    if (side.plan().table.keeps_history) TRY_STATUS(WriteHistory(context, side));
    return WriteRecord(context, side, loaded);
  });
}

}  // namespace kura::sync
