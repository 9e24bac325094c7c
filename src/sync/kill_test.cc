// kill -9 at every named point of a sync, then a sync: the warehouse must equal the source, and at
// each moment a history must be that of its table. Planted mistakes (the position committed before
// the data, the history after it) must be caught by the same comparisons.
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "sync/kill_point.h"
#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::kKilled;
using testing::TestServer;

constexpr const char* kDatabase = "sync_kill";

SourceConfig KillSource() {
  SourceConfig source = testing::SourceOf(kDatabase);
  source.tables["orders"].lookback = 0;  // A wide lookback would hide a lost position.
  source.tables["orders"].history = true;
  source.tables["ledgers"].mode = TableMode::kFull;
  source.tables["ledgers"].history = true;
  return source;
}

// Runs in a process of its own, started by SyncInChild; not a test by itself.
TEST_CASE("child: one sync" * doctest::skip()) {
  const char* folder = std::getenv("KURA_TEST_FOLDER");
  REQUIRE(folder != nullptr);
  SourceConfig source = KillSource();
  const auto warehouse = testing::OpenIn(folder);
  const SyncReport report = testing::MustSync(source, *warehouse);
  for (const TableReport& table : report.tables) CHECK_FALSE(table.error);
}

int SyncInChild(const std::string& folder, const std::vector<std::string>& settings) {
  std::vector<std::string> environment = settings;
  environment.push_back("KURA_TEST_FOLDER=" + folder);
  return testing::RunChild("child: one sync", environment);
}

class Fixture {
 public:
  Fixture() {
    TestServer::Get().Create(kDatabase);
    admin_ = TestServer::Get().Admin(kDatabase);
    Run("SET time_zone = '+09:00'");
    Run("CREATE TABLE orders (id BIGINT PRIMARY KEY, amount DECIMAL(12,2), updated_at DATETIME(6) "
        "NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), KEY (updated_at))");
    Run("CREATE TABLE ledgers (id BIGINT PRIMARY KEY, amount INT)");
    Run("INSERT INTO orders SELECT seq, seq, NOW(6) - INTERVAL 1 HOUR FROM seq_1_to_5000");
    Run("INSERT INTO ledgers SELECT seq, seq FROM seq_1_to_3000");
  }

  void Run(const std::string& sql) { TestServer::Run(*admin_, sql); }

  // Each kind of change, and then time for the stamps to fall behind the next watermark.
  void Change(int round) {
    Update(round);
    Run(fmt::format("INSERT INTO orders (id, amount) VALUES ({}, 1)", 10000 + round));
    Run(fmt::format(
        "DELETE FROM orders WHERE id BETWEEN {} AND {}", round * 20 + 1000, round * 20 + 1009));
    Run(fmt::format("UPDATE ledgers SET amount = -{} WHERE id % 300 = {}", round, round));
    std::this_thread::sleep_for(std::chrono::milliseconds(2200));
  }

  void Update(int round) {
    Run(fmt::format("UPDATE orders SET amount = amount + 1000 WHERE id % 500 = {}", round));
  }

  bool Equal() {
    const auto warehouse = testing::OpenIn(folder_.path());
    return Orders(*warehouse) && Ledgers(*warehouse);
  }

  // Whatever was killed: open versions are the rows, and no version is there twice.
  bool HistoriesFit() {
    const auto warehouse = testing::OpenIn(folder_.path());
    const auto fits = [&](const std::string& table) {
      const std::string all = "raw_t." + table + "__history";
      const std::string open =
          "(SELECT * EXCLUDE (valid_from, valid_to) FROM " + all + " WHERE valid_to IS NULL)";
      const std::string rows = "(SELECT * FROM raw_t." + table + ")";
      return testing::RowsOf(*warehouse, open + " EXCEPT ALL " + rows).empty() &&
             testing::RowsOf(*warehouse, rows + " EXCEPT ALL " + open).empty() &&
             testing::RowsOf(*warehouse,
                             "SELECT * EXCLUDE (valid_from, valid_to) FROM " + all +
                                 " GROUP BY ALL HAVING count(*) > 1 OR max(valid_to) <= "
                                 "max(valid_from)")
                 .empty();
    };
    return fits("orders") && fits("ledgers");
  }

