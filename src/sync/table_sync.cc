// The steps of one table. Order is what makes it correct: the watermark is read before the
// snapshot, rows and keys come from that one snapshot, data and position are committed together.
#include "sync/table_sync.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "sync/kill_point.h"
#include "sync/load.h"
#include "sync/watermark.h"

namespace kura::sync {
namespace {

constexpr double kProgressEverySeconds = 0.1;
constexpr std::int64_t kDeletesWithoutAWord = 1000;
// Compressing is most of a copy's work, so a second thread shares it where that pays.
constexpr std::int64_t kSecondWriterFrom = 200'000;

std::int64_t CountOf(const std::vector<CoercedColumn>& coerced) {
  std::int64_t count = 0;
  for (const CoercedColumn& column : coerced) count += column.count;
  return count;
}

class TableRun {
 public:
  TableRun(RunContext& run, Session& session, TablePlan plan)
      : run_(run), session_(session), plan_(std::move(plan)), started_(MonotonicSeconds()) {}

  Result<TableReport> Run() {
    report_.table = plan_.table.name;
    report_.note = plan_.note;
    started_at_ = run_.clock.Now();
    TRY(spool_, run_.spool.Open(plan_.table));
    Status done = RunOnce();
    if (done && incomplete_delta_) {
      // Rows that no delta can see, such as an insert with an old stamp: only a whole copy finds
      // them.
      incomplete_delta_ = false;
      plan_.delta = false;
      (void)spool_->Drop();
      report_.note = "rows were missing behind the cursor: copied whole";
      done = RunOnce();
    }
    if (!done) {
      (void)spool_->Drop();
      return tl::make_unexpected(done.error());
    }
    report_.mode = plan_.mode();
    report_.seconds = MonotonicSeconds() - started_;
    Report("done");
    KillPoint("after_table", report_.table);
    return report_;
  }

 private:
  Status RunOnce() {
    TRY_STATUS(Extract());
    if (run_.stop_watch.stopped()) return Fail(Code::kConflict, "stopped");
    Report("committing");
    TRY_STATUS(CheckGone());
    const std::scoped_lock lock(run_.commit_mutex);
    return Publish();
  }

  Status Extract() {
    TRY(watermark_, session_.ReadWatermark());
    WarnOfWatermark();
    TRY_STATUS(session_.BeginSnapshot());
    read_at_ = run_.clock.Now();
    KillPoint("before_stage_create", report_.table);
    const Part rows = plan_.delta ? Part::kChanges : Part::kStage;
    TRY_STATUS(spool_->Create(rows));
    KillPoint("after_stage_create", report_.table);
    Report("reading");
    TRY(const ReadRequest request, RowRequest());
    TRY(loaded_, LoadRows(session_, request, Target(rows)));
    if (plan_.delta) {
      TRY_STATUS(spool_->Create(Part::kKeys));
      ReadRequest keys;
      keys.table = &plan_.table;
      keys.columns = plan_.table.primary_key;
      LoadTarget target = Target(Part::kKeys);
      target.on_rows = nullptr;
      target.on_step = nullptr;
      TRY_STATUS(LoadRows(session_, keys, target).map([](const Loaded&) {}));
    }
    return session_.EndSnapshot();
  }

  void WarnOfWatermark() {
    if (!plan_.incremental) return;
    if (!watermark_.proven) {
      run_.Warn(
          "the account has no PROCESS privilege, so open transactions cannot be seen: the data "
          "counts as complete only up to an hour ago (GRANT PROCESS ON *.* shows them)");
    }
    if (!watermark_.held_by.empty()) {
      run_.Warn("the data is complete only up to " + watermark_.held_by + ", which is still open");
    }
    if (plan_.zone.empty() && plan_.cursor_clock == ClockKind::kWallClock) {
      run_.Warn(
          "datetime_zone is not set, so what DATETIME columns mean is unknown: deltas read 12 "
          "hours "
          "more than they would need to");
    }
  }

  Result<ReadRequest> RowRequest() const {
    ReadRequest request;
    request.table = &plan_.table;
    for (const SourceColumn& column : plan_.table.columns) request.columns.push_back(column.name);
    if (!plan_.delta) return request;
    request.cursor = plan_.cursor;
    TRY(const Micros since, EarliestWallClock(plan_.since, plan_.cursor_clock, plan_.zone));
    request.since_text = CursorText(since);
    return request;
  }

  LoadTarget Target(Part part) {
    LoadTarget target;
    target.spool = spool_.get();
    target.part = part;
    target.writers = plan_.table.rows_expected >= kSecondWriterFrom && !plan_.delta ? 2 : 1;
    target.on_rows = [this](std::int64_t rows) {
      rows_ = rows;
      const double now = MonotonicSeconds();
      if (now - last_progress_ < kProgressEverySeconds) return;
      last_progress_ = now;
      Report("reading");
    };
    target.on_step = [this](std::string_view step) { KillPoint(step, report_.table); };
    return target;
  }

