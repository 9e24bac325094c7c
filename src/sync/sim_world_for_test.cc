// The server's habits. Everything is drawn from one stream of chance, on one thread.
#include "sync/sim_world_for_test.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.h"

namespace kura::sync {
namespace {

constexpr std::size_t kOpenMax = 4;
constexpr std::size_t kBackupsMax = 4;
constexpr std::int64_t kFirstRows = 12;
constexpr Micros kFirstAccessMax = 900'000;  // from a statement's start to its first row

Micros FloorTo(Micros value, Micros unit) {
  const Micros rest = value % unit;
  return value - (rest < 0 ? rest + unit : rest);
}

SourceTable Described(const SimTableOptions& options) {
  SourceTable table;
  table.name = options.name;
  table.rows_expected = options.rows_expected;
  const sql::Type integer{sql::TypeKind::kBigInt};
  table.columns = {{"id", integer, "bigint(20)", "", false},
                   {"value", integer, "bigint(20)", "", false},
                   {"note", integer, "bigint(20)", "", false}};
  if (options.has_key) table.primary_key = {"id"};
  if (!options.has_cursor) return table;
  const bool is_instant = options.clock == ClockKind::kInstant;
  table.columns.push_back(
      {"updated_at",
       {is_instant ? sql::TypeKind::kTimestampTz : sql::TypeKind::kTimestamp},
       std::string(is_instant ? "timestamp" : "datetime") + (options.whole_seconds ? "" : "(6)"),
       "",
       true,
       options.clock});
  table.indexed_columns = {"id", "updated_at"};
  return table;
}

}  // namespace

SimWorld::SimWorld(std::uint64_t seed, const SimWorldOptions& options,
                   const std::vector<SimTableOptions>& tables)
    : random_(seed), options_(options), now_(options.now) {
  for (const SimTableOptions& table : tables) tables_.push_back({table, Described(table), {}});
  for (std::int64_t i = random_.Below(2 * kFirstRows); i > 0; --i) Autocommit();
  Advance(kMicrosPerHour);
}

void SimWorld::Act() {
  const std::int64_t what = random_.Below(100);
  if (what < 25) return AdvanceSomewhat(false);
  if (what < 55) return Autocommit();
  if (what < 65) return Begin();
  if (what < 70 && open_.size() < kOpenMax) {
    open_.push_back({++works_, {}, {}, {}, true, {}});
    return StartStatement(&open_.back());
  }
  if (what < 73) {
    std::vector<SimRows> backup;
    for (const SimTable& table : tables_) backup.push_back(table.rows);
    backups_.push_back(std::move(backup));
    if (backups_.size() > kBackupsMax) backups_.erase(backups_.begin());
    return;
  }
  if (!open_.empty()) {
    WorkOn(static_cast<std::size_t>(random_.Below(static_cast<std::int64_t>(open_.size()))));
  }
}

void SimWorld::Tick() {
  while (random_.Percent(35)) {
    if (random_.Percent(40)) {
      AdvanceSomewhat(true);
    } else {
      Act();
    }
  }
}

void SimWorld::Quiesce() {
  while (!open_.empty()) {
    if (open_.back().statement) {
      EndStatement(open_.size() - 1);
    } else {
      Finish(open_.size() - 1, random_.Percent(70));
    }
  }
}

void SimWorld::Swap() {
  while (!open_.empty()) Finish(open_.size() - 1, false);
  if (!backups_.empty() && random_.Percent(60)) {
    const auto at = random_.Below(static_cast<std::int64_t>(backups_.size()));
    const std::vector<SimRows>& backup = backups_[static_cast<std::size_t>(at)];
    for (std::size_t i = 0; i < tables_.size(); ++i) tables_[i].rows = backup[i];
  }
  server_id_ = fmt::format("server-{}", ++servers_);
  Say("swapped for " + server_id_);
}

void SimWorld::Tie(const std::string& name, Micros since) {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i].options.name != name) continue;
    Work work;
    std::optional<SimRow> row = Pick(work, i);
    if (!row) return;
    row->value = ++values_;
    row->note_floor = row->note;
    const Micros up = tables_[i].options.whole_seconds ? kMicrosPerSecond - 1 : 0;
    row->stamp = WallClock(tables_[i].options, since + up);
    Say(fmt::format(
        "tie in {}: id {} gets the stamp {}", name, row->id, FormatDateTime(*row->stamp)));
    tables_[i].rows[row->id] = *row;
  }
}