  // Versions of both tables.
  std::string Versions() {
    return testing::RowsOf(*testing::OpenIn(folder_.path()),
                           "SELECT (SELECT count(*) FROM raw_t.orders__history), (SELECT count(*) "
                           "FROM raw_t.ledgers__history)")[0];
  }

  const std::string& folder() const { return folder_.path(); }

 private:
  static bool Orders(warehouse::Warehouse& warehouse) {
    return testing::RowsOf(warehouse,
                           "SELECT CAST(id AS VARCHAR), CAST(amount AS VARCHAR), "
                           "strftime(updated_at, '%Y-%m-%d %H:%M:%S.%f') "
                           "FROM raw_t.orders ORDER BY id") ==
           testing::SourceRows(
               kDatabase, "SELECT id, amount, CAST(updated_at AS CHAR) FROM orders ORDER BY id");
  }
  static bool Ledgers(warehouse::Warehouse& warehouse) {
    return testing::RowsOf(warehouse,
                           "SELECT CAST(id AS VARCHAR), CAST(amount AS VARCHAR) "
                           "FROM raw_t.ledgers ORDER BY id") ==
           testing::SourceRows(kDatabase, "SELECT id, amount FROM ledgers ORDER BY id");
  }

  std::unique_ptr<MysqlConnection> admin_;
  testing::TestFolder folder_;
};

TEST_CASE("a sync that is killed anywhere is made good by the next one") {
  Fixture fixture;
  const std::string log = fixture.folder() + "/reached";
  // The first copy, killed before it has ended, and then whole.
  REQUIRE(SyncInChild(fixture.folder(), {"KURA_KILL_AT=before_commit"}) == kKilled);
  REQUIRE(SyncInChild(fixture.folder(), {}) == 0);
  REQUIRE(fixture.Equal());
  int round = 0;
  for (const std::string_view point : kKillPoints) {
    if (IsOfRanges(point)) continue;  // ranged_test.cc goes there.
    for (const char* table : {"orders", "ledgers"}) {
      CAPTURE(point);
      CAPTURE(table);
      fixture.Change(++round);
      const int killed = SyncInChild(fixture.folder(),
                                     {"KURA_KILL_AT=" + std::string(point),
                                      "KURA_KILL_TABLE=" + std::string(table),
                                      "KURA_KILL_LOG=" + log});
      CHECK(killed == kKilled);
      CHECK(fixture.HistoriesFit());
      CHECK(SyncInChild(fixture.folder(), {}) == 0);
      CHECK(fixture.Equal());
      CHECK(fixture.HistoriesFit());
    }
  }
  // In 18 rounds: ten changes and one insert each, and ten changes.
  CHECK(fixture.Versions() == "5198|3180");
  const auto reached = ReadFile(log);
  REQUIRE(reached);
  for (const std::string_view point : kKillPoints) {
    if (IsOfRanges(point)) continue;  // ranged_test.cc goes there.
    CAPTURE(point);
    CHECK(("\n" + *reached).find("\n" + std::string(point) + "\n") != std::string::npos);
  }
}

TEST_CASE("the comparison would notice a position that is committed before its data") {
  Fixture fixture;
  REQUIRE(SyncInChild(fixture.folder(), {}) == 0);
  fixture.Update(1);  // A missing row would be found by its key; an old value is the harder case.
  std::this_thread::sleep_for(std::chrono::milliseconds(4000));
  REQUIRE(SyncInChild(fixture.folder(),
                      {"KURA_PLANT=state-before-data",
                       "KURA_KILL_AT=between_data_and_state",
                       "KURA_KILL_TABLE=orders"}) == kKilled);
  CHECK(SyncInChild(fixture.folder(), {}) == 0);
  CHECK_FALSE(fixture.Equal());
}

TEST_CASE("the comparison would notice a history that is committed after its table") {
  Fixture fixture;
  REQUIRE(SyncInChild(fixture.folder(), {}) == 0);
  REQUIRE(fixture.HistoriesFit());
  fixture.Update(1);
  REQUIRE(SyncInChild(fixture.folder(),
                      {"KURA_PLANT=history-apart",
                       "KURA_KILL_AT=after_commit",
                       "KURA_KILL_TABLE=orders"}) == kKilled);
  CHECK_FALSE(fixture.HistoriesFit());
  // What was not recorded is made good.
  CHECK(SyncInChild(fixture.folder(), {}) == 0);
  CHECK(fixture.HistoriesFit());
}

}  // namespace
}  // namespace kura::sync
