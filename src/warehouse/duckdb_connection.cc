// Queries whose columns are nested (lists, structs, maps) are asked again around themselves, with
// those columns as the text that DuckDB itself gives them.
#include "warehouse/duckdb_connection.h"

#include "warehouse/duckdb_loader.h"
#include "warehouse/duckdb_stream.h"

namespace kura::warehouse {
namespace {

// The columns of a prepared SELECT.
struct Described {
  std::vector<ResultColumn> columns;
  std::vector<bool> readable;
  bool all_readable = true;
};

Described Describe(duckdb_prepared_statement prepared) {
  Described described;
  for (idx_t i = 0; i < duckdb_prepared_statement_column_count(prepared); ++i) {
    const TypeHandle type(duckdb_prepared_statement_column_logical_type(prepared, i));
    const ColumnShape shape = ShapeOf(type.get());
    auto* name = const_cast<char*>(duckdb_prepared_statement_column_name(prepared, i));
    described.columns.push_back({TakeText(name), shape.type});
    described.readable.push_back(IsReadable(shape.id));
    described.all_readable = described.all_readable && described.readable.back();
  }
  return described;
}

// SELECT c0, CAST(c1 AS VARCHAR) FROM (<sql>) AS t(c0, c1)
std::string WithTexts(const std::string& sql, const Described& described) {
  std::string items;
  std::string names;
  for (std::size_t i = 0; i < described.columns.size(); ++i) {
    const std::string name = "c" + std::to_string(i);
    const std::string comma = i == 0 ? "" : ", ";
    items += comma + (described.readable[i] ? name : "CAST(" + name + " AS VARCHAR)");
    names += comma + name;
  }
  return "SELECT " + items + " FROM (" + sql + "\n) AS t(" + names + ")";
}

// A semicolon may end the statement, with comments behind it; only the parser can tell it from one
// in a text, and between brackets no other cut than the right one parses.
Result<PreparedHandle> PrepareWithTexts(duckdb_connection connection, std::string sql,
                                        const Described& described) {
  while (true) {
    Result<PreparedHandle> prepared = PrepareSelect(connection, WithTexts(sql, described));
    const std::size_t semicolon = sql.rfind(';');
    if (prepared || semicolon == std::string::npos) return prepared;
    sql.resize(semicolon);
  }
}

}  // namespace

Result<std::unique_ptr<RowStream>> DuckDbConnection::Query(const std::string& sql,
                                                           const RunLimits& limits) {
  TRY(PreparedHandle prepared, PrepareSelect(connection_.get(), sql));
  Described described = Describe(prepared.get());
  if (!described.all_readable) {
    TRY(prepared, PrepareWithTexts(connection_.get(), sql, described));
  }
  TRY(std::unique_ptr<DuckDbStream> stream,
      DuckDbStream::Start(connection_.get(), std::move(prepared)));
  stream->set_columns(std::move(described.columns));
  if (limits.timeout_s > 0) stream->Limit(watchdog_, limits.timeout_s);
  return stream;
}

Status DuckDbConnection::Execute(const std::string& sql) {
  return RunStatements(connection_.get(), sql);
}

Result<std::unique_ptr<Loader>> DuckDbConnection::Load(const std::string& schema,
                                                       const std::string& table) {
  auto lease = std::make_unique<LoadThreads::Lease>(load_threads_);
  TRY(std::unique_ptr<DuckDbLoader> loader,
      DuckDbLoader::Open(connection_.get(), schema, table, std::move(lease)));
  return loader;
}

}  // namespace kura::warehouse
