// Rows that stay although the source no longer has them: deletes: keep, and append-only tables.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "sync/append.h"
#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

// `orders` with 3,000 rows whose stamps are an hour old.
class Orders {
 public:
  explicit Orders(const std::string& database) : database_(database) {
    TestServer::Get().Create(database);
    admin_ = TestServer::Get().Admin(database);
    Run("SET time_zone = '+09:00'");
    Run("CREATE TABLE orders (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT, code VARCHAR(20), "
        "created_at DATETIME(6) NOT NULL DEFAULT NOW(6), updated_at DATETIME(6) NOT NULL DEFAULT "
        "NOW(6) ON UPDATE NOW(6), KEY (updated_at), KEY (created_at))");
    Run("INSERT INTO orders SELECT seq, CONCAT('c', seq), NOW(6) - INTERVAL 1 HOUR, NOW(6) - "
        "INTERVAL 1 HOUR FROM seq_1_to_3000");
    warehouse_ = testing::OpenIn(folder_.path());
    source_ = testing::SourceOf(database);
  }

  void Run(const std::string& sql) { TestServer::Run(*admin_, sql); }
  TableReport Sync(const SyncOptions& options = {}) {
    return testing::TableOf(testing::MustSync(source_, *warehouse_, options), "orders");
  }
  Error Fails() {
    const SyncReport report = testing::MustSync(source_, *warehouse_);
    if (!report.tables[0].error) FAIL("it did not fail");
    return *report.tables[0].error;
  }
  std::vector<std::string> Rows(const std::string& sql) {
    return testing::RowsOf(*warehouse_, sql);
  }
  // Rows, those of them that are only kept, and different keys.
  std::string Counts() {
    return Rows("SELECT count(*), count(_deleted_at), count(DISTINCT id) FROM raw_t.orders")[0];
  }
  // Whether the rows that are not only kept are those of the source.
  bool LiveEqual(const std::string& live = "_deleted_at IS NULL") {
    return Rows("SELECT CAST(id AS VARCHAR), code FROM raw_t.orders WHERE " + live +
                " ORDER BY id") ==
           testing::SourceRows(database_, "SELECT id, code FROM orders ORDER BY id");
  }
  std::unique_ptr<MysqlConnection> Another() {
    auto other = TestServer::Get().Admin(database_);
    TestServer::Run(*other, "SET time_zone = '+09:00'");
    return other;
  }
  TableConfig& config() { return source_.tables["orders"]; }
  SourceConfig& source() { return source_; }
  warehouse::Warehouse& warehouse() { return *warehouse_; }

 private:
  std::string database_;
  std::unique_ptr<MysqlConnection> admin_;
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  SourceConfig source_;
};

TEST_CASE("deletes: keep marks what vanished, and unmarks what comes back") {
  Orders orders("kept_delta");
  orders.config().deletes = Deletes::kKeep;
  CHECK(orders.Sync().mode == "copy");
  CHECK(orders.Counts() == "3000|0|3000");
  orders.Run("DELETE FROM orders WHERE id BETWEEN 11 AND 20");
  TableReport report = orders.Sync();
  CHECK(report.mode == "delta");
  CHECK(report.deleted == 10);
  CHECK(orders.Counts() == "3000|10|3000");
  CHECK(orders.LiveEqual());
  CHECK(orders.Rows("SELECT count(*) FROM raw_t.orders WHERE _deleted_at BETWEEN now() - INTERVAL "
                    "1 MINUTE AND now()") == std::vector<std::string>{"10"});
  const auto before = orders.Rows("SELECT epoch_us(min(_deleted_at)) FROM raw_t.orders");
  CHECK(orders.Sync().deleted == 0);
  CHECK(orders.Rows("SELECT epoch_us(max(_deleted_at)) FROM raw_t.orders") == before);
  // One comes back with a new stamp, one with an old one.
  orders.Run("INSERT INTO orders (id, code) VALUES (11, 'back')");
  orders.Run("INSERT INTO orders VALUES (12, 'old', '2001-01-01', '2001-01-01')");
  report = orders.Sync();
  CHECK(report.mode == "delta");
  CHECK(orders.Counts() == "3000|8|3000");
  CHECK(orders.LiveEqual());
  orders.Run("UPDATE orders SET id = 9000 WHERE id = 100");
  orders.Sync();
  CHECK(orders.Counts() == "3001|9|3001");
  CHECK(orders.LiveEqual());
}

