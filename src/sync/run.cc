// Workers take tables, the largest first, each with its own session; a failing table does not stop
// the others.
#include "sync/run.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "sync/history.h"
#include "sync/plan.h"
#include "sync/stop_watch.h"
#include "sync/table_sync.h"

namespace kura::sync {
namespace {

constexpr int kAttemptsMax = 4;
constexpr double kFirstPauseSeconds = 0.5;

struct Job {
  SourceTable table;
  std::optional<TablePlan> plan;
  TableReport report;
};

std::vector<std::string> Names(const std::vector<SourceTable>& tables) {
  std::vector<std::string> names;
  for (const SourceTable& table : tables) names.push_back(table.name);
  return names;
}

Status CheckTable(const std::string& name, const std::vector<std::string>& known,
                  const std::string& database) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return {};
  const std::string nearest = NearestName(name, known);
  std::string hint = nearest.empty() ? "" : "did you mean '" + nearest + "'?";
  if (hint.empty()) hint = "this account sees: " + (known.empty() ? "none" : Join(known, ", "));
  return FailWithHint(
      Code::kNotFound, fmt::format("there is no table '{}' in '{}'", name, database), hint);
}

class Run {
 public:
  Run(const RunInput& input, Source& server)
      : input_(input),
        server_(server),
        watch_(input.options.stop),
        context_{
            input.source, input.spool, input.clock, input.options, watch_, {}, {}, {}, {}, {}} {}

  Result<SyncReport> Go() {
    TRY(auto session, server_.Connect());
    context_.server_id = server_.server_id();
    TRY(const auto tables, session->ReadTables());
    TRY_STATUS(CheckAsked(tables));
    TRY(landed_, input_.spool.Prepare());
    TRY_STATUS(Choose(tables));
    WarnOfGone(tables);
    PlanAll();
    WarnOfTls();
    Work(std::move(session));
    Scrub();
    return Collect();
  }

 private:
  // What the command line names must be there: nothing else was asked for.
  Status CheckAsked(const std::vector<SourceTable>& tables) const {
    const std::vector<std::string> known = Names(tables);
    for (const std::string& name : input_.options.tables) {
      if (input_.source.tables.count(name) != 0) continue;
      TRY_STATUS(CheckTable(name, known, input_.source.mysql.database));
      if (input_.source.tables.empty()) continue;
      return FailWithHint(Code::kInvalid,
                          fmt::format("table '{}' is not among the tables to copy", name),
                          "add it under  tables:  of source '" + input_.source.name + "'");
    }
    return {};
  }

  Status Choose(const std::vector<SourceTable>& tables) {
    const std::vector<std::string> known = Names(tables);
    const std::string& database = input_.source.mysql.database;
    for (const SourceTable& table : tables) {
      if (Wanted(table.name)) jobs_.push_back({table, std::nullopt, {}});
    }
    // A table of kura.yaml that was dropped or renamed fails alone.
    for (const auto& [name, config] : input_.source.tables) {
      const Status found = CheckTable(name, known, database);
      if (found || !Wanted(name)) continue;
      Job job;
      job.table.name = name;
      job.report.error = Gone(name, found.error());
      jobs_.push_back(std::move(job));
    }
    if (!jobs_.empty()) return {};
    return FailWithHint(Code::kNotFound,
                        fmt::format("there are no tables in '{}'", database),
                        "create some, or check that the account may read them");
  }

  // A table that is in the warehouse from earlier was dropped or renamed, not misspelt.
  Error Gone(const std::string& name, Error error) const {
    const auto landed = landed_.find(name);
    if (landed == landed_.end() || !landed->second.state) return error;
    error.message += ", where it was before; the warehouse keeps its rows as of " +
                     FormatInstant(landed->second.state->complete_through);
    error.hint += (error.hint.empty() ? "" : "; ") +
                  std::string("when it is gone for good, take it out of kura.yaml");
    return error;
  }

