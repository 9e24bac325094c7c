// The steps of one table. Order is what makes it correct: the watermark is read before the
// snapshot, rows and keys come from that one snapshot, data and position are committed together.
#include "sync/table_sync.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "sync/coercions.h"
#include "sync/kill_point.h"
#include "sync/load.h"
#include "sync/stage.h"
#include "sync/watermark.h"
#include "warehouse/state.h"

namespace kura::sync {
namespace {

constexpr double kProgressEverySeconds = 0.1;
constexpr std::int64_t kDeletesWithoutAWord = 1000;

Result<std::int64_t> Count(warehouse::Connection& connection, const std::string& sql) {
  TRY(const auto stream, connection.Query(sql, {}));
  std::vector<warehouse::Value> row;
  TRY(const bool has_row, stream->Next(&row));
  if (!has_row || row.empty()) return Fail(Code::kInternal, "no count from the warehouse");
  const auto* count = std::get_if<std::int64_t>(&row[0]);
  if (count == nullptr) return Fail(Code::kInternal, "a count is not a number");
  return *count;
}

class TableRun {
 public:
  TableRun(RunContext& run, Session& session, TablePlan plan)
      : run_(run),
        session_(session),
        plan_(std::move(plan)),
        text_(run.source.name, plan_.table),
        started_(MonotonicSeconds()) {}

  Result<TableReport> Run() {
    report_.table = plan_.table.name;
    report_.note = plan_.note;
    started_at_ = run_.clock.Now();
    TRY(connection_, run_.warehouse.Connect());
    Status done = RunOnce();
    if (done && incomplete_delta_) {
      // Rows that no delta can see, such as an insert with an old stamp: only a whole copy finds
      // them.
      incomplete_delta_ = false;
      plan_.delta = false;
      DropStaging();
      report_.note = "rows were missing behind the cursor: copied whole";
      done = RunOnce();
    }
    if (!done) {
      DropStaging();
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
    TRY_STATUS(connection_->Execute(text_.CreateStage()));
    if (!plan_.delta && !plan_.table.comment.empty()) {
      TRY_STATUS(connection_->Execute(text_.CommentStage()));
    }
    KillPoint("after_stage_create", report_.table);
    Report("reading");
    TRY(const ReadRequest request, RowRequest());
    TRY(loaded_, LoadRows(session_, request, Target(text_.stage())));
    if (plan_.delta) {
      TRY_STATUS(connection_->Execute(text_.CreateKeys()));
      ReadRequest keys;
      keys.table = &plan_.table;
      keys.columns = plan_.table.primary_key;
      LoadTarget target = Target(text_.keys());
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

  LoadTarget Target(const std::string& table) {
    LoadTarget target;
    target.warehouse = &run_.warehouse;
    target.schema = text_.schema();
    target.table = table;
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
    TRY(gone_, Count(*connection_, text_.CountGone()));
    TRY(const std::int64_t before, Count(*connection_, text_.CountTarget()));
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
      TRY_STATUS(warehouse::InTransaction(*connection_, [&] { return WriteState(); }));
      KillPoint("between_data_and_state", report_.table);
    }
    const Status committed = warehouse::InTransaction(*connection_, [&] { return Change(); });
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
    TRY_STATUS(connection_->Execute(text_.DropTarget()));
    TRY_STATUS(connection_->Execute(text_.RenameStage()));
    rows_after_ = loaded_.rows;
    return {};
  }

  Status Merge() {
    if (loaded_.rows > 0) {
      TRY_STATUS(connection_->Execute(text_.DeleteStaged()));
      TRY_STATUS(connection_->Execute(text_.InsertStaged()));
    }
    if (gone_ > 0) TRY_STATUS(connection_->Execute(text_.DeleteGone()));
    TRY(rows_after_, Count(*connection_, text_.CountTarget()));
    TRY(const std::int64_t keys, Count(*connection_, text_.CountKeys()));
    incomplete_delta_ = rows_after_ != keys;
    TRY_STATUS(connection_->Execute(text_.DropStage()));
    return connection_->Execute(text_.DropKeys());
  }

  Status WriteState() {
    TRY(const auto previous,
        warehouse::ReadTableState(*connection_, run_.source.name, report_.table));
    warehouse::TableState state;
    state.source = run_.source.name;
    state.table = report_.table;
    state.mode = plan_.incremental ? "incremental" : "full";
    state.cursor = plan_.cursor;
    state.watermark = watermark_.complete_through;
    state.complete_through = watermark_.complete_through;
    state.read_at = read_at_;
    state.rows = rows_after_;
    state.version = (previous ? previous->version : 0) + 1;
    state.server_id = run_.server_id;
    state.columns_json = plan_.columns_json;
    TRY_STATUS(warehouse::WriteTableState(*connection_, state));
    TRY(report_.coerced, RecordCoercions(*connection_, run_.source.name, plan_, loaded_.coerced));
    report_.rows = loaded_.rows;
    report_.deleted = gone_;
    report_.complete_through = state.complete_through;
    return AppendRun();
  }

  Status AppendRun() {
    warehouse::SyncRun run;
    run.source = run_.source.name;
    run.table = report_.table;
    run.started_at = started_at_;
    run.finished_at = run_.clock.Now();
    run.mode = plan_.mode();
    run.rows = report_.rows;
    run.deleted = report_.deleted;
    run.coerced = report_.coerced;
    return warehouse::AppendSyncRun(*connection_, run);
  }

  // What cannot be dropped now, the next run drops when it starts.
  void DropStaging() {
    (void)connection_->Execute(text_.DropStage());
    (void)connection_->Execute(text_.DropKeys());
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
  StageText text_;
  const double started_;
  double last_progress_ = 0;
  std::unique_ptr<warehouse::Connection> connection_;
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
