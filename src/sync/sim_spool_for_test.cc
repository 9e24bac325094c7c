// The durable side is changed under its mutex, call by call; a transaction works on a copy.
#include "sync/sim_spool_for_test.h"

#include <cstring>
#include <set>
#include <utility>

namespace kura::sync {
namespace {

std::optional<std::int64_t> CellAt(const warehouse::BatchColumn& column, std::size_t row) {
  if (column.valid[row] == 0) return std::nullopt;
  std::int64_t value = 0;
  std::memcpy(&value, column.fixed.data() + row * sizeof value, sizeof value);
  return value;
}

class SimWriter : public SpoolWriter {
 public:
  SimWriter(SimDisk& disk, std::string table, Part part)
      : disk_(disk), table_(std::move(table)), part_(part) {}

  Status Append(const warehouse::Batch& batch) override {
    return disk_.Call([&]() -> Status {
      for (std::size_t i = 0; i < batch.rows; ++i) {
        SimCells cells;
        for (const warehouse::BatchColumn& column : batch.columns) {
          cells.push_back(CellAt(column, i));
        }
        rows_.push_back(std::move(cells));
      }
      return {};
    });
  }

  Status Commit() override {
    return disk_.Call([&]() -> Status {
      Land();
      return {};
    });
  }

  Status CommitRange(std::size_t index, const CopiedRange& range) override {
    return disk_.Call([&]() -> Status {
      Land();
      if (disk_.tables[table_].copy) disk_.tables[table_].copy->done[index] = range;
      return {};
    });
  }

 private:
  void Land() {
    auto& part = disk_.tables[table_].parts[part_];
    part.insert(part.end(), rows_.begin(), rows_.end());
  }

