// Copies that go range by range: every kind of key that can be cut, a source that changes
// meanwhile, several sessions, and a copy that is killed and goes on.
#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "sync/kill_point.h"
#include "sync/mysql_ranges.h"
#include "sync/mysql_select.h"
#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

constexpr const char* kStamp =
    "updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), "
    "KEY (updated_at)";

SyncOptions Ranged() {
  SyncOptions options;
  options.ranges_from = 100;
  options.range_rows = 700;
  return options;
}

class Db {
 public:
  explicit Db(std::string name) : name_(std::move(name)) {
    TestServer::Get().Create(name_);
    admin_ = TestServer::Get().Admin(name_);
    Run("SET time_zone = '+09:00'");
    warehouse_ = testing::OpenIn(folder_.path());
  }
  void Run(const std::string& sql) { TestServer::Run(*admin_, sql); }

  void Analyze(const std::string& table) {
    REQUIRE(admin_->Query("ANALYZE TABLE " + table).has_value());
  }

  SyncReport Sync(const SyncOptions& options = Ranged()) {
    return testing::MustSync(testing::SourceOf(name_), *warehouse_, options);
  }

  void CheckEqual(const std::string& table, const std::string& source_columns,
                  const std::string& columns) {
    CAPTURE(table);
    const auto expected = testing::SourceRows(
        name_, "SELECT " + source_columns + ", CAST(updated_at AS CHAR) FROM " + table);
    const auto actual = testing::RowsOf(*warehouse_,
                                        "SELECT " + columns +
                                            ", strftime(updated_at, '%Y-%m-%d %H:%M:%S.%f') "
                                            "FROM raw_t." +
                                            table);
    CHECK(std::multiset<std::string>(expected.begin(), expected.end()) ==
          std::multiset<std::string>(actual.begin(), actual.end()));
    CHECK(actual.size() > 1000);
  }

  warehouse::Warehouse& warehouse() { return *warehouse_; }
  const std::string& folder() const { return folder_.path(); }
  const std::string& name() const { return name_; }
  MysqlConnection& admin() { return *admin_; }

 private:
  std::string name_;
  std::unique_ptr<MysqlConnection> admin_;
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
};

TEST_CASE("dense integers are cut into equal parts that leave nothing out") {
  const auto ranges = SplitIntegers("1", "1000", 1000, 250);
  REQUIRE(ranges.size() == 4);
  CHECK(ranges[0] == KeyRange{{}, {"251"}});
  CHECK(ranges[1] == KeyRange{{"251"}, {"501"}});
  CHECK(ranges[3] == KeyRange{{"751"}, {}});
  const auto wide = SplitIntegers("-9223372036854775808", "18446744073709551615", 1000, 250);
  CHECK(wide.empty());  // far more numbers than rows
  const auto high = SplitIntegers("18446744073709551515", "18446744073709551615", 100, 50);
  REQUIRE(high.size() == 2);
  CHECK(high[1].lower == std::vector<std::string>{"18446744073709551565"});
  CHECK(SplitIntegers("-5", "4", 10, 5)[1].lower == std::vector<std::string>{"0"});
  CHECK(SplitIntegers("", "", 0, 5).empty());
  CHECK(SplitIntegers("7", "7", 1, 5) == std::vector<KeyRange>{{}});
}

TEST_CASE("a composite bound is compared column by column") {
  SourceTable table;
  table.name = "t";
  table.primary_key = {"a", "b"};
  CHECK(MysqlRangeCondition(table, {{"1", "'x'"}, {}}) == "(`a` > 1 OR (`a` = 1 AND `b` >= 'x'))");
  CHECK(MysqlRangeCondition(table, {{}, {"1", "2"}}) == "(`a` < 1 OR (`a` = 1 AND `b` < 2))");
  CHECK(MysqlRangeCondition(table, {}).empty());
}

