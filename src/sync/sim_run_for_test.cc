// The steps of a history and its invariants:
// - what questions see changes only by a commit, and then equals the source at the snapshot, each
//   row once; only changes that leave no stamp may be older, and only after a delta;
// - the position never lies beyond a stamp of work that the snapshot did not show;
// - a run without faults succeeds, and a table without an error was committed, without falling
//   back on a whole copy;
// - a history that is kept has the versions that follow from the commits, one that is off none
// more;
// - in the end, when nothing is open, everything is there.
#include "sync/sim_run_for_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <set>

#include "sync/run.h"
#include "sync/sim_history_for_test.h"

namespace kura::sync {
namespace {

constexpr std::int64_t kTwoWriters = 300'000;   // so many rows are written by two threads
constexpr std::int64_t kRanged = 1000'000'000;  // so many are copied range by range
constexpr std::int64_t kRangeRows = 4;
// Before clocks go back in Berlin, before they go forward, and on a day like any other.
constexpr std::array kStarts = {
    "2026-10-24T23:10:00Z", "2026-03-28T23:50:00Z", "2026-06-11T08:00:00Z"};
constexpr std::array kZones = {
    "Asia/Tokyo", "Europe/Berlin", "America/New_York", "Pacific/Honolulu"};
constexpr std::array kSpoolFaults = {
    FaultKind::kError, FaultKind::kCrashBefore, FaultKind::kCrashAfter};

// Never the same moment twice, and somewhat wrong: nothing may depend on it.
class SimClock : public Clock {
 public:
  explicit SimClock(Micros now) : now_(now) {}
  Micros Now() const override { return now_++; }

 private:
  mutable std::atomic<Micros> now_;
};

SimWorldOptions ChooseWorld(SimRandom& random) {
  SimWorldOptions options;
  options.now = *ParseInstant(kStarts[static_cast<std::size_t>(random.Below(3))]) +
                random.Below(kMicrosPerHour);
  options.transactions_visible = random.Percent(85);
  options.late_starts = random.Percent(20);
  return options;
}

SimTableOptions ChooseTable(SimRandom& random, bool late_starts) {
  SimTableOptions table;
  table.name = "orders";
  table.whole_seconds = random.Percent(50);
  if (random.Percent(50)) table.clock = ClockKind::kWallClock;
  table.zone = kZones[static_cast<std::size_t>(random.Below(kZones.size()))];
  table.zone_is_known = random.Percent(80);
  if (late_starts || random.Percent(40)) table.lookback = 10 * kMicrosPerMinute;
  if (random.Percent(10)) table.rows_expected = kTwoWriters;
  if (random.Percent(40)) {
    table.rows_expected = kRanged;
    table.estimate_varies = random.Percent(50);
  }
  return table;
}

std::vector<SimTableOptions> ChooseTables(SimRandom& random, bool late_starts) {
  std::vector<SimTableOptions> tables = {ChooseTable(random, late_starts)};
  if (random.Percent(30)) {
    tables.push_back(ChooseTable(random, late_starts));
    tables.back().name = "users";
  }
  if (random.Percent(20)) {
    SimTableOptions whole;
    whole.name = "ledgers";
    whole.has_cursor = false;
    whole.has_key = random.Percent(50);
    tables.push_back(whole);
  }
  return tables;
}

SourceConfig ConfigOf(const std::vector<SimTable>& tables) {
  SourceConfig config;
  config.name = "sim";
  config.mysql.socket = "simulation";
  for (const SimTable& table : tables) {
    TableConfig& of_table = config.tables[table.options.name];
    of_table.lookback = table.options.lookback;
    if (table.options.zone_is_known) of_table.datetime_zone = table.options.zone;
  }
  return config;
}

SimCells CellsOf(const SimRow& row, bool has_cursor) {
  SimCells cells = {row.id, row.value, row.note};
  if (has_cursor) cells.push_back(row.stamp);
  return cells;
}

std::string Print(const SimCells& cells) {
  std::string text;
  for (const auto& cell : cells) text += " " + (cell ? std::to_string(*cell) : "NULL");
  return text;
}

// How the target differs from the snapshot; "" when it does not. After a delta, or when ranges
// were read at several moments, the third column may be any since the row's last stamp.
std::string Difference(const SimTable& table, const SimRows& expected, const SpoolTable& landed) {
  std::map<std::int64_t, SimCells> rows;
  const auto target = landed.parts.find(Part::kTarget);
  if (target == landed.parts.end()) return "there is no table";
  for (const SimCells& row : target->second) {
    if (!rows.emplace(*row[0], row).second) return "doubled:" + Print(row);
  }
  for (const auto& [id, row] : expected) {
    const auto found = rows.find(id);
    const SimCells wanted = CellsOf(row, table.options.has_cursor);
    if (found == rows.end()) return "missing:" + Print(wanted);
    SimCells got = found->second;
    const bool is_of_one_moment = landed.whole && !landed.from_ranges;
    const bool note_may_differ =
        !is_of_one_moment && *got[2] >= row.note_floor && *got[2] <= row.note;
    if (note_may_differ) got[2] = row.note;
    if (got != wanted) return "stale:" + Print(got) + ", the source has" + Print(wanted);
    rows.erase(found);
  }
  return rows.empty() ? "" : "gone at the source:" + Print(rows.begin()->second);
}

class History {
 public:
  History(std::uint64_t seed, const SimOptions& options)
      : options_(options),
        random_(seed),
        world_options_(ChooseWorld(random_)),
        world_(random_.Next(), world_options_, ChooseTables(random_, world_options_.late_starts)),
        source_(world_, faults_, static_cast<std::size_t>(1 + random_.Below(6))),
        disk_(faults_),
        spool_(disk_),
        planted_source_(PlantInSource(options.plant, source_)),
        planted_spool_(PlantInSpool(options.plant, spool_)),
        clock_(world_.now() + random_.Below(2 * kMicrosPerHour) - kMicrosPerHour),
        config_(ConfigOf(world_.tables())),
        histories_(seed + 1),
        may_lose_(options.swaps_while_reading || seed % 40 == 0) {
    disk_.keeps_parts = options.plant == Plant::kKeptParts;
    disk_.history_mistake = MistakeOf(options.plant);
    // Not from random_: the histories of before stay what they were.
    for (const SimTable& table : world_.tables()) {
      switches_.push_back({table.options.name, table.options.has_key && histories_.Percent(50)});
      config_.tables[table.options.name].history = switches_.back().second;
    }
    disk_.on_commit = [this](const std::string& table, const SpoolTable& landed) {
      OnCommit(table, landed);
    };
    if (options.traces) world_.trace = [this](const std::string& line) { Trace(line); };
  }

