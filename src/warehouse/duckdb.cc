// Opening and hardening a DuckDB instance: what it may touch is decided here, once, and locked.
#include "warehouse/duckdb.h"

#include <filesystem>

#include "base/file.h"
#include "sql/dialect.h"
#include "warehouse/duckdb_catalogue.h"
#include "warehouse/duckdb_connection.h"
#include "warehouse/generation.h"

namespace kura::warehouse {
namespace {

class DuckDbWarehouse : public Warehouse {
 public:
  /// `connection` is a spare one to `database`.
  DuckDbWarehouse(DatabaseHandle database, ConnectionHandle connection)
      : database_(std::move(database)), load_threads_(std::move(connection)) {}

  Result<std::unique_ptr<Connection>> Connect() override {
    ConnectionHandle connection;
    if (duckdb_connect(database_.get(), connection.out()) != DuckDBSuccess) {
      return Fail(Code::kUnavailable, "DuckDB gives no connection");
    }
    return std::make_unique<DuckDbConnection>(std::move(connection), &watchdog_, &load_threads_);
  }

  Result<sql::Catalogue> ReadCatalogue() override {
    TRY(const std::unique_ptr<Connection> connection, Connect());
    return ReadDuckDbCatalogue(*connection);
  }

 private:
  DatabaseHandle database_;
  Watchdog watchdog_;
  LoadThreads load_threads_;
};

// Settings that must be there before the file is opened.
Result<ConfigHandle> MakeConfig(const DuckDbOptions& options) {
  ConfigHandle config;
  if (duckdb_create_config(config.out()) != DuckDBSuccess) {
    return Fail(Code::kInternal, "DuckDB gives no configuration");
  }
  const std::pair<const char*, std::string> settings[] = {
      {"memory_limit", options.memory_limit},
      {"threads", options.threads > 0 ? std::to_string(options.threads) : ""},
      {"temp_directory", options.temp_directory},
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
      {"allow_community_extensions", "false"},
  };
  for (const auto& [name, value] : settings) {
    if (value.empty()) continue;
    if (duckdb_set_config(config.get(), name, value.c_str()) != DuckDBSuccess) {
      return Fail(Code::kInvalid, "'{}' is not a value for the warehouse's {}", value, name);
    }
  }
  return config;
}

// The lock comes last: from here on only the two limits can be moved.
Status Harden(duckdb_connection connection, const DuckDbOptions& options) {
  std::string sql = "SET GLOBAL TimeZone = 'UTC';";
  if (options.temp_directory.empty()) sql += "SET temp_directory = '';";
  if (!options.spool_directory.empty()) {
    sql += "SET allowed_directories = [" + sql::QuoteText(sql::kDuckDb, options.spool_directory) +
           "];";
  }
  sql +=
      "SET enable_external_access = false;"
      "SET allowed_configs = ['memory_limit', 'threads'];"
      "SET lock_configuration = true";
  return RunStatements(connection, sql);
}

Error OpenError(const std::string& path, const std::string& text) {
  constexpr std::string_view kPid = "(PID ";
  if (text.find("Could not set lock") == std::string::npos) {
    Error error = MapError(text);
    error.code = Code::kUnavailable;
    error.message = "opening " + path + ": " + error.message;
    return error;
  }
  std::string who = "another process";
  if (const std::size_t at = text.find(kPid); at != std::string::npos) {
    const std::size_t begin = at + kPid.size();
    who = "process " + text.substr(begin, text.find(')', begin) - begin);
  }
  return {Code::kConflict, path + " is in use by " + who, "wait until it ends, or stop it"};
}

}  // namespace

Result<std::unique_ptr<Warehouse>> OpenDuckDb(const DuckDbOptions& options) {
  std::string file;
  if (!options.path.empty()) {
    TRY(file, CurrentGeneration(options.path));
  }
  if (!options.temp_directory.empty()) TRY_STATUS(MakeFolder(options.temp_directory));
  TRY(const ConfigHandle config, MakeConfig(options));
  DatabaseHandle database;
  char* error = nullptr;
  const char* name = file.empty() ? nullptr : file.c_str();
  if (duckdb_open_ext(name, database.out(), config.get(), &error) != DuckDBSuccess) {
    return tl::make_unexpected(OpenError(options.path, TakeText(error)));
  }
  ConnectionHandle connection;
  if (duckdb_connect(database.get(), connection.out()) != DuckDBSuccess) {
    return Fail(Code::kUnavailable, "DuckDB gives no connection");
  }
  TRY_STATUS(Harden(connection.get(), options));
  if (!file.empty()) {
    TRY_STATUS(FlushFolder(std::filesystem::path(file).parent_path().string()));
  }
  return std::make_unique<DuckDbWarehouse>(std::move(database), std::move(connection));
}

}  // namespace kura::warehouse
