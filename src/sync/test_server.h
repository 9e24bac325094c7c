// sync/test_server.h: a real MariaDB for this folder's tests, started by scripts/mariadb in a
// folder of its own and stopped at the end; and the small tools that tests of whole syncs need.
#pragma once
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "sync/mysql_connection.h"
#include "sync/sync.h"
#include "warehouse/duckdb.h"

namespace kura::sync::testing {

/// A folder that is removed at the end of the process.
class TestFolder {
 public:
  TestFolder() {
    std::string name = "/tmp/kura_sync_test.XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TestFolder() { (void)!std::system(("rm -rf '" + path_ + "'").c_str()); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The server. One per process, started by the first test that needs it. KURA_TEST_MARIADB names a
/// folder of a server that is already running (scripts/mariadb start DIR).
class TestServer {
 public:
  static TestServer& Get() {
    static TestServer server;
    return server;
  }

  /// The reader's way to `database`, which becomes readable.
  MysqlConfig Reader(const std::string& database) {
    MysqlConfig config;
    config.host = "127.0.0.1";
    config.port = std::atoi(env_["SHOP_DB_PORT"].c_str());
    config.user = env_["SHOP_DB_USER"];
    config.password = env_["SHOP_DB_PASSWORD"];
    config.database = database;
    config.tls = TlsMode::kOff;
    return config;
  }

  /// A connection that may write, to no database.
  std::unique_ptr<MysqlConnection> Admin(const std::string& database = "") {
    MysqlConfig config;
    config.socket = env_["SHOP_DB_SOCKET"];
    config.user = env_["SHOP_DB_ADMIN"];
    config.database = database;
    auto connection = MysqlConnection::Open(config);
    REQUIRE_MESSAGE(connection.has_value(), connection.error().message);
    REQUIRE((*connection)->Execute("SET SESSION TRANSACTION READ WRITE"));
    return *std::move(connection);
  }

  /// Makes an empty database that the reader may read.
  void Create(const std::string& database) {
    const auto admin = Admin();
    Run(*admin, "DROP DATABASE IF EXISTS " + database);
    Run(*admin, "CREATE DATABASE " + database + " CHARACTER SET utf8mb4");
    Run(*admin, "GRANT SELECT ON " + database + ".* TO kura_reader@'127.0.0.1'");
  }

  static void Run(MysqlConnection& connection, const std::string& sql) {
    const Status done = connection.Execute(sql);
    REQUIRE_MESSAGE(done.has_value(), sql << ": " << done.error().message);
  }

  const std::string& folder() const { return path_; }

 private:
  TestServer() {
    const char* running = std::getenv("KURA_TEST_MARIADB");
    if (running == nullptr) {
      path_ = folder_.emplace().path();
      REQUIRE(std::system((Script() + " start " + path_).c_str()) == 0);
      is_mine_ = true;
    } else {
      path_ = running;
    }
    ReadEnvironment();
  }
  ~TestServer() {
    if (is_mine_) (void)!std::system((Script() + " stop " + path_).c_str());
  }

  static std::string Script() {
    const std::string here = __FILE__;  // …/src/sync/test_server.h
    return here.substr(0, here.rfind("/src/")) + "/scripts/mariadb";
  }

  void ReadEnvironment() {
    std::ifstream file(path_ + "/env");
    for (std::string line; std::getline(file, line);) {
      const std::size_t equals = line.find('=');
      const std::string name = line.substr(7, equals - 7);  // "export NAME=value"
      env_[name] = ReplaceAll(line.substr(equals + 1), "'", "");
    }
  }

  std::optional<TestFolder> folder_;  // A child that a test kills must not leave one behind.
  std::string path_;
  bool is_mine_ = false;
  std::map<std::string, std::string> env_;
};

inline constexpr int kKilled = 1000;

/// Starts this program again for one test case, with variables of its own; its exit code, or
/// kKilled when SIGKILL ended it.
inline int RunChild(const std::string& test_case, std::vector<std::string> environment) {
  environment.push_back("KURA_TEST_MARIADB=" + TestServer::Get().folder());
  environment.push_back("PATH=/usr/bin:/bin");
  std::vector<char*> variables;
  for (std::string& line : environment) variables.push_back(line.data());
  variables.push_back(nullptr);
  std::string program = "/proc/self/exe";
  std::string filter = "-tc=" + test_case;
  std::string no_skip = "--no-skip";
  char* arguments[] = {program.data(), filter.data(), no_skip.data(), nullptr};
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    execve(arguments[0], arguments, variables.data());
    _exit(127);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return kKilled;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/// Opens a warehouse in `folder`.
inline std::unique_ptr<warehouse::Warehouse> OpenIn(const std::string& folder) {
  warehouse::DuckDbOptions options;
  options.path = folder + "/warehouse.duckdb";
  options.memory_limit = "500MB";
  options.threads = 2;
  auto opened = warehouse::OpenDuckDb(options);
  REQUIRE_MESSAGE(opened.has_value(), opened.error().message);
  return *std::move(opened);
}

/// Opens what a power cut would leave of the warehouse that is open in `folder`: its file and its
/// log as they are now, in `image`.
inline std::unique_ptr<warehouse::Warehouse> OpenImage(const std::string& folder,
                                                       const TestFolder& image) {
  const std::string copy = "cp -a '" + folder + "/.' '" + image.path() + "'";
  REQUIRE(std::system(copy.c_str()) == 0);
  return OpenIn(image.path());
}

/// A source with one database, default settings.
inline SourceConfig SourceOf(const std::string& database) {
  SourceConfig source;
  source.name = "t";
  source.mysql = TestServer::Get().Reader(database);
  source.datetime_zone = "Asia/Tokyo";
  return source;
}

/// Syncs, and expects that the run as a whole succeeds.
inline SyncReport MustSync(const SourceConfig& source, warehouse::Warehouse& warehouse,
                           const SyncOptions& options = {}) {
  const SystemClock clock;
  Result<SyncReport> report = SyncSource(source, warehouse, clock, options);
  REQUIRE_MESSAGE(report.has_value(), report.error().message << " / " << report.error().hint);
  return *std::move(report);
}

/// The report of one table, which must not have failed.
inline TableReport TableOf(const SyncReport& report, const std::string& table) {
  for (const TableReport& candidate : report.tables) {
    if (candidate.table != table) continue;
    if (candidate.error) FAIL(candidate.error->message << " / " << candidate.error->hint);
    return candidate;
  }
  FAIL("no report of " << table);
  return {};
}

/// Rows of the warehouse, as text; NULL is "NULL".
inline std::vector<std::string> RowsOf(warehouse::Warehouse& warehouse, const std::string& sql) {
  const auto connection = warehouse.Connect();
  REQUIRE(connection.has_value());
  const auto stream = (*connection)->Query(sql, {});
  REQUIRE_MESSAGE(stream.has_value(), stream.error().message);
  std::vector<std::string> lines;
  std::vector<warehouse::Value> row;
  while (true) {
    const auto more = (*stream)->Next(&row);
    REQUIRE_MESSAGE(more.has_value(), more.error().message);
    if (!*more) return lines;
    std::string line;
    for (const warehouse::Value& value : row) {
      const auto* text = std::get_if<std::string>(&value);
      const auto* number = std::get_if<std::int64_t>(&value);
      line += (line.empty() ? "" : "|");
      line += text != nullptr ? *text : number != nullptr ? std::to_string(*number) : "NULL";
    }
    lines.push_back(line);
  }
}

/// Rows of the source, in the same form, by the text protocol and an account of its own.
inline std::vector<std::string> SourceRows(const std::string& database, const std::string& sql) {
  const auto rows = TestServer::Get().Admin(database)->Query(sql);
  REQUIRE_MESSAGE(rows.has_value(), rows.error().message);
  std::vector<std::string> lines;
  for (const TextRow& row : *rows) {
    std::string line;
    for (const auto& cell : row) line += (line.empty() ? "" : "|") + cell.value_or("NULL");
    lines.push_back(line);
  }
  return lines;
}

}  // namespace kura::sync::testing
