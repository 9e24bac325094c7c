// Verification against a real server: each kind of difference found, named and repaired, and no
// alarm about what merely changed since.
#include "sync/verify.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "sync/verify_db_for_test.h"
#include "sync/verify_ranges.h"

namespace kura::sync {
namespace {

using testing::TestServer;
using Db = testing::VerifyDb;
using testing::Keys;

// Keeps the stamp as it is: a change that no cursor sees.
constexpr const char* kBehind = ", updated_at = updated_at";

TEST_CASE("an equal table is equal, wholly, and that is kept") {
  Db db("verify_equal");
  db.MakeOrders(5000);
  db.Sync();
  VerifyOptions options;
  options.range_rows = 700;
  const TableVerdict verdict = db.Verify("orders", options);
  CHECK(verdict.status == VerifyStatus::kEqual);
  CHECK(verdict.source_rows == 5000);
  CHECK(verdict.rows == 5000);
  CHECK(verdict.recent == 0);
  CHECK(verdict.values_rows == 5000);
  CHECK(verdict.values_share == 1);
  CHECK(verdict.key_name == "id");
  CHECK(
      db.Here("SELECT status, values_share::BIGINT, json_array_length(ranges_json)::BIGINT, "
              "(verified_through = s.complete_through)::BIGINT, mismatch FROM _kura.verifications "
              "v JOIN _kura.sync_state s USING (source, \"table\")") == Keys{"equal|1|8|1|"});
  CHECK(db.Here("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%verify%'") ==
        Keys{"0"});
}

TEST_CASE("values that no cursor saw change are found, named and repaired") {
  Db db("verify_changed");
  db.MakeOrders(3000);
  db.Sync();
  db.Run(std::string("UPDATE orders SET amount = amount + 1") + kBehind +
         " WHERE id IN (17, 2500)");
  db.Run(std::string("UPDATE orders SET code = NULL, amount = 0") + kBehind + " WHERE id = 40");
  db.Sync();
  TableVerdict verdict = db.Verify("orders");
  CHECK(verdict.status == VerifyStatus::kDiffers);
  CHECK(verdict.changed.count == 3);
  CHECK(verdict.changed.keys == Keys{"17 (amount)", "40 (code, amount)", "2500 (amount)"});
  CHECK(verdict.missing.count + verdict.extra.count + verdict.doubled.count == 0);
  CHECK(verdict.values_share < 1);
  verdict = db.Repair("orders");
  CHECK(verdict.status == VerifyStatus::kEqual);
  CHECK(verdict.repaired == 3);
  CHECK(verdict.values_share == 1);
  CHECK(db.Here("SELECT coalesce(code, '-'), amount FROM raw_t.orders WHERE id IN (17, 40) "
                "ORDER BY id") == Keys{"c17|26.50", "-|0.00"});
  CHECK(db.Here("SELECT mismatch FROM _kura.verifications") == Keys{"3 with other values"});
  db.Sync();
  CHECK(db.Verify("orders").status == VerifyStatus::kEqual);
}

TEST_CASE("rows that are missing, too many or doubled are found, named and repaired") {
  Db db("verify_rows");
  db.MakeOrders(3000);
  db.Sync();
  db.Tamper("DELETE FROM raw_t.orders WHERE id IN (5, 6)");
  db.Tamper(
      "INSERT INTO raw_t.orders SELECT 9000, code, amount, updated_at FROM raw_t.orders "
      "WHERE id = 1");
  db.Tamper("INSERT INTO raw_t.orders SELECT * FROM raw_t.orders WHERE id = 77");
  TableVerdict verdict = db.Verify("orders");
  CHECK(verdict.status == VerifyStatus::kDiffers);
  CHECK(verdict.missing.keys == Keys{"5", "6"});
  CHECK(verdict.extra.keys == Keys{"9000"});
  CHECK(verdict.doubled.keys == Keys{"77"});
  CHECK(verdict.changed.count == 0);
  verdict = db.Repair("orders");
  CHECK(verdict.status == VerifyStatus::kEqual);
  CHECK(verdict.repaired == 4);
  CHECK(db.Here("SELECT count(*), count(DISTINCT id), max(id) FROM raw_t.orders") ==
        Keys{"3000|3000|3000"});
  CHECK(db.Here("SELECT mode, rows FROM _kura.sync_runs ORDER BY finished_at DESC LIMIT 1") ==
        Keys{"repair|3"});
}

TEST_CASE("only ten keys are shown, all are counted") {
  Db db("verify_many");
  db.MakeOrders(3000);
  db.Sync();
  db.Tamper("DELETE FROM raw_t.orders WHERE id > 2900");
  const TableVerdict verdict = db.Verify("orders");
  CHECK(verdict.missing.count == 100);
  REQUIRE(verdict.missing.keys.size() == 10);
  CHECK(verdict.missing.keys[0] == "2901");
}

TEST_CASE("what changed since the last sync is no difference") {
  Db db("verify_since");
  db.MakeOrders(3000);
  db.Sync();
  db.Run("UPDATE orders SET amount = 0 WHERE id <= 10");
  db.Run("INSERT INTO orders (id, code) SELECT seq, 'new' FROM seq_4001_to_4020");
  db.Run("DELETE FROM orders WHERE id BETWEEN 100 AND 106");
  const TableVerdict verdict = db.Verify("orders");
  CHECK(verdict.status == VerifyStatus::kEqual);
  CHECK(verdict.recent == 30);
  CHECK(verdict.gone == 7);
  CHECK(verdict.source_rows == verdict.rows);
  CHECK(verdict.values_rows == 3000 - 7 - 10);
  db.Tamper(
      "INSERT INTO raw_t.orders SELECT 9000, code, amount, updated_at FROM raw_t.orders "
      "WHERE id = 1");
  CHECK(db.Verify("orders").status == VerifyStatus::kDiffers);
}

TEST_CASE("a row that the warehouse lost is missed even when the source has deleted it since") {
  Db db("verify_lost");
  db.MakeOrders(300);
  db.Sync();
  db.Tamper("DELETE FROM raw_t.orders WHERE id = 7");
  db.Run("DELETE FROM orders WHERE id = 7");
  const TableVerdict verdict = db.Verify("orders");
  CHECK(verdict.status == VerifyStatus::kDiffers);
  CHECK(verdict.miscounted == -1);
}

TEST_CASE("a table that is written to all the time gives no false alarm") {
  Db db("verify_busy");
  db.MakeOrders(20000);
  db.Sync();
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    const auto admin = TestServer::Get().Admin(db.name());
    TestServer::Run(*admin, "SET time_zone = '+09:00'");
    for (int i = 0; !stop; ++i) {
      const std::string id = std::to_string(i * 37 % 20000 + 1);
      TestServer::Run(*admin, "UPDATE orders SET amount = amount + 1 WHERE id = " + id);
      TestServer::Run(*admin, "DELETE FROM orders WHERE id = " + id + " + 3");
      TestServer::Run(*admin, "INSERT INTO orders (code) SELECT 'x' FROM DUAL WHERE FALSE");
      TestServer::Run(*admin,
                      "INSERT IGNORE INTO orders (id, code) VALUES (50000 + " + id + ", 'n')");
    }
  });
  VerifyOptions options;
  options.range_rows = 1000;
  int checked = 0;
  for (int round = 0; round < 8; ++round) {
    if (round % 3 == 2) db.Sync();
    const TableVerdict verdict = db.Verify("orders", options);
    CHECK(verdict.status == VerifyStatus::kEqual);
    if (verdict.status != VerifyStatus::kEqual) break;
    checked += verdict.recent > 0 ? 1 : 0;
  }
  stop = true;
  writer.join();
  CHECK(checked > 4);
}

