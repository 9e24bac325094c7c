// The DuckDB edge: transactions, read-only questions, cancelling, limits, locks and memory.
#include "warehouse/duckdb.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "base/file.h"
#include "warehouse/duckdb_handle.h"
#include "warehouse/generation.h"
#include "warehouse/test_folder_for_test.h"

namespace kura::warehouse {
namespace {

std::unique_ptr<Warehouse> Open(const DuckDbOptions& options) {
  Result<std::unique_ptr<Warehouse>> opened = OpenDuckDb(options);
  if (!opened) FAIL(opened.error().message);
  return *std::move(opened);
}

// The first cell of the first row as text, or "code: message".
std::string Ask(Connection& connection, const std::string& sql, double timeout_s = 0) {
  const auto failed = [](const Error& error) {
    return std::string(CodeName(error.code)) + ": " + error.message;
  };
  auto stream = connection.Query(sql, {timeout_s});
  if (!stream) return failed(stream.error());
  std::vector<Value> row;
  const Result<bool> more = (*stream)->Next(&row);
  if (!more) return failed(more.error());
  if (!*more) return "no rows";
  if (const auto* text = std::get_if<std::string>(&row[0])) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&row[0])) return std::to_string(*number);
  return std::holds_alternative<std::monostate>(row[0]) ? "NULL" : "other";
}

Status Run(Connection& connection, const std::string& sql) {
  return connection.Execute(sql);
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST_CASE("what is written is there after reopening, behind the symlink") {
  const TestFolder folder;
  const DuckDbOptions options{.path = folder.path("kura/warehouse.duckdb")};
  {
    const auto warehouse = Open(options);
    const auto connection = *warehouse->Connect();
    REQUIRE(Run(*connection, "CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (42)"));
  }
  CHECK(std::filesystem::is_symlink(options.path));
  CHECK(std::filesystem::read_symlink(options.path) == "warehouse/1.duckdb");
  const auto warehouse = Open(options);
  CHECK(Ask(**warehouse->Connect(), "SELECT i FROM t") == "42");
}

TEST_CASE("a published generation is opened next, and the old file stays as it is") {
  const TestFolder folder;
  const DuckDbOptions options{.path = folder.path("warehouse.duckdb")};
  { const auto first = Open(options); }
  const Result<std::string> second = NewGeneration(options.path);
  REQUIRE(second);
  CHECK(second->ends_with("warehouse/2.duckdb"));
  REQUIRE(PublishGeneration(options.path, *second));
  CHECK(*CurrentGeneration(options.path) == *second);
  { const auto warehouse = Open(options); }
  CHECK(PathExists(*second));
  CHECK(PathExists(folder.path("warehouse/1.duckdb")));
}

TEST_CASE("a missing symlink never leads to an existing generation") {
  const TestFolder folder;
  const DuckDbOptions options{.path = folder.path("warehouse.duckdb")};
  { const auto first = Open(options); }
  std::filesystem::remove(options.path);
  { const auto second = Open(options); }
  CHECK(std::filesystem::read_symlink(options.path) == "warehouse/2.duckdb");
}

TEST_CASE("a plain file is opened as it is, a folder is refused") {
  const TestFolder folder;
  const DuckDbOptions options{.path = folder.path("warehouse.duckdb")};
  { const auto first = Open(options); }
  std::filesystem::remove(options.path);
  std::filesystem::rename(folder.path("warehouse/1.duckdb"), options.path);
  { const auto again = Open(options); }
  CHECK(std::filesystem::is_regular_file(options.path));
  const auto refused = OpenDuckDb({.path = folder.path("warehouse")});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::kUnavailable);
}

TEST_CASE("a damaged file is unavailable, not a crash") {
  const TestFolder folder;
  const std::string path = folder.path("warehouse.duckdb");
  REQUIRE(WriteFile(path, std::string(20000, 'x')));
  const auto opened = OpenDuckDb({.path = path});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::kUnavailable);
  CHECK(Has(opened.error().message, "warehouse.duckdb"));
}