  // Without a list in kura.yaml nobody misses a table that was dropped.
  void WarnOfGone(const std::vector<SourceTable>& tables) {
    if (!input_.source.tables.empty() || !input_.options.tables.empty()) return;
    const std::vector<std::string> known = Names(tables);
    for (const auto& [name, landed] : landed_) {
      if (!landed.state || std::find(known.begin(), known.end(), name) != known.end()) continue;
      context_.Warn(fmt::format(
          "table '{}' is no longer at the source; the warehouse keeps its rows as of {}",
          name,
          FormatInstant(landed.state->complete_through)));
    }
  }

  // kura.yaml's list, when there is one, names all tables that are copied.
  bool Wanted(const std::string& name) const {
    const auto& asked = input_.options.tables;
    if (!asked.empty()) return std::find(asked.begin(), asked.end(), name) != asked.end();
    return input_.source.tables.empty() || input_.source.tables.count(name) != 0;
  }

  void PlanAll() {
    std::map<std::string, int> spellings;
    for (const Job& job : jobs_) ++spellings[ToLower(job.table.name)];
    for (Job& job : jobs_) {
      const Landed& landed = landed_[job.table.name];
      const PlanInput plan_input{&input_.source,
                                 landed.state ? &*landed.state : nullptr,
                                 landed.exists,
                                 input_.options.full,
                                 context_.server_id,
                                 input_.options.ranges_from,
                                 landed.history ? &*landed.history : nullptr};
      job.report.table = job.table.name;
      if (job.report.error) continue;
      if (spellings[ToLower(job.table.name)] > 1) {
        job.report.error = Error{Code::kInvalid, "another table differs only in case", ""};
        continue;
      }
      const Status named = CheckHistoryName(job.table.name, WithHistory(), landed_);
      if (!named) {
        job.report.error = named.error();
        continue;
      }
      Result<TablePlan> plan = PlanTable(job.table, plan_input);
      if (!plan) {
        job.report.error = plan.error();
        continue;
      }
      job.report.mode = plan->mode();
      job.plan = *std::move(plan);
      Tell(job, "waiting");
    }
  }

  std::vector<std::string> WithHistory() const {
    std::vector<std::string> names;
    for (const auto& [name, config] : input_.source.tables) {
      if (config.history) names.push_back(name);
    }
    return names;
  }

  void Tell(const Job& job, const std::string& state) const {
    if (!input_.options.on_progress) return;
    input_.options.on_progress(
        {job.table.name, job.report.mode, state, 0, job.table.rows_expected, 0});
  }

  void WarnOfTls() {
    const MysqlConfig& mysql = input_.source.mysql;
    if (!mysql.socket.empty() || mysql.tls == TlsMode::kVerify) return;
    context_.Warn(mysql.tls == TlsMode::kOff
                      ? "tls: off, so rows and password cross the network readable"
                      : "tls: skip-verify, so the server could be somebody else's");
  }

  void Work(std::unique_ptr<Session> first) {
    for (Job& job : jobs_) {
      if (job.plan) waiting_.push_back(&job);
    }
    std::stable_sort(waiting_.begin(), waiting_.end(), [](const Job* a, const Job* b) {
      return a->table.rows_expected > b->table.rows_expected;
    });
    const std::size_t wanted = static_cast<std::size_t>(std::max(1, input_.options.connections));
    std::size_t useful = waiting_.size();
    for (const Job* job : waiting_) {
      if (job->plan->ranged) useful = wanted;
    }
    context_.board.SetTables(static_cast<int>(waiting_.size()));
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < std::min(wanted, useful); ++i) {
      others.emplace_back([this] { WorkOn(nullptr); });
    }
    WorkOn(std::move(first));
    for (std::thread& other : others) other.join();
  }

  Job* TakeJob() {
    const std::scoped_lock lock(jobs_mutex_);
    if (waiting_.empty()) return nullptr;
    Job* job = waiting_.front();
    waiting_.pop_front();
    return job;
  }