TEST_CASE("tables are equal after a ranged copy, whatever their key is") {
  Db db("sync_ranged");
  db.Run(std::string("CREATE TABLE ints (id BIGINT PRIMARY KEY, v INT, ") + kStamp + ")");
  db.Run("INSERT INTO ints SELECT seq, seq, NOW(6) - INTERVAL 1 HOUR FROM seq_1_to_5000");
  db.Run(std::string("CREATE TABLE gaps (id BIGINT UNSIGNED PRIMARY KEY, v INT, ") + kStamp + ")");
  db.Run(
      "INSERT INTO gaps SELECT seq * 3600000000000000, seq, NOW(6) - INTERVAL 1 HOUR "
      "FROM seq_1_to_5000");
  db.Run(std::string("CREATE TABLE texts (code VARCHAR(40) COLLATE utf8mb4_general_ci PRIMARY KEY, "
                     "v INT, ") +
         kStamp + ")");
  db.Run(
      "INSERT INTO texts SELECT CONCAT(IF(seq % 2, 'k', 'K'), MD5(seq), 'あ''\\\\'), seq, "
      "NOW(6) - INTERVAL 1 HOUR FROM seq_1_to_5000");
  db.Run(std::string("CREATE TABLE pairs (u VARCHAR(20) CHARACTER SET cp932, d DATE, v INT, "
                     "PRIMARY KEY (u, d), ") +
         kStamp + ")");
  db.Run(
      "INSERT INTO pairs SELECT CONCAT('利用者', seq % 7), '2020-01-01' + INTERVAL seq DAY, seq, "
      "NOW(6) - INTERVAL 1 HOUR FROM seq_1_to_5000");
  db.Run(std::string("CREATE TABLE bytes (id BINARY(16) PRIMARY KEY, v INT, ") + kStamp + ")");
  db.Run(
      "INSERT INTO bytes SELECT UNHEX(MD5(seq)), seq, NOW(6) - INTERVAL 1 HOUR "
      "FROM seq_1_to_5000");
  db.Run(std::string("CREATE TABLE kinds (k ENUM('z','y','x','w'), n INT, v INT, "
                     "PRIMARY KEY (k, n), ") +
         kStamp + ")");
  db.Run(
      "INSERT INTO kinds SELECT 1 + seq % 4, seq, seq, NOW(6) - INTERVAL 1 HOUR "
      "FROM seq_1_to_2000");
  for (const char* table : {"ints", "gaps", "texts", "pairs", "bytes", "kinds"}) db.Analyze(table);
  for (int round = 0; round < 2; ++round) {
    const SyncReport report = db.Sync();
    for (const TableReport& table : report.tables) {
      CAPTURE(table.table);
      CHECK_FALSE(table.error);
      CHECK(table.mode == (round == 0 ? "copy" : "delta"));
      CHECK(table.note.empty());
    }
    db.CheckEqual("ints", "id, v", "id::VARCHAR, v");
    db.CheckEqual("gaps", "id, v", "id::VARCHAR, v");
    db.CheckEqual("texts", "code, v", "code, v");
    db.CheckEqual("pairs", "u, d, v", "u, d::VARCHAR, v");
    db.CheckEqual("bytes", "HEX(id), v", "hex(id), v");
    db.CheckEqual("kinds", "k, n, v", "k, n, v");
    CHECK(testing::RowsOf(db.warehouse(), "SELECT count(*) FROM _kura.sync_copies") ==
          std::vector<std::string>{"0"});
    CHECK(testing::RowsOf(db.warehouse(), "SELECT count(*) FROM _kura.sync_copied_ranges") ==
          std::vector<std::string>{"0"});
  }
}