TEST_CASE("over runs with little time, every row is compared, the oldest comparison first") {
  Db db("verify_rounds");
  db.MakeOrders(5000);
  db.Sync();
  VerifyOptions options;
  options.range_rows = 1000;
  options.budget_s = 0;
  double share = 0;
  for (int round = 1; round <= 5; ++round) {
    const TableVerdict verdict = db.Verify("orders", options);
    CHECK(verdict.status == VerifyStatus::kEqual);
    CHECK(verdict.values_rows == 1000);
    CHECK(verdict.values_share > share);
    share = verdict.values_share;
  }
  CHECK(share == 1);
  const auto before = db.Here("SELECT values_since FROM _kura.verifications");
  CHECK(db.Verify("orders", options).values_share == 1);
  CHECK(db.Here("SELECT values_since FROM _kura.verifications") != before);
  db.Run("UPDATE orders SET amount = 1 WHERE id = 3");
  db.Sync();
  CHECK(db.Verify("orders", options).values_share == 1);
  SyncOptions full;
  full.full = true;
  testing::MustSync(db.source(), db.warehouse(), full);
  const TableVerdict anew = db.Verify("orders", options);
  CHECK(anew.values_share > 0.1);
  CHECK(anew.values_share < 0.3);
}

TEST_CASE("tables without a cursor or key are compared as they are, without crying wolf") {
  Db db("verify_full");
  db.Run("CREATE TABLE bag (a INT, b DOUBLE, c VARCHAR(9))");
  db.Run("INSERT INTO bag VALUES (1, 0, 'x'), (1, 0, 'x'), (NULL, NULL, NULL), (2, 1, 'あ')");
  db.Run("CREATE TABLE plain (id INT PRIMARY KEY, v INT)");
  db.Run("INSERT INTO plain SELECT seq, seq FROM seq_1_to_500");
  db.Sync();
  TableVerdict bag = db.Verify("bag");
  CHECK(bag.status == VerifyStatus::kEqual);
  CHECK(bag.source_rows == 4);
  CHECK(bag.values_share == 1);
  CHECK(db.Verify("plain").status == VerifyStatus::kEqual);
  db.Run("INSERT INTO bag VALUES (3, 3, 'y')");
  db.Run("UPDATE plain SET v = 0 WHERE id = 4");
  CHECK(db.Verify("bag").status == VerifyStatus::kUndecided);
  TableVerdict plain = db.Verify("plain");
  CHECK(plain.status == VerifyStatus::kUndecided);
  CHECK(plain.changed.keys == Keys{"4 (v)"});
  CHECK(plain.hint == "kura sync plain, then kura verify plain");
  db.Sync();
  CHECK(db.Verify("bag").status == VerifyStatus::kEqual);
  db.Tamper("INSERT INTO raw_t.bag VALUES (1, 0.0, 'x')");
  db.Tamper("DELETE FROM raw_t.plain WHERE id = 400");
  CHECK(db.Verify("bag").status == VerifyStatus::kDiffers);
  plain = db.Verify("plain");
  CHECK(plain.status == VerifyStatus::kDiffers);
  CHECK(plain.missing.keys == Keys{"400"});
  CHECK(db.Repair("bag").status == VerifyStatus::kEqual);
  CHECK(db.Repair("plain").repaired == 1);
}