// Without PROCESS an hour is assumed, and with late starts the lookback: what would be older than
// that is beyond what a sync promises.
void SimWorld::Advance(Micros by) {
  Micros lookback = kMicrosPerDay;
  for (const SimTable& table : tables_) {
    if (table.options.has_cursor) lookback = std::min(lookback, table.options.lookback);
  }
  for (std::size_t i = open_.size(); i-- > 0;) {
    const Work& work = open_[i];
    const bool waits = work.statement && !work.transaction && !work.commits_alone;
    const Micros started = std::min(work.statement.value_or(now_), work.transaction.value_or(now_));
    const Micros stamped = std::min(started, work.oldest_stamp.value_or(now_));
    if (waits && now_ + by - *work.statement >= lookback / 2) EndStatement(i);
    if (options_.transactions_visible || now_ + by - stamped < kUnseenTransaction) continue;
    if (open_[i].statement) EndStatement(i);
    if (i < open_.size() && open_[i].number == work.number) Finish(i, true);
  }
  now_ += by;
}

std::vector<SourceTable> SimWorld::Describe() {
  std::vector<SourceTable> described;
  for (const SimTable& table : tables_) {
    described.push_back(table.described);
    if (table.options.estimate_varies && random_.Percent(20)) described.back().rows_expected = 1;
  }
  return described;
}

const SimTable& SimWorld::Table(const std::string& name) const {
  const auto found = std::find_if(tables_.begin(), tables_.end(), [&](const SimTable& table) {
    return table.options.name == name;
  });
  ENSURE(found != tables_.end());
  return *found;
}

OpenWork SimWorld::ReadOpenWork() {
  OpenWork read;
  read.now = now_;
  read.transactions_visible = options_.transactions_visible;
  Tick();
  if (!options_.transactions_visible) return read;
  for (const Work& work : open_) {
    if (!work.transaction) continue;
    const Micros started = FloorTo(*work.transaction, kMicrosPerSecond);  // as it is listed
    read.oldest_transaction = std::min(started, read.oldest_transaction.value_or(started));
  }
  Tick();
  for (const Work& work : open_) {
    if (!work.statement) continue;
    const Micros runs = now_ - *work.statement;
    read.oldest_statement_runs = std::max(runs, read.oldest_statement_runs.value_or(runs));
  }
  return read;
}

std::shared_ptr<const SimSnapshot> SimWorld::TakeSnapshot() {
  auto snapshot = std::make_shared<SimSnapshot>();
  for (const SimTable& table : tables_) snapshot->tables[table.options.name] = table.rows;
  for (const Work& work : open_) {
    for (const std::optional<Micros>& stamp : {work.oldest_stamp, work.statement}) {
      if (!stamp) continue;
      snapshot->oldest_unseen = std::min(*stamp, snapshot->oldest_unseen.value_or(*stamp));
    }
  }
  Say(fmt::format("snapshot with {} open", open_.size()));
  return snapshot;
}

Micros SimWorld::WallClock(const SimTableOptions& options, Micros instant) {
  Micros shown = instant;
  if (options.clock == ClockKind::kWallClock) shown = Zone::Find(options.zone)->ToLocal(instant);
  return options.whole_seconds ? FloorTo(shown, kMicrosPerSecond) : shown;
}