  SimDisk& disk_;
  const std::string table_;
  const Part part_;
  std::vector<SimCells> rows_;
};

class SimTableSpool : public TableSpool {
 public:
  SimTableSpool(SimDisk& disk, const SourceTable& table) : disk_(disk), table_(table) {
    for (const std::string& key : table.primary_key) {
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].name == key) key_.push_back(i);
      }
    }
  }

  Status Create(Part part) override {
    return Call([&](SpoolTable& table) -> Status {
      if (part == Part::kStage) table.copy.reset();
      if (!disk_.keeps_parts) table.parts.erase(part);
      table.parts[part];
      return {};
    });
  }

  Result<std::unique_ptr<SpoolWriter>> Write(Part part) override {
    TRY_STATUS(Call([&](SpoolTable& table) { return Exists(table, part); }));
    return std::unique_ptr<SpoolWriter>(std::make_unique<SimWriter>(disk_, table_.name, part));
  }

  Result<std::int64_t> Count(Part part) override {
    std::int64_t count = 0;
    const Status read = Call([&](SpoolTable& table) -> Status {
      TRY_STATUS(Exists(table, part));
      count = static_cast<std::int64_t>(table.parts[part].size());
      return {};
    });
    TRY_STATUS(read);
    return count;
  }

  Status BeginCopy(const Copy& copy) override {
    return Call([&](SpoolTable& table) -> Status {
      table.parts[Part::kStage].clear();
      table.copy = copy;
      return {};
    });
  }

  Result<std::optional<Copy>> ReadCopy() override {
    std::optional<Copy> copy;
    const Status read = Call([&](SpoolTable& table) -> Status {
      copy = table.copy;
      return {};
    });
    TRY_STATUS(read);
    return copy;
  }

  Result<KeyCheck> CheckKeys(Part part) override {
    KeyCheck check;
    const Status read = Call([&](SpoolTable& table) -> Status {
      TRY(const std::set<SimCells> missing, MissingIn(table, part));
      const std::set<SimCells> keys = KeysOf(table);
      check.missing = static_cast<std::int64_t>(missing.size());
      for (const SimCells& row : table.parts[part]) {
        ++check.rows;
        check.gone += keys.count(KeyOf(row)) == 0 ? 1 : 0;
      }
      return {};
    });
    TRY_STATUS(read);
    return check;
  }

  Result<std::vector<KeyValues>> ReadMissing(Part part, std::int64_t count_max) override {
    std::vector<KeyValues> keys;
    const Status read = Call([&](SpoolTable& table) -> Status {
      TRY(const std::set<SimCells> missing, MissingIn(table, part));
      for (const SimCells& key : missing) {
        if (static_cast<std::int64_t>(keys.size()) == count_max) break;
        keys.emplace_back();
        for (const auto& cell : key) keys.back().push_back(ValueOf(cell));
      }
      return {};
    });
    TRY_STATUS(read);
    return keys;
  }

  Status InTransaction(const std::function<Status()>& work) override {
    SpoolTable seen;
    TRY_STATUS(Call([&](SpoolTable& table) -> Status {
      seen = table;
      return {};
    }));
    transaction_ = std::move(seen);
    changed_.clear();
    const Status worked = work();
    const SpoolTable changed = *std::exchange(transaction_, std::nullopt);
    TRY_STATUS(worked);
    return disk_.Call([&]() -> Status {
      disk_.tables[table_.name] = changed;
      const bool is_seen = changed_.count(Part::kTarget) != 0;
      if (disk_.on_commit && is_seen) disk_.on_commit(table_.name, changed);
      return {};
    });
  }

  Status Swap() override {
    return Change(Part::kTarget, [&](SpoolTable& table) -> Status {
      TRY_STATUS(Exists(table, Part::kStage));
      if (changed_.count(Part::kStage) != 0) {
        disk_.violation = "rows were changed and their table renamed in one transaction";
      }
      table.from_ranges = table.copy.has_value();
      table.parts[Part::kTarget] = std::move(table.parts[Part::kStage]);
      table.parts.erase(Part::kStage);
      return {};
    });
  }

  Status Merge(Part part) override {
    return Change(part, [&](SpoolTable& table) -> Status {
      TRY_STATUS(Exists(table, part));
      TRY_STATUS(Exists(table, Part::kChanges));
      const std::vector<SimCells>& changes = table.parts[Part::kChanges];
      std::set<SimCells> keys;
      for (const SimCells& row : changes) keys.insert(KeyOf(row));
      std::vector<SimCells>& rows = table.parts[part];
      std::erase_if(rows, [&](const SimCells& row) { return keys.count(KeyOf(row)) != 0; });
      rows.insert(rows.end(), changes.begin(), changes.end());
      return {};
    });
  }

  // The simulated tables neither keep what vanished nor are append-only.
  Status CarryOver(const sql::CarriedRows&, Micros) override {
    return Fail(Code::kInternal, "nothing is carried over here");
  }
  Result<std::string> ReadGreatestKey() override {
    return Fail(Code::kInternal, "nothing is appended here");
  }

  Status RemoveGone(Part part, Micros) override {
    return Change(part, [&](SpoolTable& table) -> Status {
      TRY_STATUS(Exists(table, part));
      TRY_STATUS(Exists(table, Part::kKeys));
      const std::set<SimCells> keys = KeysOf(table);
      std::erase_if(table.parts[part],
                    [&](const SimCells& row) { return keys.count(KeyOf(row)) == 0; });
      return {};
    });
  }

  Result<std::string> RecordHistory(const HistoryStep& step) override {
    const Status recorded = Change(Part::kTarget, [&](SpoolTable& table) -> Status {
      const std::int64_t version = table.state ? table.state->version : 0;
      const bool is_gap =
          table.history_version != version && disk_.history_mistake != HistoryMistake::kGapUnseen;
      const bool whole = step.whole || is_gap || table.history.empty();
      for (const Part needed : {Part::kKeys, Part::kChanges}) {
        if (!whole) TRY_STATUS(Exists(table, needed));
      }
      CloseVersions(table, whole, step.at);
      OpenVersions(table, whole ? Part::kTarget : Part::kChanges, step.at);
      table.history_version = version + 1;
      return {};
    });
    TRY_STATUS(recorded);
    return std::string();
  }

  Status Record(const Position& position) override {
    return Change(Part::kTarget, [&](SpoolTable& table) -> Status {
      const std::int64_t version = table.state ? table.state->version : 0;
      table.state = position.state;
      table.state->version = version + 1;
      table.whole = position.whole;
      table.runs.push_back(position.run);
      return {};
    });
  }

  Status Drop() override {
    return Call([&](SpoolTable& table) -> Status {
      std::erase_if(table.parts, [](const auto& part) { return part.first != Part::kTarget; });
      table.copy.reset();
      return {};
    });
  }

 private:
  std::map<SimCells, SimCells> RowsOf(const SpoolTable& table, Part part) const {
    std::map<SimCells, SimCells> rows;
    for (const SimCells& row : table.parts.at(part)) rows[KeyOf(row)] = row;
    return rows;
  }

  // By everything that is there, or by what the staging tables name.
  void CloseVersions(SpoolTable& table, bool whole, Micros at) const {
    const auto rows = RowsOf(table, whole ? Part::kTarget : Part::kChanges);
    const std::set<SimCells> keys = whole ? std::set<SimCells>() : KeysOf(table);
    for (SimVersion& version : table.history) {
      if (version.to) continue;
      const SimCells key = KeyOf(version.cells);
      const auto row = rows.find(key);
      const bool is_read = row != rows.end();
      const bool is_gone = whole ? !is_read : keys.count(key) == 0;
      const bool is_same = is_read && row->second == version.cells &&
                           disk_.history_mistake != HistoryMistake::kOfUnchanged;
      if (is_gone && disk_.history_mistake == HistoryMistake::kGoneOpen) continue;
      if (is_gone || (is_read && !is_same)) version.to = at;
    }
  }

  void OpenVersions(SpoolTable& table, Part from, Micros at) const {
    std::set<SimCells> open;
    for (const SimVersion& version : table.history) {
      if (!version.to) open.insert(KeyOf(version.cells));
    }
    for (const auto& [key, row] : RowsOf(table, from)) {
      if (open.count(key) == 0) table.history.push_back({row, at, std::nullopt});
    }
  }

  // Keys of the source that neither the part nor the changes have.
  Result<std::set<SimCells>> MissingIn(const SpoolTable& table, Part part) const {
    for (const Part needed : {part, Part::kKeys, Part::kChanges}) {
      TRY_STATUS(Exists(table, needed));
    }
    std::set<SimCells> missing = KeysOf(table);
    for (const Part known : {part, Part::kChanges}) {
      for (const SimCells& row : table.parts.at(known)) missing.erase(KeyOf(row));
    }
    return missing;
  }

  static warehouse::Value ValueOf(const std::optional<std::int64_t>& cell) {
    return cell ? warehouse::Value(*cell) : warehouse::Value();
  }

  // A call on what this connection sees.
  Status Call(const std::function<Status(SpoolTable&)>& work) {
    return disk_.Call([&] { return work(transaction_ ? *transaction_ : Durable()); });
  }

  // Where questions could see half of it, it must be part of a transaction.
  Status Change(Part part, const std::function<Status(SpoolTable&)>& work) {
    const bool is_seen = !transaction_ && part == Part::kTarget;
    return Call([&](SpoolTable& table) {
      if (is_seen) disk_.violation = "the target was changed outside a transaction";
      changed_.insert(part);
      return work(table);
    });
  }

  SpoolTable& Durable() { return disk_.tables[table_.name]; }

  static Status Exists(const SpoolTable& table, Part part) {
    if (table.parts.count(part) != 0) return {};
    return Fail(Code::kInternal, "part {} does not exist", static_cast<int>(part));
  }

  SimCells KeyOf(const SimCells& row) const {
    SimCells key;
    for (const std::size_t i : key_) key.push_back(row[i]);
    return key;
  }

  static std::set<SimCells> KeysOf(const SpoolTable& table) {
    const std::vector<SimCells>& keys = table.parts.at(Part::kKeys);
    return {keys.begin(), keys.end()};
  }

  SimDisk& disk_;
  const SourceTable& table_;
  std::vector<std::size_t> key_;
  std::optional<SpoolTable> transaction_;
  std::set<Part> changed_;  // in the transaction
};