TEST_CASE("a table that is not what it was is not compared, with the reason") {
  Db db("verify_not");
  db.MakeOrders(100);
  db.Sync();
  db.Tamper("UPDATE _kura.sync_state SET mode = 'append'");
  TableVerdict verdict = db.Verify("orders");
  CHECK(verdict.status == VerifyStatus::kNotVerified);
  CHECK(verdict.note == "a table in mode append is not meant to equal its source");
  db.Tamper("UPDATE _kura.sync_state SET mode = 'incremental'");
  db.Run("ALTER TABLE orders ADD COLUMN tax INT");
  verdict = db.Verify("orders");
  CHECK(verdict.status == VerifyStatus::kNotVerified);
  CHECK(verdict.note == "columns changed");
  CHECK(verdict.hint == "kura sync orders");
  db.Run("DROP TABLE orders");
  const auto report = db.TryVerify();
  REQUIRE(report);
  REQUIRE(report->tables[0].error);
  CHECK(report->tables[0].error->code == Code::kNotFound);
  VerifyOptions options;
  options.tables = {"order"};
  const auto unknown = db.TryVerify(options);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().hint == "did you mean 'orders'?");
  db.source().mysql.port = 1;
  const auto gone = db.TryVerify();
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == Code::kUnavailable);
}

TEST_CASE("columns that are not copied are named") {
  Db db("verify_exclude");
  db.MakeOrders(100);
  db.source().tables["orders"].exclude = {"code"};
  db.Sync();
  db.Run(std::string("UPDATE orders SET code = 'other'") + kBehind);
  const TableVerdict verdict = db.Verify("orders");
  CHECK(verdict.status == VerifyStatus::kEqual);
  CHECK(verdict.not_compared == Keys{"code"});
}