void SimWorld::Say(const std::string& what) const {
  if (trace) trace(FormatInstant(now_) + "  " + what);
}

void SimWorld::AdvanceSomewhat(bool in_sync) {
  const std::int64_t how = random_.Below(100);
  if (how < 25) return Advance(random_.Below(2000));
  if (how < 55 || in_sync) return Advance(random_.Below(3 * kMicrosPerSecond));
  if (how < 75) return Advance(random_.Below(2 * kMicrosPerMinute));
  if (how < 95) return Advance(random_.Below(20 * kMicrosPerMinute));
  Advance(random_.Below(5 * kMicrosPerHour));
}

void SimWorld::Autocommit() {
  open_.push_back({++works_, {}, {}, {}, true, {}});
  Change(&open_.back(), now_);
  Finish(open_.size() - 1, true);
}

void SimWorld::Begin() {
  if (open_.size() >= kOpenMax) return;
  open_.push_back({++works_, {}, {}, {}, false, {}});
  // BEGIN alone is not listed until the first row is touched; a consistent snapshot is.
  if (random_.Percent(50)) open_.back().transaction = now_;
}

void SimWorld::StartStatement(Work* work) {
  work->statement = now_;
  const bool waits = work->commits_alone || options_.late_starts;
  if (!work->transaction && !(waits && random_.Percent(50))) work->transaction = now_;
  Say(fmt::format("work {}: a long statement starts", work->number));
}

void SimWorld::EndStatement(std::size_t index) {
  Work& work = open_[index];
  const Micros statement = *work.statement;
  if (!work.transaction) work.transaction = now_;
  Change(&work, statement);
  work.statement.reset();
  if (work.commits_alone) Finish(index, random_.Percent(90));
}

void SimWorld::WorkOn(std::size_t index) {
  Work& work = open_[index];
  const std::int64_t what = random_.Below(100);
  if (work.statement) {
    if (what < 50) EndStatement(index);
    return;
  }
  if (what < 45) {
    const Micros statement = now_;
    if (!work.transaction) {
      now_ += random_.Below(kFirstAccessMax);
      work.transaction = now_;
    }
    return Change(&work, statement);
  }
  if (what < 60) return StartStatement(&work);
  Finish(index, what < 88);
}

void SimWorld::Finish(std::size_t index, bool commit) {
  const Work work = std::move(open_[index]);
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
  if (!work.commits_alone) {
    Say(fmt::format("work {}: {}", work.number, commit ? "commit" : "rollback"));
  }
  if (!commit) return;
  for (const Write& write : work.writes) {
    SimRows& rows = tables_[write.table].rows;
    if (write.row) {
      rows[write.id] = *write.row;
    } else {
      rows.erase(write.id);
    }
  }
}

void SimWorld::Change(Work* work, Micros statement) {
  for (std::int64_t i = 1 + random_.Below(3); i > 0; --i) {
    const auto table =
        static_cast<std::size_t>(random_.Below(static_cast<std::int64_t>(tables_.size())));
    const std::int64_t what = random_.Below(100);
    if (what < 40) {
      Insert(work, table, statement);
    } else if (what < 80) {
      Update(work, table, statement);
    } else if (what < 93) {
      Delete(work, table);
    } else {
      Move(work, table, statement);
    }
  }
}

void SimWorld::Insert(Work* work, std::size_t table, Micros statement) {
  SimRow row;
  const std::optional<std::int64_t> free = random_.Percent(25) ? PickFree(table) : std::nullopt;
  row.id = free ? *free : ++ids_;
  row.value = ++values_;
  row.note = row.note_floor = ++values_;
  Stamp(work, table, statement, &row);
  // A row from an archive: only its key tells of it, so it is never one that was known.
  if (!free && row.stamp && random_.Percent(6)) *row.stamp -= 400 * kMicrosPerDay;
  Put(work, {table, row.id, row});
}