  SimResult Run() {
    for (std::int64_t i = 20 + random_.Below(40); i > 0 && result_.failure.empty(); --i) Step();
    world_.Quiesce();
    for (int i = 0; i < 2 && result_.failure.empty(); ++i) {
      world_.Advance(2 * kMicrosPerHour);
      Sync({});
    }
    return std::move(result_);
  }

 private:
  void Step() {
    const std::int64_t what = random_.Below(100);
    if (what < 78) return world_.Act();
    if (what < 80) return world_.Swap();
    if (what < 84) return Tie();
    Sync(ChooseFaults());
  }

  // The hardest stamp: exactly where the next delta begins to read.
  void Tie() {
    for (const auto& [name, landed] : disk_.tables) {
      const SimTableOptions& table = world_.Table(name).options;
      if (!landed.state || !table.has_cursor) continue;
      const Micros through = landed.copy ? landed.copy->watermark : landed.state->watermark;
      world_.Tie(name, through - table.lookback);
    }
  }

  std::vector<Fault> ChooseFaults() {
    std::vector<Fault> faults;
    if (random_.Percent(40)) return faults;
    const std::int64_t at = random_.Below(random_.Percent(50) ? 12 : 60);
    if (random_.Percent(60)) {
      faults.push_back(
          {Edge::kSpool, kSpoolFaults[static_cast<std::size_t>(random_.Below(3))], at});
      return faults;
    }
    const FaultKind kind = random_.Percent(20) ? FaultKind::kStop : FaultKind::kError;
    faults.push_back({Edge::kSource, kind, at});
    // A run that connects again waits half a second before, so few histories do.
    if (may_lose_ && at >= 2) {
      may_lose_ = false;
      faults.back().kind = options_.swaps_while_reading ? FaultKind::kSwapped : FaultKind::kLost;
      faults.push_back({Edge::kSpool, FaultKind::kCrashAfter, random_.Below(40)});
    }
    return faults;
  }

  // Now and then a history is switched off, or on again.
  void SwitchHistories() {
    for (const auto& [name, may_keep] : switches_) {
      if (!may_keep || !histories_.Percent(15)) continue;
      bool& keeps = config_.tables[name].history;
      keeps = !keeps;
      Trace(fmt::format("history of {} {}", name, keeps ? "on" : "off"));
    }
  }

  void Sync(const std::vector<Fault>& faults) {
    SwitchHistories();
    faults_.Plan(faults);
    source_.stop = false;
    committed_.clear();
    SyncOptions options;
    options.connections = options_.connections;
    options.range_rows = kRangeRows;
    const bool may_stop = !faults.empty() && faults[0].kind == FaultKind::kStop;
    if (may_stop) options.stop = &source_.stop;
    Spool& spool = planted_spool_ ? *planted_spool_ : static_cast<Spool&>(spool_);
    const Result<SyncReport> report =
        SyncTables({config_, spool, clock_, options}, *planted_source_);
    result_.faults += faults_.fired();
    Trace(fmt::format("sync, {} faults: {}", faults_.fired(), Told(report)));
    disk_.Restart();
    Check(report);
  }

