// The pipeline: this thread decodes packets into batches, others append them. The server, the
// decoding and the warehouse's compression then overlap.
#include "sync/load.h"

#include <algorithm>
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

Status Write(BatchQueue& queue, const LoadTarget& target) {
  TRY(const auto writer, target.spool->Write(target.part));
  while (BatchQueue::Item batch = queue.Pop()) {
    TRY_STATUS(writer->Append(*batch));
    queue.GiveBack(std::move(batch));
  }
  // The reader failed: what arrived until then is not wanted.
  if (queue.abandoned()) return Fail(Code::kConflict, "stopped");
  if (target.on_step) target.on_step("before_stage_commit");
  return writer->Commit();
}

// The threads that write. The first error is kept, and ends the reading.
class Writers {
 public:
  Writers(BatchQueue& queue, const LoadTarget& target) : results_(Count(target)) {
    for (Status& result : results_) {
      threads_.emplace_back([&queue, &target, &result] {
        result = Write(queue, target);
        if (!result) queue.Abandon();
      });
    }
  }

  Status Join() {
    for (std::thread& thread : threads_) thread.join();
    for (const Status& result : results_) {
      // "stopped" is what the others say when one failed.
      if (!result && result.error().code != Code::kConflict) return result;
    }
    for (const Status& result : results_) {
      if (!result) return result;
    }
    return {};
  }

 private:
  static std::size_t Count(const LoadTarget& target) {
    return static_cast<std::size_t>(std::max(1, target.writers));
  }

  std::vector<Status> results_;
  std::vector<std::thread> threads_;
};

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
  Writers writers(queue, target);
  const Result<std::int64_t> rows = ReadAll(*reader, TypesOf(request), queue, target);
  if (rows) {
    queue.Finish();
  } else {
    queue.Abandon();
  }
  const Status written = writers.Join();
  if (!rows) return tl::make_unexpected(rows.error());
  if (!written) return tl::make_unexpected(written.error());
  if (target.on_step) target.on_step("after_stage_commit");
  return Loaded{*rows, reader->Coerced()};
}

}  // namespace kura::sync
