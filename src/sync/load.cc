// The pipeline: this thread decodes packets into batches, another one appends them. The server, the
// decoding and the warehouse's compression then overlap.
#include "sync/load.h"

#include <thread>

#include "sync/batch_queue.h"

namespace kura::sync {
namespace {

constexpr std::size_t kBatchesInFlight = 32;  // 65,536 rows

std::vector<sql::Type> TypesOf(const ReadRequest& request) {
  std::vector<sql::Type> types;
  for (const std::string& name : request.columns) types.push_back(request.table->Find(name)->type);
  return types;
}

Status AppendAll(warehouse::Connection& connection, BatchQueue& queue, const LoadTarget& target) {
  TRY(const auto loader, connection.Load(target.schema, target.table));
  while (BatchQueue::Item batch = queue.Pop()) {
    TRY_STATUS(loader->Append(*batch));
    queue.GiveBack(std::move(batch));
  }
  // The reader failed: what arrived until then is not wanted.
  if (queue.abandoned()) return Fail(Code::kConflict, "stopped");
  TRY_STATUS(loader->Finish());
  if (target.on_step) target.on_step("before_stage_commit");
  return {};
}

Status Write(BatchQueue& queue, const LoadTarget& target) {
  TRY(const auto connection, target.warehouse->Connect());
  return warehouse::InTransaction(
      *connection, [&]() -> Status { return AppendAll(*connection, queue, target); });
}

Result<std::int64_t> ReadAll(BatchReader& reader, const std::vector<sql::Type>& types,
                             BatchQueue& queue, const LoadTarget& target) {
  std::int64_t rows = 0;
  while (true) {
    BatchQueue::Item batch = queue.TakeEmpty();
    if (batch == nullptr) batch = std::make_unique<warehouse::Batch>(types);
    TRY(const bool more, reader.Next(batch.get()));
    if (!more) return rows;
    rows += static_cast<std::int64_t>(batch->rows);
    if (!queue.Push(std::move(batch))) return rows;
    if (target.on_rows) target.on_rows(rows);
  }
}

}  // namespace

Result<Loaded> LoadRows(Session& session, const ReadRequest& request, const LoadTarget& target) {
  TRY(const auto reader, session.Read(request));
  BatchQueue queue(kBatchesInFlight);
  Status written;
  std::thread writer([&] {
    written = Write(queue, target);
    if (!written) queue.Abandon();
  });
  const Result<std::int64_t> rows = ReadAll(*reader, TypesOf(request), queue, target);
  if (rows) {
    queue.Finish();
  } else {
    queue.Abandon();
  }
  writer.join();
  if (!rows) return tl::make_unexpected(rows.error());
  if (!written) return tl::make_unexpected(written.error());
  if (target.on_step) target.on_step("after_stage_commit");
  return Loaded{*rows, reader->Coerced()};
}

}  // namespace kura::sync