TEST_CASE("what changes while ranges are read is in the copy") {
  Db db("sync_ranged_busy");
  db.Run(std::string("CREATE TABLE orders (id BIGINT PRIMARY KEY, v INT, ") + kStamp + ")");
  db.Run("INSERT INTO orders SELECT seq, 0, NOW(6) - INTERVAL 1 HOUR FROM seq_1_to_30000");
  db.Analyze("orders");
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    const auto other = TestServer::Get().Admin(db.name());
    (void)other->Execute("SET time_zone = '+09:00'");
    for (int i = 1; !stop; ++i) {
      (void)other->Execute(fmt::format("UPDATE orders SET v = v + 1 WHERE id % 97 = {}", i % 97));
      (void)other->Execute(fmt::format("DELETE FROM orders WHERE id = {}", i * 37 % 30000));
      (void)other->Execute(
          fmt::format("INSERT IGNORE INTO orders (id, v) VALUES ({}, 7)", 30000 + i));
      (void)other->Execute(fmt::format("UPDATE orders SET id = id + 100000 WHERE id = {}", i * 53));
    }
  });
  SyncOptions options = Ranged();
  options.connections = 3;
  for (int round = 0; round < 3; ++round) {
    options.full = true;
    const TableReport report = testing::TableOf(db.Sync(options), "orders");
    CHECK(report.mode == "copy");
    const std::string all = "SELECT id::VARCHAR, v FROM raw_t.orders ORDER BY id";
    const testing::TestFolder image;
    CHECK(testing::RowsOf(*testing::OpenImage(db.folder(), image), all) ==
          testing::RowsOf(db.warehouse(), all));
  }
  stop = true;
  writer.join();
  db.Sync();
  db.CheckEqual("orders", "id, v", "id::VARCHAR, v");
}

// Runs in a process of its own; not a test by itself.
TEST_CASE("child: one ranged sync" * doctest::skip()) {
  const char* folder = std::getenv("KURA_TEST_FOLDER");
  REQUIRE(folder != nullptr);
  const auto warehouse = testing::OpenIn(folder);
  SyncOptions options = Ranged();
  options.full = true;
  testing::MustSync(testing::SourceOf("sync_ranged_kill"), *warehouse, options);
}

TEST_CASE("a ranged copy that is killed goes on where it was") {
  TestServer::Get().Create("sync_ranged_kill");
  const auto admin = TestServer::Get().Admin("sync_ranged_kill");
  TestServer::Run(*admin, "SET time_zone = '+09:00'");
  TestServer::Run(*admin,
                  std::string("CREATE TABLE big (id BIGINT PRIMARY KEY, v INT, ") + kStamp + ")");
  TestServer::Run(*admin,
                  "INSERT INTO big SELECT seq, 0, NOW(6) - INTERVAL 1 HOUR "
                  "FROM seq_1_to_7000");
  REQUIRE(admin->Query("ANALYZE TABLE big").has_value());
  const testing::TestFolder folder;
  for (int kill = 0; kill < 3; ++kill) {
    CHECK(testing::RunChild("child: one ranged sync",
                            {"KURA_TEST_FOLDER=" + folder.path(), "KURA_KILL_AT=after_range"}) ==
          testing::kKilled);
    // Rows that were copied already change behind the copy's back.
    TestServer::Run(*admin, fmt::format("UPDATE big SET v = {} WHERE id % 10 = 1", kill + 1));
    TestServer::Run(*admin, fmt::format("DELETE FROM big WHERE id = {}", kill + 2));
  }
  const auto warehouse = testing::OpenIn(folder.path());
  const auto left = testing::RowsOf(*warehouse, "SELECT count(*) FROM _kura.sync_copied_ranges");
  const TableReport report = testing::TableOf(
      testing::MustSync(testing::SourceOf("sync_ranged_kill"), *warehouse, Ranged()), "big");
  CHECK(report.note.find("went on after " + left[0] + " of ") == 0);
  CHECK(left[0] != "0");
  CHECK(report.rows == 6997);
  const std::string rows = "SELECT id::VARCHAR, v FROM raw_t.big ORDER BY id";
  const auto expected =
      testing::SourceRows("sync_ranged_kill", "SELECT id, v FROM big ORDER BY id");
  CHECK(testing::RowsOf(*warehouse, rows) == expected);
  const testing::TestFolder image;
  CHECK(testing::RowsOf(*testing::OpenImage(folder.path(), image), rows) == expected);
}

