// What changes at the source is in the warehouse after the next sync: inserts, updates, deletes,
// key changes, late commits, changed columns; and what must not happen does not.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

// A database with `orders` (cursor, index, key), 2,000 rows whose stamps are an hour old.
class Shop {
 public:
  explicit Shop(const std::string& database) : database_(database) {
    TestServer::Get().Create(database);
    admin_ = TestServer::Get().Admin(database);
    Run("SET time_zone = '+09:00'");
    Run("CREATE TABLE orders (id BIGINT UNSIGNED PRIMARY KEY, code VARCHAR(20) NOT NULL, "
        "amount DECIMAL(12,2), updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) "
        "ON UPDATE CURRENT_TIMESTAMP(6), KEY (updated_at))");
    Run("INSERT INTO orders SELECT seq, CONCAT('c', seq), seq * 1.5, NOW(6) - INTERVAL 1 HOUR "
        "FROM seq_1_to_2000");
    warehouse_ = testing::OpenIn(folder_.path());
    source_ = testing::SourceOf(database);
  }

  void Run(const std::string& sql) { TestServer::Run(*admin_, sql); }
  TableReport Sync() { return testing::TableOf(testing::MustSync(source_, *warehouse_), "orders"); }

  void CheckEqual() {
    const std::string columns = "id, code, amount, updated_at";
    const auto expected = testing::SourceRows(
        database_, "SELECT id, code, amount, CAST(updated_at AS CHAR) FROM orders ORDER BY id");
    const auto actual = testing::RowsOf(
        *warehouse_,
        "SELECT CAST(id AS VARCHAR), code, CAST(amount AS VARCHAR), "
        "strftime(updated_at, '%Y-%m-%d %H:%M:%S.%f') FROM raw_t.orders ORDER BY id");
    CHECK(actual.size() == expected.size());
    CHECK(actual == expected);
  }

  SourceConfig& source() { return source_; }
  warehouse::Warehouse& warehouse() { return *warehouse_; }
  const std::string& database() const { return database_; }

 private:
  std::string database_;
  std::unique_ptr<MysqlConnection> admin_;
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  SourceConfig source_;
};

TEST_CASE("inserts, updates, deletes and key changes arrive") {
  Shop shop("sync_delta");
  CHECK(shop.Sync().mode == "copy");
  shop.CheckEqual();
  shop.Run("INSERT INTO orders (id, code, amount) VALUES (18446744073709551615, 'new', -0.01)");
  shop.Run("UPDATE orders SET amount = amount + 1 WHERE id BETWEEN 10 AND 19");
  shop.Run("DELETE FROM orders WHERE id BETWEEN 100 AND 149");
  shop.Run("UPDATE orders SET id = id + 100000 WHERE id BETWEEN 200 AND 204");
  const TableReport report = shop.Sync();
  CHECK(report.mode == "delta");
  CHECK(report.rows == 16);
  CHECK(report.deleted == 55);
  shop.CheckEqual();
  CHECK(testing::RowsOf(shop.warehouse(),
                        "SELECT count(*) FROM duckdb_tables() WHERE table_name "
                        "LIKE '\\_kura\\_%' ESCAPE '\\'") == std::vector<std::string>{"0"});
}

TEST_CASE("the catalogue knows keys, zones, comments and how far the data reaches") {
  Shop shop("sync_catalogue");
  shop.Run("ALTER TABLE orders COMMENT = '注文', MODIFY code VARCHAR(20) NOT NULL COMMENT 'it''s'");
  const TableReport report = shop.Sync();
  const auto catalogue = shop.warehouse().ReadCatalogue();
  REQUIRE(catalogue);
  const sql::CatalogueTable* table = catalogue->Find("raw_t.orders");
  REQUIRE(table != nullptr);
  CHECK(table->comment == "注文");
  CHECK(table->primary_key == std::vector<std::string>{"id"});
  CHECK(table->Find("updated_at")->zone == "Asia/Tokyo");
  CHECK(table->Find("code")->comment == "it's");
  CHECK_FALSE(table->Find("code")->nullable);
  REQUIRE(table->times);
  CHECK(table->times->complete_through == report.complete_through);
}

TEST_CASE("a transaction that commits late is not lost") {
  Shop shop("sync_late");
  const auto late = TestServer::Get().Admin(shop.database());
  TestServer::Run(*late, "SET time_zone = '+09:00'");
  shop.source().tables["orders"].lookback = 0;  // The watermark alone must do.
  shop.Sync();
  TestServer::Run(*late, "START TRANSACTION");
  TestServer::Run(*late, "UPDATE orders SET code = 'late' WHERE id = 7");
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  shop.Run("UPDATE orders SET code = 'early' WHERE id = 8");
  shop.Sync();
  TestServer::Run(*late, "COMMIT");
  CHECK(shop.Sync().rows >= 1);
  shop.CheckEqual();
}

