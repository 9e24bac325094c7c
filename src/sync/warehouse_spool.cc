// Staging tables beside the target; writers have connections of their own, so that reading, writing
// and compressing overlap.
#include "sync/warehouse_spool.h"

#include <array>
#include <set>

#include "sql/staging.h"
#include "sync/coercions.h"
#include "sync/copy_text.h"
#include "sync/history.h"
#include "sync/landing.h"

namespace kura::sync {
namespace {

bool IsStaging(const std::string& name) {
  constexpr std::array kPrefixes = {
      sql::kStagePrefix, sql::kChangesPrefix, sql::kKeysPrefix, sql::kGonePrefix};
  for (const std::string_view prefix : kPrefixes) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

Status ExecuteAll(warehouse::Connection& connection, const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) TRY_STATUS(connection.Execute(statement));
  return {};
}

class WarehouseWriter : public SpoolWriter {
 public:
  WarehouseWriter(std::string source, std::string table,
                  std::unique_ptr<warehouse::Connection> connection)
      : source_(std::move(source)), table_(std::move(table)), connection_(std::move(connection)) {}
  ~WarehouseWriter() override {
    loader_.reset();
    if (open_) (void)connection_->Execute("ROLLBACK");
  }

  Status Begin(const std::string& schema, const std::string& table) {
    TRY_STATUS(connection_->Execute("BEGIN TRANSACTION"));
    open_ = true;
    TRY(loader_, connection_->Load(schema, table));
    return {};
  }

  Status Append(const warehouse::Batch& batch) override { return loader_->Append(batch); }

  Status Commit() override {
    TRY_STATUS(Finish());
    open_ = false;  // A COMMIT that fails has ended the transaction too.
    return connection_->Execute("COMMIT");
  }

  Status CommitRange(std::size_t index, const CopiedRange& range) override {
    TRY_STATUS(Finish());
    TRY_STATUS(warehouse::WriteCopiedRange(*connection_,
                                           {source_,
                                            table_,
                                            static_cast<std::int64_t>(index),
                                            range.rows,
                                            CoercedJson(range.coerced)}));
    return Commit();
  }

 private:
  Status Finish() {
    if (loader_ == nullptr) return {};
    TRY_STATUS(loader_->Finish());
    loader_.reset();
    return {};
  }

  const std::string source_;
  const std::string table_;
  std::unique_ptr<warehouse::Connection> connection_;
  std::unique_ptr<warehouse::Loader> loader_;
  bool open_ = false;
};

class WarehouseTableSpool : public TableSpool {
 public:
  WarehouseTableSpool(const std::string& source, warehouse::Warehouse& warehouse,
                      const SourceTable& table, std::unique_ptr<warehouse::Connection> connection)
      : source_(source),
        warehouse_(warehouse),
        table_(table),
        text_(LandingShape(source, table)),
        connection_(std::move(connection)) {}

  Status Create(Part part) override {
    if (part == Part::kKeys) return connection_->Execute(text_.CreateKeys());
    if (part == Part::kStage) TRY_STATUS(warehouse::ForgetCopy(*connection_, source_, table_.name));
    return ExecuteAll(*connection_, text_.CreateRows(Name(part)));
  }

  Result<std::unique_ptr<SpoolWriter>> Write(Part part) override {
    TRY(auto connection, warehouse_.Connect());
    auto writer = std::make_unique<WarehouseWriter>(source_, table_.name, std::move(connection));
    TRY_STATUS(writer->Begin(text_.schema(), Name(part)));
    return std::unique_ptr<SpoolWriter>(std::move(writer));
  }

  Result<std::int64_t> Count(Part part) override { return ReadCount(text_.Count(Name(part))); }

  Status BeginCopy(const Copy& copy) override {
    return InTransaction([&]() -> Status {
      TRY_STATUS(Create(Part::kStage));
      return warehouse::WriteCopy(*connection_,
                                  {source_,
                                   table_.name,
                                   copy.watermark,
                                   copy.server_id,
                                   copy.columns_json,
                                   RangesJson(copy.ranges)});
    });
  }

