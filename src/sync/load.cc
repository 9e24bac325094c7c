// The pipeline: this thread decodes packets into batches, others append them. The server, the
// decoding and the warehouse's compression then overlap.
#include "sync/load.h"

#include <algorithm>
#include <thread>

#include "sync/batch_queue.h"

namespace kura::sync {
namespace {

std::vector<sql::Type> TypesOf(const ReadRequest& request) {
  std::vector<sql::Type> types;
  for (const std::string& name : request.columns) types.push_back(request.table->Find(name)->type);
  return types;
}

Status AppendAll(BatchQueue& queue, SpoolWriter& writer) {
  while (BatchQueue::Item batch = queue.Pop()) {
    TRY_STATUS(writer.Append(*batch));
    queue.GiveBack(std::move(batch));
  }
  return {};
}

// The threads that write. The first error is kept, and ends the reading.
class Writers {
 public:
  static Result<std::unique_ptr<Writers>> Start(BatchQueue& queue, const LoadTarget& target) {
    auto writers = std::make_unique<Writers>(queue);
    for (int i = 0; i < std::max(1, target.writers); ++i) {
      TRY(auto writer, target.spool->Write(target.part));
      writers->writers_.push_back({std::move(writer), {}, {}});
    }
    for (Writer& writer : writers->writers_) {
      writer.thread = std::thread([&queue, &writer] {
        writer.result = AppendAll(queue, *writer.spool);
        if (!writer.result) queue.Abandon();
      });
    }
    return writers;
  }

  explicit Writers(BatchQueue& queue) : queue_(queue) {}
  ~Writers() {
    queue_.Abandon();
    (void)Join();
  }
  Writers(const Writers&) = delete;
  Writers& operator=(const Writers&) = delete;

  Status Join() {
    for (Writer& writer : writers_) {
      if (writer.thread.joinable()) writer.thread.join();
    }
    for (const Writer& writer : writers_) {
      if (!writer.result) return writer.result;
    }
    return {};
  }

  Status Commit(const LoadTarget& target, const Loaded& loaded) {
    if (target.range) {
      return writers_[0].spool->CommitRange(*target.range, {loaded.rows, loaded.coerced});
    }
    for (const Writer& writer : writers_) TRY_STATUS(writer.spool->Commit());
    return {};
  }

 private:
  struct Writer {
    std::unique_ptr<SpoolWriter> spool;
    Status result;
    std::thread thread;
  };

  BatchQueue& queue_;
  std::vector<Writer> writers_;
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
  BatchQueue queue(target.bytes_in_flight);
  TRY(const std::unique_ptr<Writers> writers, Writers::Start(queue, target));
  const Result<std::int64_t> rows = ReadAll(*reader, TypesOf(request), queue, target);
  if (rows) {
    queue.Finish();
  } else {
    queue.Abandon();
  }
  const Status written = writers->Join();
  if (!rows) return tl::make_unexpected(rows.error());
  if (!written) return tl::make_unexpected(written.error());
  Loaded loaded{*rows, reader->Coerced()};
  if (target.on_step) target.on_step("before_stage_commit");
  TRY_STATUS(writers->Commit(target, loaded));
  if (target.on_step) target.on_step("after_stage_commit");
  return loaded;
}

}  // namespace kura::sync