TEST_CASE("a second process is told who has the file") {
  const TestFolder folder;
  const DuckDbOptions options{.path = folder.path("warehouse.duckdb")};
  int to_child[2];
  int to_parent[2];
  REQUIRE(::pipe(to_child) == 0);
  REQUIRE(::pipe(to_parent) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // The child has one thread and exits without destructors of the test program.
    const auto opened = OpenDuckDb(options);
    char signal = opened ? 'o' : 'f';
    (void)!::write(to_parent[1], &signal, 1);
    (void)!::read(to_child[0], &signal, 1);
    ::_exit(0);
  }
  char signal = 0;
  REQUIRE(::read(to_parent[0], &signal, 1) == 1);
  CHECK(signal == 'o');
  const auto refused = OpenDuckDb(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::kConflict);
  CHECK(Has(refused.error().message, "is in use by process " + std::to_string(child)));
  CHECK_FALSE(Has(refused.error().message, "lock on file"));
  REQUIRE(::write(to_child[1], "x", 1) == 1);
  ::waitpid(child, nullptr, 0);
  CHECK(OpenDuckDb(options));
}

TEST_CASE("only one SELECT may be asked") {
  const auto warehouse = Open({});
  const auto connection = *warehouse->Connect();
  REQUIRE(Run(*connection, "CREATE TABLE t AS SELECT 7 AS i"));
  CHECK(Ask(*connection, "FROM t") == "7");
  CHECK(Ask(*connection, "VALUES (1);") == "1");
  CHECK(Ask(*connection, "DESCRIBE t") == "i");
  for (const char* sql : {"INSERT INTO t VALUES (8)",
                          "DROP TABLE t",
                          "CREATE TABLE u (i INT)",
                          "SELECT 1; DROP TABLE t",
                          "BEGIN",
                          "SET threads = 1",
                          "CHECKPOINT",
                          "COPY t TO '/dev/null'",
                          "ATTACH ':memory:' AS x",
                          "CALL pragma_version()",
                          "PREPARE p AS SELECT 1",
                          "DELETE FROM t",
                          "UPDATE t SET i = 0",
                          ""}) {
    CAPTURE(sql);
    CHECK(Ask(*connection, sql).starts_with("invalid: "));
  }
  CHECK(Ask(*connection, "SELECT sum(i) FROM t") == "7");
}

TEST_CASE("SQL reaches no file but the spool, and no setting") {
  const TestFolder folder;
  REQUIRE(MakeFolder(folder.path("spool")));
  REQUIRE(WriteFile(folder.path("secret.csv"), "a\n1\n"));
  REQUIRE(WriteFile(folder.path("spool/seed.csv"), "a\n2\n"));
  const auto warehouse =
      Open({.path = folder.path("w.duckdb"), .spool_directory = folder.path("spool")});
  const auto connection = *warehouse->Connect();
  CHECK(Ask(*connection, "SELECT a FROM read_csv('" + folder.path("spool/seed.csv") + "')") == "2");
  const auto refused = [&](const std::string& sql) {
    CAPTURE(sql);
    CHECK(Ask(*connection, sql).starts_with("invalid: Permission Error"));
  };
  refused("SELECT * FROM read_csv('" + folder.path("secret.csv") + "')");
  refused("SELECT * FROM '" + folder.path("spool/../secret.csv") + "'");
  refused("SELECT * FROM read_text('/etc/passwd')");
  CHECK_FALSE(Run(*connection, "ATTACH '" + folder.path("x.duckdb") + "'"));
  CHECK_FALSE(Run(*connection, "SET enable_external_access = true"));
  CHECK_FALSE(Run(*connection, "SET TimeZone = 'Asia/Tokyo'"));
  CHECK_FALSE(Run(*connection, "INSTALL httpfs"));
  CHECK(Run(*connection, "SET memory_limit = '1GB'"));
  CHECK(Run(*connection, "SET threads = 2"));
}