TEST_CASE("whole copies carry kept rows over") {
  Orders orders("kept_whole");
  orders.config().deletes = Deletes::kKeep;
  orders.Sync();
  orders.Run("DELETE FROM orders WHERE id BETWEEN 11 AND 20");
  orders.Sync();
  const auto marks = orders.Rows(
      "SELECT CAST(id AS VARCHAR), epoch_us(_deleted_at) FROM raw_t.orders WHERE _deleted_at IS "
      "NOT NULL ORDER BY id");
  orders.Run("DELETE FROM orders WHERE id = 21");
  SyncOptions full;
  full.full = true;
  CHECK(orders.Sync(full).mode == "copy");
  CHECK(orders.Counts() == "3000|11|3000");
  CHECK(orders.LiveEqual());
  CHECK(orders.Rows("SELECT CAST(id AS VARCHAR), epoch_us(_deleted_at) FROM raw_t.orders WHERE "
                    "_deleted_at IS NOT NULL AND id < 21 ORDER BY id") == marks);
  // In ranges, with another column, and always whole.
  orders.Run("ALTER TABLE orders ADD COLUMN tax INT NOT NULL DEFAULT 3");
  SyncOptions ranges;
  ranges.ranges_from = 100;
  ranges.range_rows = 500;
  CHECK(orders.Sync(ranges).note == "columns changed: copied whole");
  CHECK(orders.Counts() == "3000|11|3000");
  CHECK(
      orders.Rows("SELECT count(*), count(tax) FROM raw_t.orders WHERE _deleted_at IS NOT NULL") ==
      std::vector<std::string>{"11|0"});
  CHECK(orders.Sync().mode == "delta");
  orders.config().mode = TableMode::kFull;
  orders.Run("DELETE FROM orders WHERE id = 22");
  CHECK(orders.Sync().mode == "full");
  CHECK(orders.Counts() == "3000|12|3000");
  CHECK(orders.LiveEqual());
}

TEST_CASE("kept rows do not bring a value back that is masked now") {
  Orders orders("kept_mask");
  orders.config().deletes = Deletes::kKeep;
  orders.Sync();
  orders.Run("DELETE FROM orders WHERE id = 11");
  orders.Sync();
  orders.config().masks["code"].kind = MaskKind::kLast;
  orders.config().masks["code"].last = 1;
  CHECK(orders.Sync().note == "mask changed: copied whole");
  CHECK(orders.Counts() == "3000|1|3000");
  CHECK(orders.Rows("SELECT code FROM raw_t.orders WHERE id IN (11, 12) ORDER BY id") ==
        std::vector<std::string>{"NULL", "**2"});
}

TEST_CASE("keeping begins and ends with a whole copy") {
  Orders orders("kept_switch");
  orders.Sync();
  orders.Run("DELETE FROM orders WHERE id = 11");
  orders.config().deletes = Deletes::kKeep;
  CHECK(orders.Sync().note == "deletes changed: copied whole");
  CHECK(orders.Counts() == "3000|1|3000");
  orders.config().deletes = Deletes::kReconcile;
  CHECK(orders.Sync().note == "deletes changed: copied whole");
  CHECK(orders.LiveEqual("true"));
}

TEST_CASE("what cannot be kept is an error that says why") {
  Orders orders("kept_errors");
  orders.config().deletes = Deletes::kKeep;
  orders.Run("ALTER TABLE orders ADD COLUMN _deleted_at INT");
  CHECK(orders.Fails().message.find("needs the name _deleted_at") != std::string::npos);
  orders.Run(
      "ALTER TABLE orders DROP COLUMN _deleted_at, MODIFY id BIGINT NOT NULL, DROP PRIMARY "
      "KEY");
  CHECK(orders.Fails().message == "deletes: keep needs a primary key in 'orders'");
  orders.config().deletes = Deletes::kReconcile;
  orders.config().mode = TableMode::kAppend;
  CHECK(orders.Fails().message == "mode: append needs a primary key in 'orders'");
  orders.Run("ALTER TABLE orders ADD PRIMARY KEY (id, code)");
  CHECK(orders.Fails().message == "mode: append cannot read new rows of 'orders' by id");
}