TEST_CASE("rows behind the cursor are found by their keys, and read") {
  Shop shop("sync_behind");
  shop.Sync();
  shop.Run("INSERT INTO orders VALUES (5000, 'old', 1, '2001-01-01 00:00:00')");
  shop.Run("INSERT INTO orders VALUES (18446744073709551614, 'it''s', 2, '2001-01-01 00:00:00')");
  TableReport report = shop.Sync();
  CHECK(report.mode == "delta");
  CHECK(report.rows == 2);
  CHECK(report.note == "2 rows behind the cursor, read by key: does every writer set updated_at?");
  shop.CheckEqual();
  CHECK(shop.Sync().note.empty());
  shop.Run(
      "INSERT INTO orders SELECT seq, 'many', 1, '2001-01-01 00:00:00' "
      "FROM seq_100000_to_110001");
  report = shop.Sync();
  CHECK(report.note == "rows were missing behind the cursor: copied whole");
  CHECK(report.mode == "copy");
  shop.CheckEqual();
  CHECK(shop.Sync().mode == "delta");
}

TEST_CASE("keys of every kind are read one by one") {
  TestServer::Get().Create("sync_keys");
  const auto admin = TestServer::Get().Admin("sync_keys");
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  struct Case {
    const char* type;
    const char* values;  // the second one is inserted behind the cursor
  };
  const Case cases[] = {
      {"VARCHAR(30) COLLATE utf8mb4_bin", "('a'), ('it''s a \\\\ あ😀')"},
      {"VARCHAR(30) COLLATE utf8mb4_general_ci", "('a'), ('B ')"},
      {"VARCHAR(30) CHARACTER SET cp932", "('a'), ('髙①')"},
      {"BINARY(4)", "('a'), (X'005C27FF')"},
      {"VARBINARY(9)", "('a'), (X'5C7800')"},
      {"DECIMAL(30,6)", "(1), (-123456789012345678901234.000001)"},
      {"DATE", "('2024-01-01'), ('1000-01-01')"},
      {"DATETIME(6)", "('2024-01-01'), ('9999-12-31 23:59:59.999999')"},
      {"TIMESTAMP(3)", "('2024-01-01'), ('2024-03-10 12:00:00.123')"},
      {"ENUM('x','y z')", "('x'), ('y z')"},
      {"SET('x','y')", "('x'), ('x,y')"},
      {"YEAR", "(2000), (2155)"},
      {"TIME(6)", "('01:00:00'), ('-838:59:59.000001')"},
      {"BIT(10)", "(b'1'), (b'1111111111')"},
      {"UUID", "(UUID()), ('123e4567-e89b-12d3-a456-426614174000')"},
      {"DOUBLE", "(1), (0.1)"},
      {"BOOLEAN", "(1), (0)"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.type);
    TestServer::Run(*admin, "DROP TABLE IF EXISTS t");
    TestServer::Run(*admin,
                    std::string("CREATE TABLE t (k ") + one.type +
                        " PRIMARY KEY, updated_at DATETIME(6), KEY (updated_at))");
    const std::string values = one.values;
    const std::size_t split = values.find("), (") + 1;
    const auto insert = [&](const std::string& value) {
      TestServer::Run(*admin,
                      "INSERT INTO t (k, updated_at) SELECT x.v, '2001-01-01' FROM (SELECT " +
                          value.substr(1, value.size() - 2) + " AS v) x");
    };
    insert(values.substr(0, split));
    SyncOptions options;
    options.full = true;
    testing::MustSync(testing::SourceOf("sync_keys"), *warehouse, options);
    insert(values.substr(split + 2));
    const TableReport report =
        testing::TableOf(testing::MustSync(testing::SourceOf("sync_keys"), *warehouse), "t");
    CHECK(testing::RowsOf(*warehouse, "SELECT count(*), count(k) FROM raw_t.t") ==
          std::vector<std::string>{"2|2"});
    CHECK_FALSE(report.note.empty());
  }
}

TEST_CASE("changed columns lead to a whole copy") {
  Shop shop("sync_drift");
  shop.Sync();
  shop.Run("ALTER TABLE orders ADD COLUMN tax INT NOT NULL DEFAULT 3");
  CHECK(shop.Sync().note == "columns changed: copied whole");
  shop.CheckEqual();
  CHECK(testing::RowsOf(shop.warehouse(), "SELECT sum(tax)::BIGINT FROM raw_t.orders") ==
        std::vector<std::string>{"6000"});
  shop.Run("ALTER TABLE orders DROP COLUMN tax, MODIFY amount DECIMAL(14,2)");
  CHECK(shop.Sync().mode == "copy");
  shop.CheckEqual();
}

