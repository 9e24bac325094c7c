// Sessions and readers of the simulated server.
#include "sync/sim_source_for_test.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "base/text.h"

namespace kura::sync {
namespace {

std::optional<std::int64_t> Cell(const SimRow& row, const std::string& column) {
  if (column == "id") return row.id;
  if (column == "value") return row.value;
  if (column == "note") return row.note;
  return row.stamp;
}

void AppendCell(const std::optional<std::int64_t>& cell, warehouse::BatchColumn* column) {
  const std::int64_t value = cell.value_or(0);
  column->valid.push_back(cell ? 1 : 0);
  column->fixed.resize(column->fixed.size() + sizeof value);
  std::memcpy(column->fixed.data() + column->fixed.size() - sizeof value, &value, sizeof value);
}

bool InRange(const KeyRange& range, std::int64_t id) {
  std::int64_t bound = 0;
  if (!range.lower.empty() && ParseInt(range.lower[0], &bound) && id < bound) return false;
  return range.upper.empty() || !ParseInt(range.upper[0], &bound) || id < bound;
}

bool AmongKeys(const ReadRequest& request, std::int64_t id) {
  if (request.keys.empty()) return true;
  return std::any_of(request.keys.begin(), request.keys.end(), [&](const auto& key) {
    return key.size() == 1 && key[0] == warehouse::Value(id);
  });
}

// Does a row belong to the read? The one place that knows how requests limit rows.
Result<bool> Wanted(const ReadRequest& request, const SimRow& row, bool reads_nulls) {
  if (!InRange(request.range, row.id) || !AmongKeys(request, row.id)) return false;
  if (request.cursor.empty()) return true;
  if (!row.stamp) return reads_nulls;
  TRY(const Micros since, ParseDateTime(request.since_text));
  return *row.stamp >= since;
}

class SimReader : public BatchReader {
 public:
  SimReader(SimSource& source, bool* lost, std::vector<std::string> columns,
            std::vector<SimRow> rows)
      : source_(source), lost_(lost), columns_(std::move(columns)), rows_(std::move(rows)) {}

  Result<bool> Next(warehouse::Batch* batch) override {
    TRY_STATUS(source_.Call(lost_));
    batch->Clear();
    while (at_ < rows_.size() && batch->rows < source_.rows_per_batch()) {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        AppendCell(Cell(rows_[at_], columns_[i]), &batch->columns[i]);
      }
      ++batch->rows;
      ++at_;
    }
    return batch->rows > 0;
  }

  std::vector<CoercedColumn> Coerced() const override { return {}; }

 private:
  SimSource& source_;
  bool* lost_;
  std::vector<std::string> columns_;
  std::vector<SimRow> rows_;
  std::size_t at_ = 0;
};

class SimSession : public Session {
 public:
  explicit SimSession(SimSource& source) : source_(source) {}

  Result<std::vector<SourceTable>> ReadTables() override {
    TRY_STATUS(Call());
    const std::scoped_lock lock(source_.world_mutex);
    return source_.world().Describe();
  }

  Result<Watermark> ReadWatermark() override {
    TRY_STATUS(Call());
    const std::scoped_lock lock(source_.world_mutex);
    return ComputeWatermark(source_.world().ReadOpenWork());
  }

  Result<std::vector<KeyRange>> SplitKeys(const SourceTable& table, std::int64_t rows) override {
    TRY_STATUS(Call());
    if (table.primary_key.empty()) return std::vector<KeyRange>();
    const std::scoped_lock lock(source_.world_mutex);
    std::vector<KeyRange> ranges(1);
    std::int64_t in_range = 0;
    for (const auto& [id, row] : source_.world().Table(table.name).rows) {
      if (in_range++ < rows) continue;
      ranges.back().upper = {std::to_string(id)};
      ranges.push_back({ranges.back().upper, {}});
      in_range = 1;
    }
    return ranges;
  }

  Result<std::string> ReadGreatestKey(const SourceTable&) override {
    return Fail(Code::kInternal, "nothing is appended here");
  }

  Status BeginSnapshot() override {
    TRY_STATUS(Call());
    const std::scoped_lock lock(source_.world_mutex);
    snapshot_ = source_.world().TakeSnapshot();
    source_.KeepSnapshot(snapshot_);
    return {};
  }

  Status EndSnapshot() override {
    snapshot_.reset();
    return Call();
  }

  Result<std::unique_ptr<BatchReader>> Read(const ReadRequest& request) override {
    TRY_STATUS(Call());
    // Without a snapshot of its own a read sees what is committed when it starts.
    const auto seen = snapshot_ ? snapshot_ : Now();
    std::vector<SimRow> rows;
    for (const auto& [id, row] : seen->tables.at(request.table->name)) {
      TRY(const bool wanted, Wanted(request, row, source_.reads_nulls));
      if (wanted) rows.push_back(row);
    }
    return std::unique_ptr<BatchReader>(
        std::make_unique<SimReader>(source_, &lost_, request.columns, std::move(rows)));
  }

  void Interrupt() override {}  // Between calls, which is all that there is here, it does nothing.
  bool lost() const override { return lost_; }

 private:
  Status Call() {
    {
      const std::scoped_lock lock(source_.world_mutex);
      source_.world().Tick();
    }
    return source_.Call(&lost_);
  }

  std::shared_ptr<const SimSnapshot> Now() {
    const std::scoped_lock lock(source_.world_mutex);
    return source_.world().TakeSnapshot();
  }

  SimSource& source_;
  std::shared_ptr<const SimSnapshot> snapshot_;
  bool lost_ = false;
};

}  // namespace

Result<std::unique_ptr<Session>> SimSource::Connect() {
  faults_.Arm();
  bool lost = false;
  TRY_STATUS(Call(&lost));
  const std::scoped_lock lock(world_mutex, mutex_);
  server_id_ = world_.server_id();
  return std::unique_ptr<Session>(std::make_unique<SimSession>(*this));
}

std::string SimSource::server_id() const {
  const std::scoped_lock lock(mutex_);
  return server_id_;
}

std::shared_ptr<const SimSnapshot> SimSource::LastSnapshot() const {
  const std::scoped_lock lock(mutex_);
  const auto found = snapshots_.find(std::this_thread::get_id());
  return found == snapshots_.end() ? nullptr : found->second;
}

void SimSource::KeepSnapshot(std::shared_ptr<const SimSnapshot> snapshot) {
  const std::scoped_lock lock(mutex_);
  snapshots_[std::this_thread::get_id()] = std::move(snapshot);
}

void SimSource::SwapServer() {
  const std::scoped_lock lock(world_mutex);
  world_.Swap();
}

Status SimSource::Call(bool* lost) {
  if (*lost) return Fail(Code::kUnavailable, "the connection was lost before");
  const FaultKind kind = faults_.Call(Edge::kSource);
  switch (kind) {
    case FaultKind::kStop:
      stop = true;
      return {};
    case FaultKind::kError:
      return Fail(Code::kConflict, "the statement was killed");
    case FaultKind::kSwapped:
      SwapServer();
      [[fallthrough]];
    case FaultKind::kLost:
      *lost = true;
      return Fail(Code::kUnavailable, "the connection was lost");
    case FaultKind::kNone:
    case FaultKind::kCrashBefore:
    case FaultKind::kCrashAfter:
      break;
  }
  return {};
}

}  // namespace kura::sync
