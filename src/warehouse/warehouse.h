// warehouse/warehouse.h: the edge to an analytical engine. Rows come as a stream, loads go in as
// typed batches, and everything that must not be half done happens in one transaction.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "sql/catalogue.h"
#include "sql/type.h"
#include "warehouse/batch.h"

namespace kura::warehouse {

/// One value. Integers of 64 bits are numbers whatever their column's type (a HUGEINT sum too).
/// Integers beyond, DECIMAL, dates, times, UUID, JSON and everything else are exact text:
/// "2026-11-24" or "infinity", "2026-11-24 12:00:00" local for TIMESTAMP, "2026-11-24 03:00:00Z"
/// for TIMESTAMPTZ, bytes as \xNN. The column's type says how to read it; nested ones are kUnknown.
using Value = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string>;

/// A column of a result.
struct ResultColumn {
  std::string name;
  sql::Type type;
};

/// Rows of a running statement; nothing runs before the first Next. Not shared between threads,
/// except Cancel. Ends before its connection does, and with the connection's next statement.
class RowStream {
 public:
  virtual ~RowStream() = default;
  virtual const std::vector<ResultColumn>& columns() const = 0;
  /// Fills `row` with the next row; false at the end. Errors: kUnavailable, kInvalid (data that
  /// the statement cannot compute, such as a failed cast), kConflict when cancelled.
  virtual Result<bool> Next(std::vector<Value>* row) = 0;
  /// Stops the statement, from any thread; Next then fails.
  virtual void Cancel() = 0;
};

/// What a statement may use. 0 means no limit of its own.
struct RunLimits {
  double timeout_s = 0;
};

/// Appends typed rows to a table, within the connection's transaction; without one, each part that
/// is flushed is committed by itself. Ends before its connection does.
class Loader {
 public:
  virtual ~Loader() = default;
  /// Appends all rows of `batch`, whose columns match the loader's in number and type.
  virtual Status Append(const Batch& batch) = 0;
  /// Makes the rows visible to the connection. Without it the rows not flushed yet are dropped, and
  /// the transaction has to be rolled back for the others.
  virtual Status Finish() = 0;
};

/// One connection. For one thread at a time. Connections share the engine.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Runs one read-only SELECT. Errors: kInvalid (the engine rejects the text; the message has its
  /// words), kConflict (timeout or cancelled), kUnavailable.
  virtual Result<std::unique_ptr<RowStream>> Query(const std::string& sql,
                                                   const RunLimits& limits) = 0;
  /// Runs statements that return nothing: DDL, INSERT, BEGIN, COMMIT, ROLLBACK.
  virtual Status Execute(const std::string& sql) = 0;
  /// Starts a bulk load into `schema`.`table` for its columns in the table's order.
  virtual Result<std::unique_ptr<Loader>> Load(const std::string& schema,
                                               const std::string& table) = 0;
};

/// Runs `work` between BEGIN and COMMIT; rolls back when it fails.
Status InTransaction(Connection& connection, const std::function<Status()>& work);

/// An engine that holds a warehouse.
class Warehouse {
 public:
  virtual ~Warehouse() = default;
  virtual Result<std::unique_ptr<Connection>> Connect() = 0;
  /// Schemas, tables, columns; zones and times from the state tables (warehouse/state.h).
  virtual Result<sql::Catalogue> ReadCatalogue() = 0;
};

}  // namespace kura::warehouse