void SimWorld::Update(Work* work, std::size_t table, Micros statement) {
  std::optional<SimRow> row = Pick(*work, table);
  if (!row) return;
  row->note = ++values_;
  if (!random_.Percent(15)) {
    row->value = ++values_;
    row->note_floor = row->note;
    Stamp(work, table, statement, &*row);
  }
  Put(work, {table, row->id, row});
}

void SimWorld::Delete(Work* work, std::size_t table) {
  const std::optional<SimRow> row = Pick(*work, table);
  if (row) Put(work, {table, row->id, std::nullopt});
}

// A row gets another key; without a stamp only one that was never used, since keys are then all
// that tells of it.
void SimWorld::Move(Work* work, std::size_t table, Micros statement) {
  std::optional<SimRow> row = Pick(*work, table);
  if (!row) return;
  Put(work, {table, row->id, std::nullopt});
  const std::optional<std::int64_t> free = random_.Percent(40) ? PickFree(table) : std::nullopt;
  row->id = free ? *free : ++ids_;
  row->note_floor = row->note;
  if (free || random_.Percent(60)) Stamp(work, table, statement, &*row);
  Put(work, {table, row->id, row});
}

void SimWorld::Put(Work* work, const Write& write) {
  if (trace) {
    const std::string stamp =
        write.row && write.row->stamp ? FormatDateTime(*write.row->stamp) : "no stamp";
    Say(fmt::format("work {}: {} id {} {}",
                    work->number,
                    tables_[write.table].options.name,
                    write.id,
                    write.row ? fmt::format("= {}/{}, {}", write.row->value, write.row->note, stamp)
                              : "deleted"));
  }
  work->writes.push_back(write);
}

// Mostly the server's clock at the statement's start; sometimes an application's, which lags by no
// more than the lookback or runs ahead; sometimes nothing.
void SimWorld::Stamp(Work* work, std::size_t table, Micros statement, SimRow* row) {
  const SimTableOptions& options = tables_[table].options;
  if (!options.has_cursor) return;
  const std::int64_t what = random_.Below(100);
  const Micros lag_max = options_.late_starts ? options.lookback / 2 : options.lookback;
  Micros instant = statement;
  if (what < 5) {
    row->stamp.reset();
    return;
  }
  if (what < 10) instant += random_.Below(kMicrosPerHour);
  if (what >= 10 && what < 25) instant -= random_.Below(lag_max + 1);
  row->stamp = WallClock(options, instant);
  if (what < 25) return;
  const Micros shown = options.whole_seconds ? FloorTo(instant, kMicrosPerSecond) : instant;
  work->oldest_stamp = std::min(shown, work->oldest_stamp.value_or(shown));
}

std::optional<std::int64_t> SimWorld::PickFree(std::size_t table) {
  if (ids_ == 0) return std::nullopt;
  const std::int64_t id = 1 + random_.Below(ids_);
  if (tables_[table].rows.count(id) != 0 || Locked(nullptr, table, id)) return std::nullopt;
  return id;
}

std::optional<SimRow> SimWorld::Pick(const Work& work, std::size_t table) {
  const SimRows& rows = tables_[table].rows;
  if (rows.empty()) return std::nullopt;
  auto found = rows.begin();
  std::advance(found, random_.Below(static_cast<std::int64_t>(rows.size())));
  std::optional<SimRow> row = found->second;
  const std::int64_t id = found->first;
  if (Locked(&work, table, id)) return std::nullopt;
  for (const Write& write : work.writes) {
    if (write.table == table && write.id == id) row = write.row;
  }
  return row;
}

bool SimWorld::Locked(const Work* but, std::size_t table, std::int64_t id) const {
  return std::any_of(open_.begin(), open_.end(), [&](const Work& work) {
    if (&work == but) return false;
    return std::any_of(work.writes.begin(), work.writes.end(), [&](const Write& write) {
      return write.table == table && write.id == id;
    });
  });
}

}  // namespace kura::sync