  void WorkOn(std::unique_ptr<Session> session) {
    while (Job* job = TakeJob()) {
      Result<TableReport> report = RunJob(*job, &session);
      context_.board.TableDone();
      if (report) {
        job->report = *std::move(report);
        continue;
      }
      job->report.error = report.error();
      Tell(*job, "failed");
    }
    while (RangedCopy* copy = context_.board.Join()) {
      HelpWith(*copy, &session);
      context_.board.Leave(copy);
    }
  }

  // What goes wrong here is the helper's own: the range is read by somebody else.
  void HelpWith(RangedCopy& copy, std::unique_ptr<Session>* session) {
    if (*session == nullptr) {
      Result<std::unique_ptr<Session>> connected = server_.Connect();
      if (!connected) {
        Pause(kFirstPauseSeconds);
        return;
      }
      if (server_.server_id() != context_.server_id) return Pause(kFirstPauseSeconds);
      *session = *std::move(connected);
    }
    watch_.Add(session->get());
    const Status helped = copy.Help(**session);
    watch_.Remove(session->get());
    if (helped) return;
    session->reset();
    Pause(kFirstPauseSeconds);
  }

  Result<TableReport> RunJob(const Job& job, std::unique_ptr<Session>* session) {
    for (int attempt = 1;; ++attempt) {
      if (watch_.stopped()) return Fail(Code::kConflict, "stopped");
      bool may_retry = attempt < kAttemptsMax;
      Result<TableReport> report = RunOnce(job, session, &may_retry);
      if (report || !may_retry || watch_.stopped()) return report;
      Pause(kFirstPauseSeconds * static_cast<double>(1 << (attempt - 1)));
    }
  }

  // Only a lost connection is worth another attempt: nothing was changed, and a server that
  // restarts is back soon.
  Result<TableReport> RunOnce(const Job& job, std::unique_ptr<Session>* session, bool* may_retry) {
    if (*session == nullptr) {
      Result<std::unique_ptr<Session>> connected = server_.Connect();
      if (!connected) {
        *may_retry = *may_retry && connected.error().code == Code::kUnavailable;
        return tl::make_unexpected(connected.error());
      }
      // What was planned for one server must not be recorded for another.
      if (server_.server_id() != context_.server_id) {
        *may_retry = false;
        return FailWithHint(Code::kConflict,
                            "the source became another server while it was read",
                            "run this again: the table is then copied whole");
      }
      *session = *std::move(connected);
    }
    watch_.Add(session->get());
    Result<TableReport> report = SyncTable(context_, **session, *job.plan);
    watch_.Remove(session->get());
    if (!report) {
      *may_retry = *may_retry && (*session)->lost();
      session->reset();
    }
    return report;
  }

  void Pause(double seconds) const {
    const double end = MonotonicSeconds() + seconds;
    while (MonotonicSeconds() < end && !watch_.stopped()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  // Values of before a mask must not stay in the file. The data is committed; only this is late.
  void Scrub() {
    const Status scrubbed = input_.spool.Scrub();
    if (scrubbed) return;
    context_.Warn("values of before a mask may still be in unused parts of the warehouse's file (" +
                  scrubbed.error().message + "): the next sync tries again to write over them");
  }

  Result<SyncReport> Collect() {
    SyncReport report;
    report.server = server_.description();
    bool any_done = false;
    for (Job& job : jobs_) {
      any_done = any_done || !job.report.error;
      report.tables.push_back(std::move(job.report));
    }
    if (watch_.stopped() && !any_done) return Fail(Code::kConflict, "stopped; nothing was changed");
    report.warnings.assign(context_.warnings.begin(), context_.warnings.end());
    return report;
  }

  const RunInput input_;
  Source& server_;
  StopWatch watch_;
  RunContext context_;
  std::map<std::string, Landed> landed_;
  std::vector<Job> jobs_;
  std::mutex jobs_mutex_;
  std::deque<Job*> waiting_;
};

}  // namespace

Result<SyncReport> SyncTables(const RunInput& input, Source& server) {
  return Run(input, server).Go();
}

void RunContext::Warn(const std::string& warning) {
  const std::scoped_lock lock(warnings_mutex);
  warnings.insert(warning);
}

}  // namespace kura::sync