TEST_CASE("a repair removes no more rows than a sync would without a word") {
  Db db("verify_breaker");
  db.MakeOrders(2000);
  db.Sync();
  db.Tamper(
      "INSERT INTO raw_t.orders SELECT id + 10000, code, amount, updated_at "
      "FROM raw_t.orders WHERE id <= 1001");
  TableVerdict verdict = db.Repair("orders");
  CHECK(verdict.status == VerifyStatus::kDiffers);
  REQUIRE(verdict.error);
  CHECK(verdict.error->message.find("1,001 of 2,000 rows") == 0);
  CHECK(db.Here("SELECT count(*) FROM raw_t.orders") == Keys{"3001"});
  VerifyOptions options;
  options.repair = true;
  options.confirm_deletes = true;
  verdict = db.Verify("orders", options);
  CHECK(verdict.status == VerifyStatus::kEqual);
  CHECK(db.Here("SELECT count(*) FROM raw_t.orders") == Keys{"2000"});
}

TEST_CASE("rows that are kept after they vanished are not differences, and new ones are kept") {
  Db db("verify_kept");
  db.MakeOrders(100);
  db.Sync();
  db.Tamper("ALTER TABLE raw_t.orders ADD COLUMN _deleted_at TIMESTAMPTZ");
  db.Tamper(
      "INSERT INTO raw_t.orders SELECT 500, code, amount, updated_at, now() "
      "FROM raw_t.orders WHERE id = 1");
  CHECK(db.Verify("orders").status == VerifyStatus::kEqual);
  db.Tamper(
      "INSERT INTO raw_t.orders SELECT 600, code, amount, updated_at, NULL "
      "FROM raw_t.orders WHERE id = 1");
  db.Tamper("UPDATE raw_t.orders SET amount = 0 WHERE id = 9");
  const TableVerdict verdict = db.Verify("orders");
  CHECK(verdict.extra.keys == Keys{"600"});
  CHECK(verdict.changed.keys == Keys{"9 (amount)"});
  CHECK(db.Repair("orders").status == VerifyStatus::kEqual);
  CHECK(db.Here("SELECT id FROM raw_t.orders WHERE _deleted_at IS NOT NULL ORDER BY id") ==
        Keys{"500", "600"});
  CHECK(db.Here("SELECT count(*), sum(amount) FROM raw_t.orders WHERE _deleted_at IS NULL") ==
        Keys{"100|7575.00"});
}

TEST_CASE("ranges that are cut anew keep what is known of their keys") {
  const std::vector<VerifiedRange> known = {
      {{{}, {"100"}}, 50, 99}, {{{"100"}, {"200"}}, 0, 100}, {{{"200"}, {}}, 70, 400}};
  const std::vector<KeyRange> cut = {
      {{}, {"50"}}, {{"50"}, {"150"}}, {{"150"}, {"200"}}, {{"200"}, {"300"}}, {{"300"}, {}}};
  const auto carried = CarryOver(known, cut);
  REQUIRE(carried.size() == 5);
  CHECK(carried[0].verified_at == 50);
  CHECK(carried[1].verified_at == 0);
  CHECK(carried[2].verified_at == 0);
  CHECK(carried[3].verified_at == 70);
  CHECK(carried[4].verified_at == 70);
  CHECK(OldestFirst(carried) == std::vector<std::size_t>{2, 1, 0, 4, 3});
  const std::vector<VerifiedRange> texts = {{{{}, {"'m'"}}, 9, 5}, {{{"'m'"}, {}}, 8, 5}};
  const auto text = CarryOver(texts, {{{}, {"'m'"}}, {{"'m'"}, {"'t'"}}, {{"'t'"}, {}}});
  CHECK(text[0].verified_at == 9);
  CHECK(text[1].verified_at == 0);
  CHECK(CoverageOf(known, 599).share < 1);
  CHECK(CoverageOf(known, 499).since == 50);
  const auto read = ReadVerifiedRangesJson(VerifiedRangesJson(known));
  REQUIRE(read);
  CHECK((*read)[0].verified_at == 50);
  CHECK((*read)[2].range == known[2].range);
  CHECK_FALSE(ReadVerifiedRangesJson("[1]"));
}

}  // namespace
}  // namespace kura::sync
