// The steps of one table. Order is what makes it correct: the watermark is read before the
// snapshot, rows and keys come from that one snapshot, data and position are committed together.
#include "sync/table_sync.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "sync/append.h"
#include "sync/kill_point.h"
#include "sync/load.h"
#include "sync/ranged_copy.h"
#include "sync/watermark.h"

namespace kura::sync {
namespace {

constexpr double kProgressEverySeconds = 0.1;
constexpr std::int64_t kDeletesWithoutAWord = 1000;
// Rows that a delta does not see are read by their keys; more of them mean that the cursor is of no
// use, and the table is copied whole.
constexpr std::int64_t kReadByKeyMax = 10'000;
// How long an append-only table waits for what is older than its last row.
constexpr double kKeyBoundWaitSeconds = 10;
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
    if (done && incomplete_) {
      // More rows than can be read one by one: only a whole copy in one snapshot finds them.
      incomplete_ = false;
      plan_.delta = false;
      plan_.ranged = false;
      base_ = Part::kTarget;
      (void)spool_->Drop();
      report_.note = "rows were missing behind the cursor: copied whole";
      done = RunOnce();
    }
    if (!done) {
      if (!plan_.ranged) (void)spool_->Drop();
      return tl::make_unexpected(done.error());
    }
    AlsoSay(plan_.history_note);
    report_.mode = plan_.mode();
    report_.seconds = MonotonicSeconds() - started_;
    Report("done");
    KillPoint("after_table", report_.table);
    return report_;
  }

 private:
  Status RunOnce() {
    if (plan_.ranged) TRY_STATUS(CopyRanges());
    TRY_STATUS(Extract());
    if (run_.stop_watch.stopped()) return Fail(Code::kConflict, "stopped");
    Report("committing");
    TRY_STATUS(CheckDeletes());
    const std::scoped_lock lock(run_.commit_mutex);
    return Publish();
  }

  // Changes of a delta or of what a ranged copy took its time for, or else the whole table.
  bool reads_changes() const { return plan_.delta || plan_.ranged; }

  Status Extract() {
    if (plan_.by_key) {
      TRY_STATUS(BoundRead());
    } else {
      TRY(watermark_, session_.ReadWatermark());
    }
    WarnOfWatermark();
    TRY_STATUS(session_.BeginSnapshot());
    read_at_ = run_.clock.Now();
    TRY_STATUS(reads_changes() ? ReadChanges() : ReadWhole());
    return session_.EndSnapshot();
  }

  // Up to the greatest key that nothing can come before any more (append.h). The warehouse's own
  // greatest key is where the next run goes on.
  Status BoundRead() {
    const auto stopped = [this] { return run_.stop_watch.stopped(); };
    TRY(const KeyBound bound, BoundKeys(session_, plan_.table, kKeyBoundWaitSeconds, stopped));
    watermark_ = bound.watermark;
    upper_ = bound.upper;
    if (plan_.delta) {
      TRY(const std::string last, spool_->ReadGreatestKey());
      if (!last.empty()) lower_ = KeyAfter(last);
    }
    if (!bound.is_held) return {};
    const std::string held_by =
        watermark_.held_by.empty() ? "a transaction of the source" : watermark_.held_by;
    if (!plan_.delta) {
      return FailWithHint(
          Code::kConflict,
          held_by + " is still open, and may add rows before the last ones",
          "run again when it has ended, or name a time instead of the key:  cursor:");
    }
    report_.note = "nothing new was read: " + held_by + " is still open";
    upper_ = lower_.empty() ? upper_ : lower_;
    watermark_.complete_through = plan_.since + plan_.lookback;
    return {};
  }

  // Without proof that all that is older has been seen, keys are compared in each run.
  bool compares_keys() const { return !plan_.appends || !plan_.delta || !watermark_.proven; }

  Status ReadWhole() {
    KillPoint("before_stage_create", report_.table);
    TRY_STATUS(spool_->Create(Part::kStage));
    KillPoint("after_stage_create", report_.table);
    Report("reading");
    TRY(loaded_, LoadRows(session_, AllRows(), Target(Part::kStage)));
    return {};
  }

