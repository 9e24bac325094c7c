// A failure to change the number is no reason to fail a load: it would only be slower.
#include "warehouse/load_threads.h"

namespace kura::warehouse {

LoadThreads::LoadThreads(ConnectionHandle connection) : connection_(std::move(connection)) {
  ResultHandle result;
  const char* sql = "SELECT current_setting('threads')::INTEGER";
  if (duckdb_query(connection_.get(), sql, result.out()) != DuckDBSuccess) return;
  const ChunkHandle chunk(duckdb_fetch_chunk(*result.out()));
  if (chunk.get() == nullptr || duckdb_data_chunk_get_size(chunk.get()) != 1) return;
  usual_ = *static_cast<const int*>(
      duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), 0)));
}

void LoadThreads::Set(int threads) {
  if (usual_ <= 1) return;
  (void)RunStatements(connection_.get(), "SET threads = " + std::to_string(threads));
}

LoadThreads::Lease::Lease(LoadThreads* threads) : threads_(threads) {
  const std::scoped_lock lock(threads_->mutex_);
  if (++threads_->loads_ == 1) threads_->Set(1);
}

LoadThreads::Lease::~Lease() {
  const std::scoped_lock lock(threads_->mutex_);
  if (--threads_->loads_ == 0) threads_->Set(threads_->usual_);
}

}  // namespace kura::warehouse
