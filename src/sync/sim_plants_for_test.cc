// Wrappers that pass everything on, except for one mistake.
#include "sync/sim_plants_for_test.h"

#include <algorithm>

namespace kura::sync {
namespace {

// The stamps as instants, as far as max() could tell.
Micros MaxOfData(const SimWorld& world) {
  Micros max = 0;
  for (const SimTable& table : world.tables()) {
    const bool is_wall = table.options.clock == ClockKind::kWallClock;
    for (const auto& [id, row] : table.rows) {
      if (!row.stamp) continue;
      max = std::max(max, is_wall ? Zone::Find(table.options.zone)->ToUtc(*row.stamp) : *row.stamp);
    }
  }
  return max;
}

class PlantedSession : public Session {
 public:
  PlantedSession(Plant plant, SimSource& source, std::unique_ptr<Session> inner)
      : plant_(plant), source_(source), inner_(std::move(inner)) {}

  Result<std::vector<SourceTable>> ReadTables() override { return inner_->ReadTables(); }

  Result<Watermark> ReadWatermark() override {
    if (plant_ == Plant::kSnapshotFirst) TRY_STATUS(inner_->BeginSnapshot());
    TRY(Watermark watermark, inner_->ReadWatermark());
    OpenWork work;
    work.now = watermark.now;
    work.transactions_visible = true;
    if (plant_ == Plant::kNowAsWatermark) return ComputeWatermark(work);
    if (plant_ == Plant::kMaxOfData) watermark.complete_through = MaxOfData(source_.world());
    if (plant_ == Plant::kNoGranularity) watermark.complete_through += kMicrosPerSecond;
    if (plant_ == Plant::kNoStatements) {
      work = source_.world().ReadOpenWork();
      work.oldest_statement_runs.reset();
      return ComputeWatermark(work);
    }
    return watermark;
  }

  Result<std::vector<KeyRange>> SplitKeys(const SourceTable& table, std::int64_t rows) override {
    return inner_->SplitKeys(table, rows);
  }

  Result<std::string> ReadGreatestKey(const SourceTable& table) override {
    return inner_->ReadGreatestKey(table);
  }

  Status BeginSnapshot() override {
    reads_ = 0;
    if (plant_ == Plant::kSnapshotFirst) return {};
    return inner_->BeginSnapshot();
  }

  Status EndSnapshot() override { return inner_->EndSnapshot(); }

  Result<std::unique_ptr<BatchReader>> Read(const ReadRequest& request) override {
    ReadRequest changed = request;
    if (plant_ == Plant::kKeysOfAnotherMoment && ++reads_ == 2) {
      TRY_STATUS(inner_->EndSnapshot());
      TRY_STATUS(inner_->BeginSnapshot());
    }
    const bool is_range = !request.range.lower.empty() || !request.range.upper.empty();
    if (!request.cursor.empty()) {
      TRY(Micros since, ParseDateTime(request.since_text));
      if (plant_ == Plant::kLaterThan) since += 1;
      if (plant_ == Plant::kNoLookback) {
        since += source_.world().Table(request.table->name).options.lookback;
      }
      if (plant_ == Plant::kRangesOnce && after_range_) since += kMicrosPerDay;
      changed.since_text = CursorText(since);
    }
    after_range_ = is_range;
    return inner_->Read(changed);
  }

  void Interrupt() override { inner_->Interrupt(); }
  bool lost() const override { return inner_->lost(); }

 private:
  const Plant plant_;
  SimSource& source_;
  std::unique_ptr<Session> inner_;
  int reads_ = 0;
  bool after_range_ = false;
};

class PlantedSource : public Source {
 public:
  PlantedSource(Plant plant, SimSource& source) : plant_(plant), source_(source) {
    source.reads_nulls = plant != Plant::kNullsUnread;
  }

  Result<std::unique_ptr<Session>> Connect() override {
    TRY(auto session, source_.Connect());
    return std::unique_ptr<Session>(
        std::make_unique<PlantedSession>(plant_, source_, std::move(session)));
  }
  std::string description() const override { return source_.description(); }
  std::string server_id() const override {
    return plant_ == Plant::kSameServer ? "server" : source_.server_id();
  }

 private:
  const Plant plant_;
  SimSource& source_;
};

class SwallowingWriter : public SpoolWriter {
 public:
  explicit SwallowingWriter(std::unique_ptr<SpoolWriter> inner) : inner_(std::move(inner)) {}
  Status Append(const warehouse::Batch& batch) override {
    (void)inner_->Append(batch);  // The mistake.
    return {};
  }
  Status Commit() override { return inner_->Commit(); }
  Status CommitRange(std::size_t index, const CopiedRange& range) override {
    return inner_->CommitRange(index, range);
  }

