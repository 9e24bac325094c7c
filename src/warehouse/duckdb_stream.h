// warehouse/duckdb_stream.h: one running SELECT of DuckDB, read chunk by chunk. Nothing is executed
// before the first Next, so that whoever holds the stream can cancel all of the work.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "warehouse/duckdb_handle.h"
#include "warehouse/duckdb_value.h"
#include "warehouse/warehouse.h"
#include "warehouse/watchdog.h"

namespace kura::warehouse {

/// Prepares `sql` after checking that it is one SELECT. Errors: kInvalid.
Result<PreparedHandle> PrepareSelect(duckdb_connection connection, const std::string& sql);

class DuckDbStream : public RowStream {
 public:
  /// For Start only.
  DuckDbStream(duckdb_connection connection, PreparedHandle prepared);
  /// Starts a prepared SELECT whose columns ReadCell can read.
  static Result<std::unique_ptr<DuckDbStream>> Start(duckdb_connection connection,
                                                     PreparedHandle prepared);
  ~DuckDbStream() override;

  /// Ends the statement after `seconds`, counted from now.
  void Limit(Watchdog* watchdog, double seconds);

  const std::vector<ResultColumn>& columns() const override { return columns_; }
  Result<bool> Next(std::vector<Value>* row) override;
  void Cancel() override;

  /// Replaces what the outside is told of a column whose query was rewritten.
  void set_columns(std::vector<ResultColumn> columns) { columns_ = std::move(columns); }

 private:
  Result<bool> FetchChunk();
  Status Execute();
  tl::unexpected<Error> Failed(const char* text);

  duckdb_connection connection_;
  PreparedHandle prepared_;
  PendingHandle pending_;
  ResultHandle result_;
  ChunkHandle chunk_;
  std::vector<ResultColumn> columns_;
  std::vector<ColumnShape> shapes_;
  std::vector<const void*> data_;
  std::vector<const std::uint64_t*> validity_;
  std::uint64_t row_ = 0;
  std::uint64_t chunk_rows_ = 0;
  bool executed_ = false;
  bool finished_ = false;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> timed_out_ = false;
  double timeout_s_ = 0;
  Watchdog* watchdog_ = nullptr;
  std::uint64_t deadline_ = 0;
};

}  // namespace kura::warehouse
