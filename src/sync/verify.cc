// One session goes through the tables, the smallest first, so that the time they do not need is
// left for the large ones.
#include "sync/verify.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "sync/mysql_source.h"
#include "sync/run_lock.h"
#include "sync/stop_watch.h"
#include "sync/verify_table.h"
#include "warehouse/state.h"

namespace kura::sync {
namespace {

struct Job {
  std::string table;
  const SourceTable* described = nullptr;  // null: no longer at the source
  std::int64_t rows = 0;
  bool is_full = false;  // copied whole each time
};

class Verification {
 public:
  Verification(const VerifyContext& context, Source& server, StopWatch& stop_watch)
      : context_(context), server_(server), stop_watch_(stop_watch) {}

  Result<VerifyReport> Go(std::unique_ptr<Session> session) {
    session_ = std::move(session);
    TRY(tables_, session_->ReadTables());
    TRY_STATUS(Choose());
    std::map<std::string, TableVerdict> verdicts;
    double spare_s = context_.options.budget_s;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      const double before = MonotonicSeconds();
      const double share_s = spare_s / static_cast<double>(jobs_.size() - i);
      verdicts[jobs_[i].table] = VerifyOne(jobs_[i], share_s);
      if (stop_watch_.stopped()) break;
      spare_s -= std::min(share_s, MonotonicSeconds() - before);
    }
    VerifyReport report;
    report.server = server_.description();
    for (auto& [name, verdict] : verdicts) report.tables.push_back(std::move(verdict));
    return report;
  }

 private:
  Status Choose() {
    TRY(const auto connection, context_.warehouse.Connect());
    TRY_STATUS(warehouse::PrepareState(*connection));
    TRY(const auto states, warehouse::ReadAllStates(*connection));
    std::vector<std::string> known;
    const std::vector<std::string>& asked = context_.options.tables;
    for (const warehouse::TableState& state : states) {
      if (state.source != context_.source.name) continue;
      known.push_back(state.table);
      const bool wanted = asked.empty()
                              ? IsCopied(state.table)
                              : std::find(asked.begin(), asked.end(), state.table) != asked.end();
      if (wanted)
        jobs_.push_back({state.table, Find(state.table), state.rows, state.mode == "full"});
    }
    for (const std::string& name : asked) TRY_STATUS(CheckKnown(name, known));
    if (jobs_.empty()) {
      return FailWithHint(Code::kNotFound,
                          fmt::format("no table of '{}' was synced yet", context_.source.name),
                          "copy them first:  kura sync");
    }
    std::stable_sort(
        jobs_.begin(), jobs_.end(), [](const Job& a, const Job& b) { return a.rows < b.rows; });
    return {};
  }

  // A table that kura.yaml no longer names stays in the warehouse as it is.
  bool IsCopied(const std::string& table) const {
    return context_.source.tables.empty() || context_.source.tables.count(table) != 0;
  }

  Status CheckKnown(const std::string& name, const std::vector<std::string>& known) const {
    if (std::find(known.begin(), known.end(), name) != known.end()) return {};
    const std::string nearest = NearestName(name, known);
    return FailWithHint(
        Code::kNotFound,
        fmt::format("table '{}' of '{}' was never synced", name, context_.source.name),
        nearest.empty() ? "copy it first:  kura sync " + name : "did you mean '" + nearest + "'?");
  }

  const SourceTable* Find(const std::string& name) const {
    for (const SourceTable& table : tables_) {
      if (table.name == name) return &table;
    }
    return nullptr;
  }

  TableVerdict VerifyOne(const Job& job, double budget_s) {
    Result<TableVerdict> verdict = Attempt(job, budget_s);
    const bool differs = verdict && (verdict->status == VerifyStatus::kDiffers ||
                                     verdict->status == VerifyStatus::kUndecided);
    if (differs && job.is_full && context_.options.repair) {
      const std::int64_t rows = verdict->missing.count + verdict->extra.count;
      const Status copied = CopyWhole(job.table);
      if (!copied) {
        verdict->error = copied.error();
      } else {
        verdict = Attempt(job, budget_s);
        if (verdict) verdict->repaired = std::max<std::int64_t>(1, rows);
      }
    }
    TableVerdict result;
    if (verdict) {
      result = *std::move(verdict);
    } else {
      result.table = job.table;
      result.error = verdict.error();
    }
    Tell(result);
    return result;
  }

  // A connection that was lost is worth a second attempt.
  Result<TableVerdict> Attempt(const Job& job, double budget_s) {
    if (job.described == nullptr) {
      return FailWithHint(Code::kNotFound,
                          fmt::format("there is no table '{}' at the source any more", job.table),
                          "if it was renamed, copy it under its new name:  kura sync");
    }
    for (int attempt = 1;; ++attempt) {
      if (stop_watch_.stopped()) return Fail(Code::kConflict, "stopped");
      if (session_ == nullptr) {
        TRY(session_, server_.Connect());
      }
      stop_watch_.Add(session_.get());
      Result<TableVerdict> verdict = VerifyTable(context_, *session_, *job.described, budget_s);
      stop_watch_.Remove(session_.get());
      if (verdict) return verdict;
      const bool lost = session_->lost();
      session_.reset();
      if (!lost || attempt > 1) return verdict;
    }
  }

  Status CopyWhole(const std::string& table) const {
    SyncOptions options;
    options.tables = {table};
    options.full = true;
    options.confirm_deletes = context_.options.confirm_deletes;
    options.stop = context_.options.stop;
    TRY(const SyncReport report,
        SyncSource(context_.source, context_.warehouse, context_.clock, options));
    for (const TableReport& one : report.tables) {
      if (one.error) return tl::make_unexpected(*one.error);
    }
    return {};
  }

  void Tell(const TableVerdict& verdict) const {
    if (!context_.options.on_progress) return;
    const bool failed = verdict.error.has_value();
    context_.options.on_progress(
        {verdict.table, "verify", failed ? "failed" : "done", verdict.values_rows, 0, 0});
  }

  const VerifyContext& context_;
  Source& server_;
  StopWatch& stop_watch_;
  std::unique_ptr<Session> session_;
  std::vector<SourceTable> tables_;
  std::vector<Job> jobs_;
};

}  // namespace

std::string_view VerifyStatusName(VerifyStatus status) {
  switch (status) {
    case VerifyStatus::kEqual:
      return "equal";
    case VerifyStatus::kDiffers:
      return "differs";
    case VerifyStatus::kUndecided:
      return "undecided";
    case VerifyStatus::kNotVerified:
      break;
  }
  return "not_verified";
}

Result<VerifyReport> VerifySource(const SourceConfig& source, warehouse::Warehouse& warehouse,
                                  const Clock& clock, const VerifyOptions& options) {
  const std::unique_ptr<Source> server = MakeMysqlSource(source.mysql);
  TRY(const RunLock lock, RunLock::Take(&warehouse, source.name, "verification"));
  StopWatch stop_watch(options.stop);
  TRY(auto session, server->Connect());
  const VerifyContext context{source, warehouse, clock, options, stop_watch, server->server_id()};
  Result<VerifyReport> report = Verification(context, *server, stop_watch).Go(std::move(session));
  if (report && stop_watch.stopped()) return Fail(Code::kConflict, "stopped");
  return report;
}

}  // namespace kura::sync