 private:
  std::unique_ptr<SpoolWriter> inner_;
};

class PassingTableSpool : public TableSpool {
 public:
  explicit PassingTableSpool(std::unique_ptr<TableSpool> inner) : inner_(std::move(inner)) {}

  Result<std::unique_ptr<SpoolWriter>> Write(Part part) override { return inner_->Write(part); }
  Status Create(Part part) override { return inner_->Create(part); }
  Result<std::int64_t> Count(Part part) override { return inner_->Count(part); }
  Status BeginCopy(const Copy& copy) override { return inner_->BeginCopy(copy); }
  Result<std::optional<Copy>> ReadCopy() override { return inner_->ReadCopy(); }
  Result<KeyCheck> CheckKeys(Part part) override { return inner_->CheckKeys(part); }
  Result<std::vector<KeyValues>> ReadMissing(Part part, std::int64_t count_max) override {
    return inner_->ReadMissing(part, count_max);
  }
  Status InTransaction(const std::function<Status()>& work) override {
    return inner_->InTransaction(work);
  }
  Status Swap() override { return inner_->Swap(); }
  Status Merge(Part part) override { return inner_->Merge(part); }
  Status RemoveGone(Part part, Micros at) override { return inner_->RemoveGone(part, at); }
  Status CarryOver(const sql::CarriedRows& rows, Micros at) override {
    return inner_->CarryOver(rows, at);
  }
  Result<std::string> ReadGreatestKey() override { return inner_->ReadGreatestKey(); }
  Result<std::string> RecordHistory(const HistoryStep& step) override {
    return inner_->RecordHistory(step);
  }
  Status Record(const Position& position) override { return inner_->Record(position); }
  Status Drop() override { return inner_->Drop(); }

 protected:
  TableSpool& inner() { return *inner_; }

 private:
  std::unique_ptr<TableSpool> inner_;
};

class SwallowingTableSpool : public PassingTableSpool {
 public:
  using PassingTableSpool::PassingTableSpool;

  Result<std::unique_ptr<SpoolWriter>> Write(Part part) override {
    TRY(auto writer, inner().Write(part));
    return std::unique_ptr<SpoolWriter>(std::make_unique<SwallowingWriter>(std::move(writer)));
  }
};

// The staging tables are gone by then, so everything is compared: what is written is right.
class ApartTableSpool : public PassingTableSpool {
 public:
  using PassingTableSpool::PassingTableSpool;

  Status InTransaction(const std::function<Status()>& work) override {
    step_.reset();
    TRY_STATUS(inner().InTransaction(work));
    if (!step_) return {};
    return inner().InTransaction([this]() -> Status {
      TRY_STATUS(inner().RecordHistory(*step_));
      return {};
    });
  }
  Result<std::string> RecordHistory(const HistoryStep& step) override {
    step_ = step;
    step_->whole = true;
    return std::string();
  }

 private:
  std::optional<HistoryStep> step_;
};

class PlantedSpool : public Spool {
 public:
  PlantedSpool(Plant plant, Spool& inner) : plant_(plant), inner_(inner) {}
  Result<std::map<std::string, Landed>> Prepare() override { return inner_.Prepare(); }
  Status Scrub() override { return inner_.Scrub(); }
  Result<std::unique_ptr<TableSpool>> Open(const SourceTable& table) override {
    TRY(auto opened, inner_.Open(table));
    std::unique_ptr<TableSpool> planted;
    if (plant_ == Plant::kHistoryApart) {
      planted = std::make_unique<ApartTableSpool>(std::move(opened));
    } else {
      planted = std::make_unique<SwallowingTableSpool>(std::move(opened));
    }
    return planted;
  }

 private:
  const Plant plant_;
  Spool& inner_;
};

}  // namespace

std::unique_ptr<Source> PlantInSource(Plant plant, SimSource& source) {
  return std::make_unique<PlantedSource>(plant, source);
}

std::unique_ptr<Spool> PlantInSpool(Plant plant, Spool& spool) {
  if (plant != Plant::kSwallowedError && plant != Plant::kHistoryApart) return nullptr;
  return std::make_unique<PlantedSpool>(plant, spool);
}

HistoryMistake MistakeOf(Plant plant) {
  if (plant == Plant::kHistoryOfUnchanged) return HistoryMistake::kOfUnchanged;
  if (plant == Plant::kHistoryGoneOpen) return HistoryMistake::kGoneOpen;
  if (plant == Plant::kHistoryGapUnseen) return HistoryMistake::kGapUnseen;
  return HistoryMistake::kNone;
}

}  // namespace kura::sync