  // A record that cannot be read is of no use: the table is copied from its beginning.
  Result<std::optional<Copy>> ReadCopy() override {
    std::optional<Copy> copy;
    TRY(const auto copies, warehouse::ReadCopies(*connection_, source_));
    for (const warehouse::CopyState& state : copies) {
      if (state.table != table_.name) continue;
      Result<std::vector<KeyRange>> ranges = ReadRangesJson(state.ranges_json);
      if (!ranges) return std::optional<Copy>();
      copy = Copy{state.watermark, state.server_id, state.columns_json, *std::move(ranges), {}};
    }
    if (!copy) return copy;
    TRY(const auto done, warehouse::ReadCopiedRanges(*connection_, source_));
    for (const warehouse::CopiedRangeState& range : done) {
      if (range.table != table_.name) continue;
      Result<std::vector<CoercedColumn>> coerced = ReadCoercedJson(range.coerced_json);
      if (!coerced) return std::optional<Copy>();
      copy->done[static_cast<std::size_t>(range.index)] = {range.rows, *std::move(coerced)};
    }
    return copy;
  }

  // Every change has its key in the same snapshot, so what is missing follows from counts; only
  // when something is, the keys themselves are looked for.
  Result<KeyCheck> CheckKeys(Part part) override {
    TRY_STATUS(connection_->Execute(text_.FindGone(Name(part))));
    TRY(const std::vector<std::int64_t> counts, ReadCounts(text_.CompareKeys(Name(part)), 4));
    const std::int64_t kept = counts[0] - counts[1];
    return KeyCheck{counts[0], counts[1], counts[3] - kept - counts[2]};
  }

  Result<std::vector<KeyValues>> ReadMissing(Part part, std::int64_t count_max) override {
    TRY(const auto stream, connection_->Query(text_.MissingKeys(Name(part), count_max), {}));
    std::vector<KeyValues> keys;
    KeyValues row;
    while (true) {
      TRY(const bool more, stream->Next(&row));
      if (!more) return keys;
      keys.push_back(row);
    }
  }

  Status InTransaction(const std::function<Status()>& work) override {
    return warehouse::InTransaction(*connection_, work);
  }
  Status Swap() override { return ExecuteAll(*connection_, text_.Swap(text_.stage())); }
  Status Merge(Part part) override {
    return ExecuteAll(*connection_, text_.Merge(text_.changes(), Name(part)));
  }
  Status RemoveGone(Part part, Micros at) override {
    return connection_->Execute(text_.DeleteGone(Name(part), InstantSql(at)));
  }
  Status CarryOver(const sql::CarriedRows& rows, Micros at) override {
    return ExecuteAll(*connection_, text_.CarryOver(text_.stage(), rows, InstantSql(at)));
  }

  Result<std::string> ReadGreatestKey() override {
    TRY(const auto stream, connection_->Query(text_.GreatestKey(text_.table()), {}));
    std::vector<warehouse::Value> row;
    TRY(const bool has_row, stream->Next(&row));
    const auto* key = has_row ? std::get_if<std::string>(&row[0]) : nullptr;
    return key == nullptr ? std::string() : *key;
  }

  Result<std::string> RecordHistory(const HistoryStep& step) override {
    return sync::RecordHistory(*connection_, source_, table_, step);
  }

  Status Record(const Position& position) override {
    TRY(const auto previous, warehouse::ReadTableState(*connection_, source_, table_.name));
    warehouse::TableState state = position.state;
    state.version = (previous ? previous->version : 0) + 1;
    TRY_STATUS(warehouse::WriteTableState(*connection_, state));
    TablePlan plan;
    plan.table = table_;
    plan.delta = !position.whole;
    if (position.scrub) TRY_STATUS(connection_->Execute(sql::NoteScrubText()));
    TRY_STATUS(RecordCoercions(*connection_, source_, plan, position.coerced).map([](auto) {}));
    return warehouse::AppendSyncRun(*connection_, position.run);
  }

  Status Drop() override {
    TRY_STATUS(warehouse::ForgetCopy(*connection_, source_, table_.name));
    for (const std::string& name : {text_.stage(), text_.changes(), text_.keys(), text_.gone()}) {
      TRY_STATUS(connection_->Execute(text_.Drop(name)));
    }
    return {};
  }

 private:
  std::string Name(Part part) const {
    switch (part) {
      case Part::kTarget:
        return text_.table();
      case Part::kStage:
        return text_.stage();
      case Part::kChanges:
        return text_.changes();
      case Part::kKeys:
        break;
    }
    return text_.keys();
  }