  // The circuit breaker: a truncated or restored source must not empty the warehouse.
  Status CheckGone() {
    gone_ = 0;
    if (!plan_.delta) return {};
    TRY(gone_, spool_->CountGone(Part::kTarget));
    TRY(const std::int64_t before, spool_->Count(Part::kTarget));
    const std::int64_t limit = std::max(before / 100, kDeletesWithoutAWord);
    if (gone_ <= limit || run_.options.confirm_deletes) return {};
    return FailWithHint(
        Code::kConflict,
        fmt::format("{} of {} rows are gone at the source, more than the {} that are removed "
                    "without asking",
                    GroupDigits(gone_),
                    GroupDigits(before),
                    GroupDigits(limit)),
        "when that is right:  kura sync " + report_.table + " --confirm-deletes");
  }

  Status Publish() {
    if (Planted("state-before-data")) {
      TRY_STATUS(spool_->InTransaction([&] { return WriteState(); }));
      KillPoint("between_data_and_state", report_.table);
    }
    const Status committed = spool_->InTransaction([&] { return Change(); });
    if (incomplete_delta_) return {};  // Rolled back; the caller copies the table whole.
    TRY_STATUS(committed);
    KillPoint("after_commit", report_.table);
    return {};
  }

  // Inside the transaction: an Error rolls everything back.
  Status Change() {
    KillPoint("before_data", report_.table);
    TRY_STATUS(plan_.delta ? Merge() : Swap());
    if (incomplete_delta_) return Fail(Code::kConflict, "rows are missing behind the cursor");
    KillPoint("between_data_and_state", report_.table);
    if (!Planted("state-before-data")) TRY_STATUS(WriteState());
    KillPoint("before_commit", report_.table);
    return {};
  }

  Status Swap() {
    TRY_STATUS(spool_->Swap());
    rows_after_ = loaded_.rows;
    return {};
  }

  Status Merge() {
    if (loaded_.rows > 0) TRY_STATUS(spool_->Merge(Part::kTarget));
    if (gone_ > 0) TRY_STATUS(spool_->RemoveGone(Part::kTarget));
    TRY(rows_after_, spool_->Count(Part::kTarget));
    TRY(const std::int64_t keys, spool_->Count(Part::kKeys));
    incomplete_delta_ = rows_after_ != keys;
    return spool_->Drop();
  }

  Status WriteState() {
    report_.rows = loaded_.rows;
    report_.deleted = gone_;
    report_.coerced = CountOf(loaded_.coerced);
    report_.complete_through = watermark_.complete_through;
    Position position;
    position.state.source = run_.source.name;
    position.state.table = report_.table;
    position.state.mode = plan_.incremental ? "incremental" : "full";
    position.state.cursor = plan_.cursor;
    position.state.watermark = watermark_.complete_through;
    position.state.complete_through = watermark_.complete_through;
    position.state.read_at = read_at_;
    position.state.rows = rows_after_;
    position.state.server_id = run_.server_id;
    position.state.columns_json = plan_.columns_json;
    position.whole = !plan_.delta;
    position.coerced = loaded_.coerced;
    position.run = RunRow();
    return spool_->Record(position);
  }

  warehouse::SyncRun RunRow() const {
    warehouse::SyncRun run;
    run.source = run_.source.name;
    run.table = report_.table;
    run.started_at = started_at_;
    run.finished_at = run_.clock.Now();
    run.mode = plan_.mode();
    run.rows = report_.rows;
    run.deleted = report_.deleted;
    run.coerced = report_.coerced;
    return run;
  }

  void Report(const std::string& state) {
    if (!run_.options.on_progress) return;
    const double seconds = MonotonicSeconds() - started_;
    const double rate = seconds > 0 ? static_cast<double>(rows_) / seconds : 0;
    const std::int64_t expected = plan_.delta ? 0 : plan_.table.rows_expected;
    run_.options.on_progress({report_.table, plan_.mode(), state, rows_, expected, rate});
  }

  RunContext& run_;
  Session& session_;
  TablePlan plan_;
  const double started_;
  double last_progress_ = 0;
  std::unique_ptr<TableSpool> spool_;
  Watermark watermark_;
  Micros started_at_ = 0;
  Micros read_at_ = 0;
  Loaded loaded_;
  std::int64_t rows_ = 0;
  std::int64_t gone_ = 0;
  std::int64_t rows_after_ = 0;
  bool incomplete_delta_ = false;
  TableReport report_;
};

}  // namespace

Result<TableReport> SyncTable(RunContext& run, Session& session, TablePlan plan) {
  return TableRun(run, session, std::move(plan)).Run();
}

}  // namespace kura::sync
