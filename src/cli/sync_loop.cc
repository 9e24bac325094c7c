// One thread: sources wait for each other, as their commits would anyway. What fails is tried again
// after one minute, then two, four …, but not later than its next time.
#include "cli/sync_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

namespace kura::cli {
namespace {

constexpr Micros kFirstRetry = kMicrosPerMinute;
constexpr int kDoublingsMax = 6;
constexpr std::chrono::milliseconds kLookEvery(200);

std::string NameOf(const SyncGroup& group) {
  const std::string& name = group.source->config.name;
  return group.tables.empty() ? name : name + " (" + Join(group.tables, ", ") + ")";
}

// The tables that follow their source's times: all without times of their own.
std::vector<std::string> Followers(const project::SourceEntry& source) {
  std::vector<std::string> tables;
  if (source.table_times.empty()) return tables;
  for (const auto& [name, table] : source.config.tables) {
    if (!source.table_times.contains(name)) tables.push_back(name);
  }
  return tables;
}

// The first error of a run, for the log; nothing when every table was copied.
std::optional<Error> FirstError(const Result<sync::SyncReport>& report) {
  if (!report) return report.error();
  for (const sync::TableReport& table : report->tables) {
    if (!table.error) continue;
    Error error = *table.error;
    error.message = table.table + ": " + error.message;
    return error;
  }
  return std::nullopt;
}

void LogDone(const SyncGroup& group, const sync::SyncReport& report, double seconds) {
  std::int64_t rows = 0;
  std::int64_t deleted = 0;
  for (const sync::TableReport& table : report.tables) {
    rows += table.rows;
    deleted += table.deleted;
    if (!table.note.empty()) LogInfo("{}: {}", table.table, table.note);
  }
  for (const std::string& warning : report.warnings) LogWarning("{}", warning);
  LogInfo("copied {}: {} tables, {} rows, {} removed in {:.1f} s",
          NameOf(group),
          report.tables.size(),
          GroupDigits(rows),
          GroupDigits(deleted),
          seconds);
}

}  // namespace

std::vector<SyncGroup> GroupsOf(const project::Config& config) {
  std::vector<SyncGroup> groups;
  for (const project::SourceEntry& source : config.sources) {
    const std::vector<std::string> followers = Followers(source);
    const bool has_followers = source.table_times.empty() || !followers.empty();
    if (source.times.any() && has_followers) groups.push_back({&source, source.times, followers});
    for (const auto& [table, times] : source.table_times) {
      groups.push_back({&source, times, {table}});
    }
  }
  return groups;
}

Micros DueAfter(const project::SyncTimes& times, Micros last, const Zone& zone) {
  if (last == 0) return 0;
  if (times.every > 0) return last + times.every;
  constexpr Micros kNever = INT64_MAX;
  return times.at ? times.at->Next(last, zone).value_or(kNever) : kNever;
}

SyncLoop::SyncLoop(const project::Project& project, warehouse::Warehouse& warehouse,
                   std::function<void()> after)
    : project_(project),
      warehouse_(warehouse),
      after_(std::move(after)),
      zone_(Zone::Find(project.config().timezone).value_or(Zone::Utc())) {
  for (const SyncGroup& group : GroupsOf(project.config())) jobs_.push_back({group, 0, 0});
  if (!jobs_.empty()) thread_ = std::thread([this] { Work(); });
}

SyncLoop::~SyncLoop() {
  stopped_ = true;
  stopped_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SyncLoop::Work() {
  Plan();
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    const auto next = std::min_element(
        jobs_.begin(), jobs_.end(), [](const Job& a, const Job& b) { return a.due < b.due; });
    if (next->due <= SystemClock().Now()) {
      Run(&*next);
    } else {
      stopped_changed_.wait_for(lock, kLookEvery);
    }
  }
}

// What was copied before this process began counts.
void SyncLoop::Plan() {
  std::vector<warehouse::TableState> states;
  const auto connection = warehouse_.Connect();
  if (connection && warehouse::PrepareState(**connection)) {
    if (auto read = warehouse::ReadAllStates(**connection)) states = *std::move(read);
  }
  for (Job& job : jobs_) {
    job.due = DueAfter(job.group.times, LastCopied(job.group, states), zone_);
  }
}

// The oldest of the group's tables; 0 when one was never copied.
Micros SyncLoop::LastCopied(const SyncGroup& group,
                            const std::vector<warehouse::TableState>& states) const {
  std::map<std::string, Micros> read_at;
  for (const warehouse::TableState& state : states) {
    if (state.source == group.source->config.name) read_at[state.table] = state.read_at;
  }
  std::vector<std::string> tables = group.tables;
  if (tables.empty()) {
    for (const auto& [name, config] : group.source->config.tables) tables.push_back(name);
  }
  if (tables.empty()) {  // Every table of the source, whatever there is.
    for (const auto& [name, at] : read_at) tables.push_back(name);
  }
  Micros last = tables.empty() ? 0 : INT64_MAX;
  for (const std::string& table : tables) last = std::min(last, read_at[table]);
  return last;
}

void SyncLoop::Run(Job* job) {
  const SystemClock clock;
  const Micros begin = clock.Now();
  const double begin_s = MonotonicSeconds();
  sync::SyncOptions options;
  options.tables = job->group.tables;
  options.stop = &stopped_;
  const Result<sync::SourceConfig> source = project::ResolveSource(*job->group.source);
  Result<sync::SyncReport> report = tl::make_unexpected(Error{});
  if (source) {
    report = sync::SyncSource(*source, warehouse_, clock, options);
  } else {
    report = tl::make_unexpected(source.error());
  }
  if (stopped_) return;
  after_();
  job->due = DueAfter(job->group.times, begin, zone_);
  const std::optional<Error> error = FirstError(report);
  if (!error) {
    job->failures = 0;
    return LogDone(job->group, *report, MonotonicSeconds() - begin_s);
  }
  const Micros retry = kFirstRetry << std::min(job->failures++, kDoublingsMax);
  job->due = std::min(std::max(job->due, begin + 1), clock.Now() + retry);
  LogError("copying {} failed: {}{}{}; tried again in {} s",
           NameOf(job->group),
           error->message,
           error->hint.empty() ? "" : " / ",
           error->hint,
           std::max<Micros>(0, job->due - clock.Now()) / kMicrosPerSecond);
}

}  // namespace kura::cli