// The rows change while each copy is read, so that each has something to merge. What the kill
// leaves is looked at too: a log that is replayed wrongly shows there first.
TEST_CASE("a ranged copy that is killed anywhere is made good by the next one") {
  TestServer::Get().Create("sync_ranged_kill");
  const auto admin = TestServer::Get().Admin("sync_ranged_kill");
  TestServer::Run(*admin, "SET time_zone = '+09:00'");
  TestServer::Run(*admin,
                  std::string("CREATE TABLE big (id BIGINT PRIMARY KEY, v INT, ") + kStamp + ")");
  TestServer::Run(*admin,
                  "INSERT INTO big SELECT seq, 0, NOW(6) - INTERVAL 1 HOUR "
                  "FROM seq_1_to_3000");
  REQUIRE(admin->Query("ANALYZE TABLE big").has_value());
  const testing::TestFolder folder;
  const auto sync = [&](const std::string& kill_at) {
    return testing::RunChild("child: one ranged sync",
                             {"KURA_TEST_FOLDER=" + folder.path(), "KURA_KILL_AT=" + kill_at});
  };
  const std::string unique = "SELECT count(*) - count(DISTINCT id) FROM raw_t.big";
  REQUIRE(sync("") == 0);
  int round = 0;
  for (const std::string_view point : kKillPoints) {
    CAPTURE(point);
    TestServer::Run(*admin,
                    fmt::format("UPDATE big SET v = v + 1 WHERE id % 10 = {}", ++round % 5));
    TestServer::Run(*admin, fmt::format("DELETE FROM big WHERE id = {}", round * 100));
    CHECK(sync(std::string(point)) == testing::kKilled);
    CHECK(testing::RowsOf(*testing::OpenIn(folder.path()), unique)[0] == "0");
    TestServer::Run(*admin, fmt::format("UPDATE big SET v = v + 1 WHERE id % 10 = {}", 5));
    CHECK(sync("") == 0);
    CHECK(testing::RowsOf(*testing::OpenIn(folder.path()),
                          "SELECT id::VARCHAR, v FROM raw_t.big ORDER BY id") ==
          testing::SourceRows("sync_ranged_kill", "SELECT id, v FROM big ORDER BY id"));
  }
}

TEST_CASE("a table that changed its columns begins its copy again") {
  TestServer::Get().Create("sync_ranged_kill");
  const auto admin = TestServer::Get().Admin("sync_ranged_kill");
  TestServer::Run(*admin,
                  std::string("CREATE TABLE big (id BIGINT PRIMARY KEY, v INT, ") + kStamp + ")");
  TestServer::Run(*admin, "INSERT INTO big SELECT seq, 0, NOW(6) FROM seq_1_to_7000");
  REQUIRE(admin->Query("ANALYZE TABLE big").has_value());
  const testing::TestFolder folder;
  CHECK(testing::RunChild("child: one ranged sync",
                          {"KURA_TEST_FOLDER=" + folder.path(), "KURA_KILL_AT=after_range"}) ==
        testing::kKilled);
  TestServer::Run(*admin, "ALTER TABLE big ADD COLUMN w INT NOT NULL DEFAULT 5");
  REQUIRE(admin->Query("ANALYZE TABLE big").has_value());
  const auto warehouse = testing::OpenIn(folder.path());
  const TableReport report = testing::TableOf(
      testing::MustSync(testing::SourceOf("sync_ranged_kill"), *warehouse, Ranged()), "big");
  CHECK(report.note.empty());
  CHECK(testing::RowsOf(*warehouse, "SELECT sum(w)::BIGINT FROM raw_t.big") ==
        std::vector<std::string>{"35000"});
}

}  // namespace
}  // namespace kura::sync
