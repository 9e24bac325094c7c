// warehouse/duckdb_loader.h: batches into a table through DuckDB's appender, column by column.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "warehouse/duckdb_handle.h"
#include "warehouse/duckdb_value.h"
#include "warehouse/load_threads.h"
#include "warehouse/warehouse.h"

namespace kura::warehouse {

class DuckDbLoader : public Loader {
 public:
  /// For Open only.
  DuckDbLoader(std::string table, std::unique_ptr<LoadThreads::Lease> lease)
      : table_(std::move(table)), lease_(std::move(lease)) {}
  /// Errors: kInvalid (there is no such table, or a column type that batches do not have).
  static Result<std::unique_ptr<DuckDbLoader>> Open(duckdb_connection connection,
                                                    const std::string& schema,
                                                    const std::string& table,
                                                    std::unique_ptr<LoadThreads::Lease> lease);
  ~DuckDbLoader() override;

  Status Append(const Batch& batch) override;
  Status Finish() override;

 private:
  Status ReadTypes();
  Status CheckTypes(const Batch& batch) const;
  tl::unexpected<Error> Failed();

  std::string table_;
  std::unique_ptr<LoadThreads::Lease> lease_;
  duckdb_appender appender_ = nullptr;
  std::vector<ColumnShape> shapes_;
  ChunkHandle chunk_;
  bool finished_ = false;
};

}  // namespace kura::warehouse