  // The ranges that an earlier run left, or new ones. Each is durable by itself.
  Status CopyRanges() {
    TRY(std::optional<Copy> copy, spool_->ReadCopy());
    if (!copy || copy->server_id != run_.server_id || copy->columns_json != plan_.columns_json) {
      TRY(copy, BeginCopy());
      if (!copy) {
        plan_.ranged = false;
        return {};
      }
    } else if (!copy->done.empty()) {
      report_.note =
          fmt::format("went on after {} of {} ranges", copy->done.size(), copy->ranges.size());
    }
    Report("reading");
    RangedCopy::Hooks hooks;
    hooks.on_rows = [this](std::int64_t rows) { ReportRows(rows); };
    hooks.on_step = [this](std::string_view step) { KillPoint(step, report_.table); };
    hooks.stopped = [this] { return run_.stop_watch.stopped(); };
    hooks.bytes_in_flight =
        kBytesInFlight / static_cast<std::size_t>(std::max(1, run_.options.connections));
    RangedCopy ranged(plan_, *spool_, *copy, std::move(hooks));
    run_.board.Add(&ranged);
    const Status done = ranged.Run(session_);
    run_.board.Remove(&ranged);
    TRY_STATUS(done);
    loaded_ = {ranged.rows(), ranged.coerced()};
    base_ = Part::kStage;
    plan_.since = copy->watermark - plan_.lookback;
    return {};
  }

  // Nothing when the table cannot be cut.
  Result<std::optional<Copy>> BeginCopy() {
    Copy copy;
    TRY(const Watermark watermark, session_.ReadWatermark());
    copy.watermark = watermark.complete_through;
    copy.server_id = run_.server_id;
    copy.columns_json = plan_.columns_json;
    TRY(copy.ranges, session_.SplitKeys(plan_.table, run_.options.range_rows));
    if (copy.ranges.empty()) return std::optional<Copy>();
    TRY_STATUS(spool_->BeginCopy(copy));
    return std::optional<Copy>(std::move(copy));
  }

  // What changed since, every key of the snapshot, and the rows that neither knows of: inserted
  // with an old stamp, or given another key without a new stamp.
  Status ReadChanges() {
    KillPoint("before_stage_create", report_.table);
    TRY_STATUS(spool_->Create(Part::kChanges));
    KillPoint("after_stage_create", report_.table);
    if (plan_.delta) Report("reading");
    TRY(const ReadRequest request, ChangedRows());
    TRY(const Loaded changes, LoadRows(session_, request, Target(Part::kChanges)));
    Add(changes);
    changed_ = changes.rows;
    if (!compares_keys()) return {};
    TRY_STATUS(spool_->Create(Part::kKeys));
    ReadRequest keys;
    keys.table = &plan_.table;
    keys.columns = plan_.table.primary_key;
    if (!upper_.empty()) keys.range.upper = {upper_};
    TRY_STATUS(LoadRows(session_, keys, Quiet(Part::kKeys)).map([](const Loaded&) {}));
    TRY(keys_, spool_->CheckKeys(base_));
    // The source does not know its keys by their masks: such a table is copied whole then.
    const bool can_ask = keys_.missing <= kReadByKeyMax && !plan_.table.has_masked_key();
    if (keys_.missing > 0 && can_ask) TRY_STATUS(ReadMissing());
    return {};
  }

  Status ReadMissing() {
    ReadRequest request = AllRows();
    TRY(request.keys, spool_->ReadMissing(base_, kReadByKeyMax));
    TRY(const Loaded missing, LoadRows(session_, request, Quiet(Part::kChanges)));
    Add(missing);
    changed_ += missing.rows;
    missing_read_ = true;
    report_.note = GroupDigits(missing.rows) + (missing.rows == 1 ? " row" : " rows") +
                   " behind the cursor, read by key: does every writer set " + plan_.cursor + "?";
    if (!plan_.table.where.empty()) report_.note += " or did they come into 'where'?";
    return {};
  }