  static std::string Told(const Result<SyncReport>& report) {
    if (!report) return report.error().message;
    std::string told;
    for (const TableReport& table : report->tables) {
      told += fmt::format("{} {}, {} rows, {} deleted, {}{}; ",
                          table.table,
                          table.mode,
                          table.rows,
                          table.deleted,
                          table.note,
                          table.error ? table.error->message : "");
    }
    return told;
  }

  void Check(const Result<SyncReport>& report) {
    if (!disk_.violation.empty()) Broken(disk_.violation);
    if (!report) {
      if (faults_.fired() == 0) Broken("a run without faults failed: " + report.error().message);
      return;
    }
    for (const TableReport& table : report->tables) {
      if (table.error && faults_.fired() == 0) {
        Broken(table.table + " failed without a fault: " + table.error->message);
      }
      if (table.error) continue;
      // Few rows are always read by their keys, so copying whole would mean that something else
      // was wrong and only the count of rows noticed.
      const bool fell_back = table.note.find("cursor: copied whole") != std::string::npos;
      if (fell_back && options_.checks_positions) {
        Broken(table.table + ": " + table.note);
      }
      if (committed_.count(table.table) == 0) Broken(table.table + " was not committed");
      const auto& state = disk_.tables[table.table].state;
      if (!state || state->complete_through != table.complete_through) {
        Broken(table.table + ": the report tells another position than the state");
      }
    }
  }

  // From the thread that runs the table. Where a commit stands against the snapshot that it was
  // made from.
  void OnCommit(const std::string& name, const SpoolTable& landed) {
    const std::scoped_lock lock(source_.world_mutex);
    ++result_.commits;
    committed_.insert(name);
    const SimTable& table = world_.Table(name);
    const auto snapshot = source_.LastSnapshot();
    if (snapshot == nullptr) return Broken(name + ": committed without a snapshot");
    if (!landed.state) return Broken(name + ": committed without a position");
    const std::string difference = Difference(table, snapshot->tables.at(name), landed);
    if (!difference.empty()) return Broken(name + ": " + difference);
    const bool keeps_history = config_.tables.at(name).history;
    const std::string other = oracle_.Check(name, landed, keeps_history);
    if (!other.empty()) return Broken(name + "'s history: " + other);
    if (options_.checks_positions) CheckPosition(table, *snapshot, landed);
  }

  void CheckPosition(const SimTable& table, const SimSnapshot& snapshot, const SpoolTable& landed) {
    const std::string& name = table.options.name;
    const warehouse::TableState& state = *landed.state;
    std::int64_t& version = versions_[name];
    if (state.version != version + 1) Broken(name + ": the version did not grow by one");
    version = state.version;
    const auto rows = static_cast<std::int64_t>(landed.parts.at(Part::kTarget).size());
    if (state.rows != rows) Broken(name + ": the state counts other rows than there are");
    // A stamp that is older than its transaction is what the lookback is for.
    const Micros allowed = world_options_.late_starts ? table.options.lookback : 0;
    const auto unseen = snapshot.oldest_unseen;
    if (table.options.has_cursor && unseen && state.complete_through > *unseen + allowed) {
      Broken(fmt::format("{}: complete through {}, but a change of {} was not to be seen",
                         name,
                         FormatInstant(state.complete_through),
                         FormatInstant(*unseen)));
    }
    if (state.watermark > world_.now()) Broken(name + ": the position lies in the future");
  }

  void Broken(const std::string& what) {
    if (result_.failure.empty()) result_.failure = what;
    Trace("BROKEN " + what);
  }

  void Trace(const std::string& line) {
    if (options_.traces) result_.trace.push_back(line);
  }

  const SimOptions options_;
  SimResult result_;
  SimRandom random_;
  const SimWorldOptions world_options_;
  SimFaults faults_;
  SimWorld world_;
  SimSource source_;
  SimDisk disk_;
  SimSpool spool_;
  std::unique_ptr<Source> planted_source_;
  std::unique_ptr<Spool> planted_spool_;
  SimClock clock_;
  SourceConfig config_;
  SimRandom histories_;
  std::vector<std::pair<std::string, bool>> switches_;  // tables, and whether one may be kept
  HistoryOracle oracle_;
  bool may_lose_;
  std::set<std::string> committed_;
  std::map<std::string, std::int64_t> versions_;
};

}  // namespace

SimResult SimulateSeed(std::uint64_t seed, const SimOptions& options) {
  return History(seed, options).Run();
}

}  // namespace kura::sync