  Result<std::int64_t> ReadCount(const std::string& sql) {
    TRY(const std::vector<std::int64_t> counts, ReadCounts(sql, 1));
    return counts[0];
  }

  // One row of `width` counts.
  Result<std::vector<std::int64_t>> ReadCounts(const std::string& sql, std::size_t width) {
    TRY(const auto stream, connection_->Query(sql, {}));
    std::vector<warehouse::Value> row;
    TRY(const bool has_row, stream->Next(&row));
    std::vector<std::int64_t> counts;
    for (const warehouse::Value& value : row) {
      if (const auto* count = std::get_if<std::int64_t>(&value)) counts.push_back(*count);
    }
    if (!has_row || counts.size() != width) {
      return Fail(Code::kInternal, "no counts from the warehouse");
    }
    return counts;
  }

  const std::string source_;
  warehouse::Warehouse& warehouse_;
  const SourceTable& table_;
  const sql::StagingText text_;
  std::unique_ptr<warehouse::Connection> connection_;
};

class WarehouseSpool : public Spool {
 public:
  WarehouseSpool(std::string source, warehouse::Warehouse& warehouse)
      : source_(std::move(source)), warehouse_(warehouse) {}

  Result<std::map<std::string, Landed>> Prepare() override {
    TRY(const auto connection, warehouse_.Connect());
    TRY_STATUS(warehouse::PrepareState(*connection));
    TRY_STATUS(connection->Execute(sql::CreateSchemaText(LandingSchema(source_))));
    TRY(const std::set<std::string> copies, ReadCopies(*connection));
    TRY(const std::vector<std::string> tables, ReadTables(*connection));
    std::map<std::string, Landed> landed;
    for (const std::string& name : tables) {
      if (!IsStaging(name)) {
        landed[name].exists = true;
      } else if (copies.count(name) == 0) {
        const sql::StagingText text({LandingSchema(source_), name, "", {}, {}, false});
        TRY_STATUS(connection->Execute(text.Drop(name)));
      }
    }
    TRY(const auto states, warehouse::ReadAllStates(*connection));
    for (const warehouse::TableState& state : states) {
      if (state.source == source_) landed[state.table].state = state;
    }
    TRY(const auto histories, warehouse::ReadHistories(*connection));
    for (const warehouse::HistoryState& history : histories) {
      if (history.source == source_) landed[history.table].history = history;
    }
    return landed;
  }

  Status Scrub() override {
    TRY(const auto connection, warehouse_.Connect());
    TRY(const auto stream, connection->Query(sql::NeedsScrubText(), {}));
    std::vector<warehouse::Value> row;
    TRY(const bool has_row, stream->Next(&row));
    const auto* notes = has_row ? std::get_if<std::int64_t>(&row[0]) : nullptr;
    if (notes == nullptr || *notes == 0) return {};
    return ExecuteAll(*connection, sql::ScrubTexts());
  }

  Result<std::unique_ptr<TableSpool>> Open(const SourceTable& table) override {
    TRY(auto connection, warehouse_.Connect());
    return std::unique_ptr<TableSpool>(
        std::make_unique<WarehouseTableSpool>(source_, warehouse_, table, std::move(connection)));
  }

 private:
  // The staging tables of copies that go on.
  Result<std::set<std::string>> ReadCopies(warehouse::Connection& connection) const {
    TRY(const auto copies, warehouse::ReadCopies(connection, source_));
    std::set<std::string> names;
    for (const auto& copy : copies) names.insert(std::string(sql::kStagePrefix) + copy.table);
    return names;
  }

  Result<std::vector<std::string>> ReadTables(warehouse::Connection& connection) const {
    TRY(const auto stream, connection.Query(sql::ListTablesText(LandingSchema(source_)), {}));
    std::vector<std::string> names;
    std::vector<warehouse::Value> row;
    while (true) {
      TRY(const bool more, stream->Next(&row));
      if (!more) return names;
      if (const auto* name = std::get_if<std::string>(&row[0])) names.push_back(*name);
    }
  }

  const std::string source_;
  warehouse::Warehouse& warehouse_;
};

}  // namespace

std::unique_ptr<Spool> MakeWarehouseSpool(const std::string& source,
                                          warehouse::Warehouse& warehouse) {
  return std::make_unique<WarehouseSpool>(source, warehouse);
}

}  // namespace kura::sync