TEST_CASE("the engine's words reach the caller, and the connection goes on") {
  const auto warehouse = Open({});
  const auto connection = *warehouse->Connect();
  CHECK(Has(Ask(*connection, "SELEC 1"), "syntax error at or near \"SELEC\""));
  CHECK(Has(Ask(*connection, "SELECT nothing"), "invalid: Binder Error"));
  CHECK(Has(Ask(*connection, "SELECT CAST('x' AS INTEGER)"), "invalid: Conversion Error"));
  CHECK(Has(Ask(*connection, "SELECT * FROM absent"), "absent does not exist"));
  const Status constraint = Run(*connection, "SELECT error('as told')");
  REQUIRE_FALSE(constraint);
  CHECK(Has(constraint.error().message, "as told"));
  CHECK(Ask(*connection, "SELECT 1") == "1");
}

TEST_CASE("the class of an error decides what a caller can do") {
  CHECK(MapError("IO Error: disk full").code == Code::kUnavailable);
  CHECK(MapError("Out of Memory Error: …").code == Code::kUnavailable);
  CHECK(MapError("Catalog Error: no such table").code == Code::kInvalid);
  CHECK(MapError("").code == Code::kInvalid);
  // DuckDB refuses everything after these; what it did before them is unknown.
  const Error fatal = MapError("FATAL Error: Failed: database has been invalidated");
  CHECK(fatal.code == Code::kUnavailable);
  CHECK(Has(fatal.hint, "restart"));
}

TEST_CASE("running out of memory fails one question, not the warehouse") {
  const auto warehouse = Open({.memory_limit = "50MB"});
  const auto connection = *warehouse->Connect();
  CHECK(Ask(*connection, "SELECT count(*) FROM (SELECT DISTINCT hash(i) FROM range(9000000) t(i))")
            .starts_with("unavailable: Out of Memory Error"));
  CHECK(Ask(*connection, "SELECT 1") == "1");
}

TEST_CASE("a failure after many rows is not the end of the data") {
  const auto warehouse = Open({});
  const auto connection = *warehouse->Connect();
  const auto stream = connection->Query(
      "SELECT CAST(CASE WHEN i = 900000 THEN 'x' ELSE '1' END AS INTEGER) FROM range(1000000) t(i)",
      {});
  REQUIRE(stream);
  std::vector<Value> row;
  Result<bool> more = true;
  std::int64_t rows = 0;
  for (; more && *more; more = (*stream)->Next(&row)) ++rows;
  REQUIRE_FALSE(more);
  CHECK(more.error().code == Code::kInvalid);
  CHECK(rows > 0);
}

constexpr const char* kEndless =
    "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range, b.range) = 1";

TEST_CASE("another thread cancels a question that has not shown a row") {
  const auto warehouse = Open({});
  const auto connection = *warehouse->Connect();
  const auto stream = connection->Query(kEndless, {});
  REQUIRE(stream);
  const double begin_s = MonotonicSeconds();
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    (*stream)->Cancel();
  });
  std::vector<Value> row;
  const Result<bool> more = (*stream)->Next(&row);
  other.join();
  REQUIRE_FALSE(more);
  CHECK(more.error().code == Code::kConflict);
  CHECK(more.error().message == "cancelled");
  CHECK(MonotonicSeconds() - begin_s < 2);
  CHECK(Ask(*connection, "SELECT 1") == "1");
}

TEST_CASE("a cancel before the first row counts, and one between rows") {
  const auto warehouse = Open({});
  const auto connection = *warehouse->Connect();
  std::vector<Value> row;
  {
    const auto stream = connection->Query("SELECT 1", {});
    REQUIRE(stream);
    (*stream)->Cancel();
    CHECK_FALSE((*stream)->Next(&row));
  }
  const auto stream = connection->Query("SELECT * FROM range(100000000)", {});
  REQUIRE(stream);
  REQUIRE((*stream)->Next(&row));
  (*stream)->Cancel();
  Result<bool> more = true;
  while (more && *more) more = (*stream)->Next(&row);
  REQUIRE_FALSE(more);
  CHECK(more.error().message == "cancelled");
}

