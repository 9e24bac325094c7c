// warehouse/duckdb_connection.h: a connection to an open DuckDB instance.
#pragma once
#include <memory>
#include <string>

#include "warehouse/duckdb_handle.h"
#include "warehouse/load_threads.h"
#include "warehouse/warehouse.h"
#include "warehouse/watchdog.h"

namespace kura::warehouse {

class DuckDbConnection : public Connection {
 public:
  DuckDbConnection(ConnectionHandle connection, Watchdog* watchdog, LoadThreads* load_threads)
      : connection_(std::move(connection)), watchdog_(watchdog), load_threads_(load_threads) {}

  Result<std::unique_ptr<RowStream>> Query(const std::string& sql,
                                           const RunLimits& limits) override;
  Status Execute(const std::string& sql) override;
  Result<std::unique_ptr<Loader>> Load(const std::string& schema,
                                       const std::string& table) override;

 private:
  ConnectionHandle connection_;
  Watchdog* watchdog_;
  LoadThreads* load_threads_;
};

}  // namespace kura::warehouse