TEST_CASE("append by a time reads new rows only, and keeps those that were purged") {
  Orders orders("append_time");
  orders.config().mode = TableMode::kAppend;
  orders.config().cursor = "created_at";
  CHECK(orders.Sync().mode == "copy");
  orders.Run("DELETE FROM orders WHERE id <= 2000");  // More than any breaker would let pass.
  orders.Run("INSERT INTO orders (code) VALUES ('new'), ('newer')");
  TableReport report = orders.Sync();
  CHECK(report.mode == "delta");
  CHECK(report.rows == 2);
  CHECK(report.deleted == 0);
  CHECK(orders.Rows("SELECT count(*) FROM raw_t.orders") == std::vector<std::string>{"3002"});
  SyncOptions full;
  full.full = true;
  report = orders.Sync(full);
  CHECK(report.mode == "copy");
  CHECK(orders.Rows("SELECT count(*), count(DISTINCT id) FROM raw_t.orders") ==
        std::vector<std::string>{"3002|3002"});
  // A transaction that is open during a sync, with an older stamp.
  orders.config().lookback = 0;
  const auto late = orders.Another();
  TestServer::Run(*late, "START TRANSACTION");
  TestServer::Run(*late, "INSERT INTO orders (code) VALUES ('late')");
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  orders.Run("INSERT INTO orders (code) VALUES ('early')");
  orders.Sync();
  TestServer::Run(*late, "COMMIT");
  orders.Sync();
  CHECK(orders.LiveEqual("id > 2000"));
}

TEST_CASE("append by a key loses no row that is committed behind a greater one") {
  Orders orders("append_key");
  orders.config().mode = TableMode::kAppend;
  CHECK(orders.Sync().mode == "copy");
  const auto late = orders.Another();
  TestServer::Run(*late, "START TRANSACTION");
  TestServer::Run(*late, "INSERT INTO orders (code) VALUES ('late')");
  orders.Run("INSERT INTO orders (code) VALUES ('early')");
  // The late one commits while the sync waits for it.
  std::thread committer([&] {
    std::this_thread::sleep_for(std::chrono::seconds(3));
    TestServer::Run(*late, "COMMIT");
  });
  TableReport report = orders.Sync();
  committer.join();
  CHECK(report.mode == "delta");
  CHECK(orders.Rows("SELECT count(*) FROM raw_t.orders WHERE code = 'early'") ==
        orders.Rows("SELECT count(*) FROM raw_t.orders WHERE code = 'late'"));
  CHECK(orders.Sync().mode == "delta");
  CHECK(orders.LiveEqual("true"));
  orders.Run("DELETE FROM orders WHERE id <= 2000");
  orders.Run("INSERT INTO orders (code) VALUES ('new')");
  report = orders.Sync();
  CHECK(report.rows == 1);
  CHECK(report.deleted == 0);
  CHECK(orders.LiveEqual("id > 2000"));
  CHECK(orders.Rows("SELECT count(*) FROM raw_t.orders") == std::vector<std::string>{"3003"});
}

TEST_CASE("append by a key reads nothing while something older stays open, and says so") {
  Orders orders("append_held");
  orders.config().mode = TableMode::kAppend;
  orders.Sync();
  const auto late = orders.Another();
  TestServer::Run(*late, "START TRANSACTION");
  TestServer::Run(*late, "INSERT INTO orders (code) VALUES ('late')");
  orders.Run("INSERT INTO orders (code) VALUES ('early')");
  const TableReport report = orders.Sync();
  CHECK(report.rows == 0);
  CHECK(report.note.find("nothing new was read: ") == 0);
  CHECK(report.note.find("still open") != std::string::npos);
  TestServer::Run(*late, "COMMIT");
  CHECK(orders.Sync().rows == 2);
  CHECK(orders.LiveEqual("true"));
}

TEST_CASE("an empty table is appended to as well") {
  Orders orders("append_empty");
  orders.config().mode = TableMode::kAppend;
  orders.Run("TRUNCATE TABLE orders");
  CHECK(orders.Sync().rows == 0);
  CHECK(orders.Sync().rows == 0);
  orders.Run("INSERT INTO orders (code) VALUES ('first')");
  CHECK(orders.Sync().rows == 1);
  CHECK(orders.LiveEqual("true"));
}

TEST_CASE("the key after another") {
  CHECK(KeyAfter("0") == "1");
  CHECK(KeyAfter("199") == "200");
  CHECK(KeyAfter("999") == "1000");
  CHECK(KeyAfter("18446744073709551615") == "18446744073709551616");
  CHECK(KeyAfter("-1") == "0");
  CHECK(KeyAfter("-10") == "-9");
}

}  // namespace
}  // namespace kura::sync