TEST_CASE("many vanished rows are not removed without a word") {
  Shop shop("sync_breaker");
  shop.Sync();
  shop.Run("DELETE FROM orders WHERE id > 900");
  const SystemClock clock;
  const auto report = SyncSource(shop.source(), shop.warehouse(), clock, {});
  REQUIRE(report);
  REQUIRE(report->tables[0].error);
  CHECK(report->tables[0].error->code == Code::kConflict);
  CHECK(report->tables[0].error->message.find("1,100 of 2,000") == 0);
  CHECK(testing::RowsOf(shop.warehouse(), "SELECT count(*) FROM raw_t.orders") ==
        std::vector<std::string>{"2000"});
  SyncOptions options;
  options.confirm_deletes = true;
  testing::MustSync(shop.source(), shop.warehouse(), options);
  shop.CheckEqual();
}

TEST_CASE("without the PROCESS privilege, the data counts as complete up to an hour ago") {
  Shop shop("sync_unproven");
  shop.Run("CREATE OR REPLACE USER plain@'127.0.0.1' IDENTIFIED BY 'p'");
  shop.Run("GRANT SELECT ON sync_unproven.* TO plain@'127.0.0.1'");
  shop.source().mysql.user = "plain";
  shop.source().mysql.password = "p";
  const SyncReport report = testing::MustSync(shop.source(), shop.warehouse());
  CHECK(report.warnings.size() == 2);  // tls: off is the other
  const Micros age = SystemClock().Now() - testing::TableOf(report, "orders").complete_through;
  CHECK(age > 59 * kMicrosPerMinute);
  shop.CheckEqual();
}

TEST_CASE("stopping leaves the warehouse as it was, soon") {
  Shop shop("sync_stop");
  shop.Sync();
  shop.Run("ALTER TABLE orders ADD COLUMN filler VARCHAR(200) NOT NULL DEFAULT 'x'");
  shop.Run(
      "INSERT INTO orders SELECT seq, 'c', 1, NOW(6), REPEAT('y', 200) "
      "FROM seq_10000_to_400000");
  std::atomic<bool> stop{false};
  SyncOptions options;
  options.stop = &stop;
  double stopped_at = 0;
  options.on_progress = [&](const Progress& progress) {
    if (progress.state != "reading" || stop) return;
    stop = true;
    stopped_at = MonotonicSeconds();
  };
  const SystemClock clock;
  const auto report = SyncSource(shop.source(), shop.warehouse(), clock, options);
  CHECK(MonotonicSeconds() - stopped_at < 1.0);
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::kConflict);
  CHECK(testing::RowsOf(shop.warehouse(), "SELECT count(*) FROM raw_t.orders") ==
        std::vector<std::string>{"2000"});
  shop.source().tables.clear();
  shop.Sync();
  shop.CheckEqual();
}

TEST_CASE("a table that was dropped fails alone, and its rows stay") {
  Shop shop("sync_dropped");
  shop.Run("CREATE TABLE extra (id INT)");
  shop.Run("INSERT INTO extra VALUES (1), (2)");
  shop.Sync();
  shop.Run("DROP TABLE extra");
  const SyncReport quiet = testing::MustSync(shop.source(), shop.warehouse());
  REQUIRE(quiet.tables.size() == 1);
  bool warned = false;
  for (const std::string& warning : quiet.warnings) {
    warned = warned || warning.find("table 'extra' is no longer at the source") == 0;
  }
  CHECK(warned);
  shop.source().tables["orders"];
  shop.source().tables["extra"];
  const SyncReport report = testing::MustSync(shop.source(), shop.warehouse());
  CHECK_FALSE(testing::TableOf(report, "orders").error);
  REQUIRE(report.tables.size() == 2);
  REQUIRE(report.tables[1].error);
  CHECK(report.tables[1].error->message.find("there is no table 'extra' in 'sync_dropped', where "
                                             "it was before; the warehouse keeps its rows") == 0);
  CHECK(testing::RowsOf(shop.warehouse(), "SELECT count(*) FROM raw_t.extra") ==
        std::vector<std::string>{"2"});
}

TEST_CASE("a table that fails does not stop the others") {
  Shop shop("sync_isolated");
  shop.Run("CREATE TABLE broken (id INT PRIMARY KEY, v INT AS (id / 0) VIRTUAL)");
  shop.Run("CREATE TABLE good (id INT, v TEXT)");
  shop.Run("INSERT INTO good VALUES (1, 'a'), (1, 'a')");
  shop.source().tables["broken"].exclude = {"nothing"};
  shop.source().tables["good"];
  shop.source().tables["orders"];
  const SyncReport report = testing::MustSync(shop.source(), shop.warehouse());
  REQUIRE(report.tables.size() == 3);
  CHECK(report.tables[0].error->message.find("has no column 'nothing'") != std::string::npos);
  CHECK(testing::TableOf(report, "good").note == "no primary key: copied whole");
  CHECK(testing::TableOf(report, "good").rows == 2);
  shop.CheckEqual();
}

}  // namespace
}  // namespace kura::sync