TEST_CASE("a question stops at its time limit, and the limit does not reach the next one") {
  const auto warehouse = Open({});
  const auto connection = *warehouse->Connect();
  const double begin_s = MonotonicSeconds();
  CHECK(Ask(*connection, kEndless, 0.1) == "conflict: stopped after 0.1 s, the limit");
  CHECK(MonotonicSeconds() - begin_s < 2);
  CHECK(Ask(*connection, "SELECT 1", 0.05) == "1");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(Ask(*connection, "SELECT count(*) FROM range(3000000) t(i) WHERE hash(i) >= 0") ==
        "3000000");
}

TEST_CASE("a transaction that fails leaves nothing; one that ends is whole") {
  const auto warehouse = Open({});
  const auto connection = *warehouse->Connect();
  REQUIRE(Run(*connection, "CREATE TABLE t (i INTEGER)"));
  const Status failed = InTransaction(*connection, [&]() -> Status {
    TRY_STATUS(Run(*connection, "INSERT INTO t VALUES (1)"));
    return Fail(Code::kInvalid, "for a reason");
  });
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message == "for a reason");
  CHECK(Ask(*connection, "SELECT count(*) FROM t") == "0");
  CHECK_FALSE(InTransaction(*connection, [&] { return Run(*connection, "INSERT INTO absent"); }));
  const auto other = *warehouse->Connect();
  CHECK(InTransaction(*connection, [&]() -> Status {
    TRY_STATUS(Run(*connection, "INSERT INTO t VALUES (2)"));
    CHECK(Ask(*other, "SELECT count(*) FROM t") == "0");
    return {};
  }));
  CHECK(Ask(*other, "SELECT i FROM t") == "2");
}

TEST_CASE("loads have no background threads, questions have them back") {
  const auto warehouse = Open({.threads = 3});
  const auto connection = *warehouse->Connect();
  const auto threads = [&] { return Ask(*connection, "SELECT current_setting('threads')"); };
  REQUIRE(Run(*connection, "CREATE TABLE t (i BIGINT)"));
  CHECK(threads() == "3");
  {
    const auto first_connection = *warehouse->Connect();
    const auto second_connection = *warehouse->Connect();
    auto first = first_connection->Load("main", "t");
    REQUIRE(first);
    auto second = second_connection->Load("main", "t");
    REQUIRE(second);
    CHECK(threads() == "1");
    first->reset();
    CHECK(threads() == "1");
  }
  CHECK(threads() == "3");
  CHECK_FALSE(connection->Load("main", "nothing"));
  CHECK(threads() == "3");
}

TEST_CASE("ten million rows pass through bounded memory") {
  const auto warehouse = Open({.memory_limit = "300MB"});
  const auto connection = *warehouse->Connect();
  const std::size_t before = ResidentBytes();
  const auto stream =
      connection->Query("SELECT i, repeat('x', 50) || i AS text FROM range(10000000) t(i)", {});
  REQUIRE(stream);
  std::vector<Value> row;
  std::int64_t sum = 0;
  std::size_t peak = before;
  for (std::int64_t rows = 0;; ++rows) {
    const Result<bool> more = (*stream)->Next(&row);
    REQUIRE(more);
    if (!*more) break;
    sum += std::get<std::int64_t>(row[0]);
    if (rows % 1000000 == 0) peak = std::max(peak, ResidentBytes());
  }
  CHECK(sum == std::int64_t{9999999} * 5000000);
  CHECK(peak - before < 100'000'000);  // The rows themselves are over 600 MB.
}

}  // namespace
}  // namespace kura::warehouse
