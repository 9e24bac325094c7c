// The transaction sees the warehouse as it was at its first statement, and what this connection
// itself has put into temporary tables since.
#include "sync/verify_side.h"

#include <thread>

#include "base/text.h"
#include "sync/batch_queue.h"

namespace kura::sync {
namespace {

// How a plan's note ends.
constexpr std::string_view kOutcome = ": copied whole";
constexpr std::size_t kVerifyBytesInFlight = std::size_t{16} << 20;

// As the sync lands it: zero dates are NULL, also inside a key and behind a mask.
bool CanBeNull(const SourceColumn& column) {
  return column.nullable || column.type.kind == sql::TypeKind::kDate ||
         column.clock != ClockKind::kNone;
}

sql::StagingShape ShapeOf(const std::string& source, const SourceTable& table) {
  sql::StagingShape shape{"raw_" + source, table.name, "", {}, {}};
  for (const SourceColumn& column : table.columns) {
    shape.columns.push_back({column.name, column.type});
  }
  for (const std::string& key : table.primary_key) {
    const SourceColumn* column = table.Find(key);
    shape.key.push_back({column->name, CanBeNull(*column)});
  }
  return shape;
}

std::string TextOf(const warehouse::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

// "columns changed: copied whole" says what a sync would do; here only the first half counts.
std::string WithoutOutcome(const std::string& note) {
  if (!note.ends_with(kOutcome)) return note;
  return note.substr(0, note.size() - kOutcome.size());
}

std::vector<sql::Type> TypesOf(const ReadRequest& request) {
  std::vector<sql::Type> types;
  for (const std::string& name : request.columns) types.push_back(request.table->Find(name)->type);
  return types;
}

Result<std::int64_t> ReadAll(BatchReader& reader, const std::vector<sql::Type>& types,
                             BatchQueue& queue) {
  std::int64_t rows = 0;
  while (true) {
    BatchQueue::Item batch = queue.TakeEmpty();
    if (batch == nullptr) batch = std::make_unique<warehouse::Batch>(types);
    TRY(const bool more, reader.Next(batch.get()));
    if (!more) return rows;
    rows += static_cast<std::int64_t>(batch->rows);
    if (!queue.Push(std::move(batch))) return rows;
  }
}

Status AppendAll(BatchQueue& queue, warehouse::Loader& loader) {
  while (BatchQueue::Item batch = queue.Pop()) {
    TRY_STATUS(loader.Append(*batch));
    queue.GiveBack(std::move(batch));
  }
  return {};
}

}  // namespace

VerifySide::~VerifySide() {
  if (open_) (void)connection_->Execute("ROLLBACK");
}

Result<std::unique_ptr<VerifySide>> VerifySide::Open(const VerifyContext& context,
                                                     const SourceTable& table) {
  TRY(auto connection, context.warehouse.Connect());
  auto side = std::make_unique<VerifySide>(std::move(connection));
  TRY_STATUS(side->Execute("BEGIN TRANSACTION"));
  side->open_ = true;
  TRY(auto state, warehouse::ReadTableState(*side->connection_, context.source.name, table.name));
  if (!state) return Fail(Code::kNotFound, "'{}' was never synced", table.name);
  side->state_ = *std::move(state);
  PlanInput input;
  input.source = &context.source;
  input.state = &side->state_;
  input.table_exists = true;
  input.server_id = context.server_id;
  TRY(side->plan_, PlanTable(table, input));
  side->text_ =
      std::make_unique<sql::ComparisonText>(ShapeOf(context.source.name, side->plan_.table));
  TRY(side->reason_, side->WhyNot(context));
  if (!side->reason_.empty()) return side;
  for (const std::string& statement : side->text_->CreateTables()) {
    TRY_STATUS(side->Execute(statement));
  }
  return side;
}

Status VerifySide::End() {
  open_ = false;
  return Execute("COMMIT");
}

// The table must be the one that a delta could go on with.
Result<std::string> VerifySide::WhyNot(const VerifyContext& context) {
  if (state_.server_id != context.server_id) {
    return std::string("the source is another server now than at the last sync");
  }
  if (!has_cursor() && state_.mode != "full") {
    return "a table in mode " + state_.mode + " is not meant to equal its source";
  }
  if (has_cursor() && !plan_.delta) {
    if (!plan_.note.empty()) return WithoutOutcome(plan_.note);
    return std::string("kura.yaml names another cursor or mode than at the last sync");
  }
  TRY(const auto columns, Query(text_->ReadColumns()));
  if (columns.empty()) return std::string("the table is missing in the warehouse");
  const auto& planned = plan_.table.columns;
  const bool keeps_vanished =
      columns.size() == planned.size() + 1 && TextOf(columns.back()[0]) == sql::kVanishedAt;
  if (keeps_vanished) {
    text_ = std::make_unique<sql::ComparisonText>(ShapeOf(state_.source, plan_.table), true);
  }
  bool same = keeps_vanished || columns.size() == planned.size();
  for (std::size_t i = 0; i < planned.size() && same; ++i) {
    same = TextOf(columns[i][0]) == planned[i].name &&
           sql::ParseTypeName(TextOf(columns[i][1])) == planned[i].type;
  }
  return same ? std::string() : std::string("the columns are not those of the last sync");
}

ReadRequest VerifySide::Rows() const {
  ReadRequest request;
  request.table = &plan_.table;
  for (const SourceColumn& column : plan_.table.columns) request.columns.push_back(column.name);
  return request;
}

ReadRequest VerifySide::Keys() const {
  ReadRequest request;
  request.table = &plan_.table;
  request.columns = plan_.table.primary_key;
  return request;
}

Result<Loaded> VerifySide::Load(Session& session, const ReadRequest& request,
                                std::string_view table) {
  TRY(const auto reader, session.Read(request));
  TRY(const auto loader, connection_->Load("main", std::string(table)));
  BatchQueue queue(kVerifyBytesInFlight);
  Status appended;
  std::thread writer([&] {
    appended = AppendAll(queue, *loader);
    if (!appended) queue.Abandon();
  });
  const Result<std::int64_t> rows = ReadAll(*reader, TypesOf(request), queue);
  if (rows) {
    queue.Finish();
  } else {
    queue.Abandon();
  }
  writer.join();
  if (!rows) return tl::make_unexpected(rows.error());
  if (!appended) return tl::make_unexpected(appended.error());
  TRY_STATUS(loader->Finish());
  return Loaded{*rows, reader->Coerced()};
}

Result<std::vector<std::vector<warehouse::Value>>> VerifySide::Query(const std::string& sql) {
  TRY(const auto stream, connection_->Query(sql, {}));
  std::vector<std::vector<warehouse::Value>> rows;
  std::vector<warehouse::Value> row;
  while (true) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return rows;
    rows.push_back(row);
  }
}

Result<std::vector<std::int64_t>> VerifySide::Numbers(const std::string& sql, std::size_t width) {
  TRY(const auto rows, Query(sql));
  std::vector<std::int64_t> numbers;
  for (const auto& row : rows) {
    for (const warehouse::Value& value : row) {
      if (const auto* number = std::get_if<std::int64_t>(&value)) numbers.push_back(*number);
    }
  }
  if (numbers.size() != width) return Fail(Code::kInternal, "no counts from the warehouse");
  return numbers;
}

}  // namespace kura::sync