  // A ranged copy has its own rows already; a delta starts from none.
  void Add(const Loaded& more) {
    loaded_.rows += more.rows;
    loaded_.coerced.insert(loaded_.coerced.end(), more.coerced.begin(), more.coerced.end());
  }

  void WarnOfWatermark() {
    if (!plan_.incremental) return;
    if (!watermark_.proven) {
      const std::string& because = watermark_.unproven_because;
      run_.Warn((because.empty() ? "open transactions cannot be seen" : because) +
                ": the data counts as complete only up to an hour ago, and that is not proven");
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

  ReadRequest AllRows() const {
    ReadRequest request;
    request.table = &plan_.table;
    for (const SourceColumn& column : plan_.table.columns) request.columns.push_back(column.name);
    if (!upper_.empty()) request.range.upper = {upper_};
    return request;
  }

  Result<ReadRequest> ChangedRows() const {
    ReadRequest request = AllRows();
    if (plan_.by_key) {
      if (!lower_.empty()) request.range.lower = {lower_};
      return request;
    }
    request.cursor = plan_.cursor;
    TRY(const Micros since, EarliestWallClock(plan_.since, plan_.cursor_clock, plan_.zone));
    request.since_text = CursorText(since);
    return request;
  }

  LoadTarget Quiet(Part part) {
    LoadTarget target;
    target.spool = spool_.get();
    target.part = part;
    return target;
  }

  LoadTarget Target(Part part) {
    LoadTarget target = Quiet(part);
    const bool is_large = plan_.table.rows_expected >= kSecondWriterFrom;
    target.writers = is_large && !reads_changes() ? 2 : 1;
    const std::int64_t before = loaded_.rows;
    target.on_rows = [this, before](std::int64_t rows) { ReportRows(before + rows); };
    target.on_step = [this](std::string_view step) { KillPoint(step, report_.table); };
    return target;
  }

  // The circuit breaker: a truncated or restored source must not empty the warehouse. A table that
  // is always copied whole may shrink as it likes by half: such tables are rewritten by their jobs.
  Status CheckDeletes() {
    // What the source no longer has stays; the first copy that keeps it has no count of before.
    const bool begins_to_keep = plan_.table.keeps_deleted && !plan_.carried.has_deleted_at;
    if (plan_.appends || begins_to_keep) return {};
    gone_ = plan_.delta ? keys_.gone : 0;
    if (!plan_.replaces || plan_.redefines || run_.options.confirm_deletes) return {};
    std::int64_t before = keys_.rows;
    std::int64_t limit = std::max(before / 100, kDeletesWithoutAWord);
    std::int64_t lost = gone_;
    if (!plan_.delta) {
      TRY(before, spool_->Count(Part::kTarget));
      lost = before - loaded_.rows;
      limit = std::max(before / 2, kDeletesWithoutAWord);
    }
    if (lost <= limit) return {};
    return FailWithHint(
        Code::kConflict,
        fmt::format("{} of {} rows are gone at the source, more than the {} that are removed "
                    "without asking",
                    GroupDigits(lost),
                    GroupDigits(before),
                    GroupDigits(limit)),
        "when that is right:  kura sync " + report_.table + " --confirm-deletes");
  }

  Status Publish() {
    if (Planted("state-before-data")) {
      TRY_STATUS(spool_->InTransaction([&] { return WriteState(); }));
      KillPoint("between_data_and_state", report_.table);
    }
    if (plan_.ranged) {
      const Status merged = spool_->InTransaction([&] { return MergeChanges(); });
      if (incomplete_) return {};
      TRY_STATUS(merged);
      KillPoint("after_stage_merge", report_.table);
    }
    const Status committed = spool_->InTransaction([&] { return Change(); });
    if (incomplete_) return {};  // Rolled back; the caller copies the table whole.
    TRY_STATUS(committed);
    KillPoint("after_commit", report_.table);
    if (Planted("history-apart")) return spool_->InTransaction([&] { return RecordHistory(); });
    return {};
  }

  // Inside the transaction: an Error rolls everything back.
  Status Change() {
    KillPoint("before_data", report_.table);
    if (plan_.delta) TRY_STATUS(MergeChanges());
    if (!plan_.delta) TRY_STATUS(Swap());
    if (plan_.records && !Planted("history-apart")) TRY_STATUS(RecordHistory());
    TRY_STATUS(spool_->Drop());
    KillPoint("between_data_and_state", report_.table);
    if (!Planted("state-before-data")) TRY_STATUS(WriteState());
    KillPoint("before_commit", report_.table);
    return {};
  }

  Status Swap() {
    const bool carries = plan_.table.keeps_deleted || (plan_.appends && plan_.replaces);
    if (carries) TRY_STATUS(spool_->CarryOver(plan_.carried, read_at_));
    TRY_STATUS(spool_->Swap());
    if (!plan_.appends) return {};
    TRY(rows_after_, spool_->Count(Part::kTarget));
    return {};
  }

  Status RecordHistory() {
    const Micros through = watermark_.complete_through;
    const HistoryStep step{!plan_.delta, read_at_, through, plan_.columns_json};
    TRY(const std::string note, spool_->RecordHistory(step));
    AlsoSay(note);
    return {};
  }

  void AlsoSay(const std::string& note) {
    if (!note.empty()) report_.note += (report_.note.empty() ? "" : "; ") + note;
  }

  // Never in the transaction of Swap: DuckDB 1.5 writes changes of rows to its log under the name
  // that the table has at the end, so that a log that is replayed looks for them in another table,
  // or in none (ranged_test.cc). A copy that is ended after this goes on, and merges once more.
  Status MergeChanges() {
    TRY_STATUS(Merge());
    if (incomplete_) return Fail(Code::kConflict, "rows are missing behind the cursor");
    return {};
  }

  Status Merge() {
    if (changed_ > 0) TRY_STATUS(spool_->Merge(base_));
    if (plan_.appends && plan_.delta) {
      incomplete_ = keys_.missing > 0 && !missing_read_;
      TRY(rows_after_, spool_->Count(base_));
      return {};
    }
    if (keys_.gone > 0) TRY_STATUS(spool_->RemoveGone(base_, read_at_));
    TRY(const std::int64_t rows, spool_->Count(base_));
    TRY(const std::int64_t keys, spool_->Count(Part::kKeys));
    incomplete_ = rows != keys;
    rows_after_ = rows;
    return {};
  }

  Status WriteState() {
    if (!reads_changes() && !plan_.appends) rows_after_ = loaded_.rows;
    report_.rows = plan_.delta ? loaded_.rows : rows_after_;
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
    position.scrub = plan_.unmasks;
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

  // From any of the threads that read for this table; whoever comes too often is not heard.
  void ReportRows(std::int64_t rows) {
    const std::unique_lock lock(progress_mutex_, std::try_to_lock);
    if (!lock) return;
    rows_ = rows;
    const double now = MonotonicSeconds();
    if (now - last_progress_ < kProgressEverySeconds) return;
    last_progress_ = now;
    Report("reading");
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
  Part base_ = Part::kTarget;  // what the changes are merged into
  KeyCheck keys_;
  std::mutex progress_mutex_;
  std::int64_t rows_ = 0;
  std::int64_t changed_ = 0;  // rows in kChanges
  bool missing_read_ = false;
  std::string lower_;  // append by key: the first key that is read, and the first that is not
  std::string upper_;
  std::int64_t gone_ = 0;
  std::int64_t rows_after_ = 0;
  bool incomplete_ = false;
  TableReport report_;
};

}  // namespace

Result<TableReport> SyncTable(RunContext& run, Session& session, TablePlan plan) {
  return TableRun(run, session, std::move(plan)).Run();
}

}  // namespace kura::sync