// Staging that no copy will go on with.
void DropLeftovers(SpoolTable* table) {
  std::erase_if(table->parts, [&](const auto& part) {
    const bool goes_on = part.first == Part::kStage && table->copy.has_value();
    return part.first != Part::kTarget && !goes_on;
  });
}

}  // namespace

Status SimDisk::Call(const std::function<Status()>& work) {
  const std::scoped_lock lock(mutex);
  if (crashed_) return Fail(Code::kUnavailable, "the warehouse is gone");
  const FaultKind kind = faults_.Call(Edge::kSpool);
  if (kind == FaultKind::kError) return Fail(Code::kUnavailable, "the disk is full");
  if (kind == FaultKind::kCrashBefore || kind == FaultKind::kCrashAfter) crashed_ = true;
  if (kind != FaultKind::kCrashBefore) {
    Status done = work();
    if (kind == FaultKind::kNone) return done;
  }
  return Fail(Code::kUnavailable, "the power went out");
}

Result<std::map<std::string, Landed>> SimSpool::Prepare() {
  std::map<std::string, Landed> landed;
  TRY_STATUS(disk_.Call([&]() -> Status {
    for (auto& [name, table] : disk_.tables) {
      if (!disk_.keeps_parts) DropLeftovers(&table);
      landed[name].exists = table.parts.count(Part::kTarget) != 0;
      landed[name].state = table.state;
    }
    return {};
  }));
  return landed;
}

Result<std::unique_ptr<TableSpool>> SimSpool::Open(const SourceTable& table) {
  TRY_STATUS(disk_.Call([]() -> Status { return {}; }));
  return std::unique_ptr<TableSpool>(std::make_unique<SimTableSpool>(disk_, table));
}

}  // namespace kura::sync
