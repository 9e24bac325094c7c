// Verification against a real server: equal tables of every kind, each kind of difference found,
// named and repaired, no alarm about what merely changed since, and a comparison that leaves one
// column out is noticed.
#include "sync/verify.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "sync/test_server.h"
#include "sync/verify_ranges.h"

namespace kura::sync {
namespace {

using testing::TestServer;
using Keys = std::vector<std::string>;

constexpr const char* kStamp =
    "updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), "
    "KEY (updated_at)";
// Keeps the stamp as it is: a change that no cursor sees.
constexpr const char* kBehind = ", updated_at = updated_at";

class Db {
 public:
  explicit Db(std::string name) : name_(std::move(name)) {
    TestServer::Get().Create(name_);
    admin_ = TestServer::Get().Admin(name_);
    Run("SET time_zone = '+09:00'");
    warehouse_ = testing::OpenIn(folder_.path());
    source_ = testing::SourceOf(name_);
  }

  void Run(const std::string& sql) { TestServer::Run(*admin_, sql); }
  // `rows` rows with keys from 1 on, stamped hours ago.
  void MakeOrders(int rows) {
    Run(std::string("CREATE TABLE orders (id BIGINT PRIMARY KEY, code VARCHAR(40), "
                    "amount DECIMAL(12,2), ") +
        kStamp + ")");
    Run("INSERT INTO orders SELECT seq, CONCAT('c', seq), seq * 1.5, NOW(6) - INTERVAL 3 HOUR "
        "FROM seq_1_to_" +
        std::to_string(rows));
  }
  void Sync() { testing::MustSync(source_, *warehouse_); }
  void Tamper(const std::string& sql) {
    const auto connection = warehouse_->Connect();
    const Status done = (*connection)->Execute(sql);
    REQUIRE_MESSAGE(done.has_value(), done.error().message);
  }

  Result<VerifyReport> TryVerify(const VerifyOptions& options = {}) {
    return VerifySource(source_, *warehouse_, SystemClock(), options);
  }
  TableVerdict Verify(const std::string& table, VerifyOptions options = {}) {
    options.tables = {table};
    const auto report = TryVerify(options);
    REQUIRE_MESSAGE(report.has_value(), report.error().message);
    REQUIRE(report->tables.size() == 1);
    const TableVerdict& verdict = report->tables[0];
    if (verdict.error) MESSAGE(std::string(verdict.error->message));
    return verdict;
  }
  TableVerdict Repair(const std::string& table) {
    VerifyOptions options;
    options.repair = true;
    return Verify(table, options);
  }
  std::vector<std::string> Here(const std::string& sql) {
    return testing::RowsOf(*warehouse_, sql);
  }

  warehouse::Warehouse& warehouse() { return *warehouse_; }
  SourceConfig& source() { return source_; }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::unique_ptr<MysqlConnection> admin_;
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  SourceConfig source_;
};

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

// A column of each kind, and one value that is near the other but not the same.
struct Hard {
  const char* name;
  const char* type;
  const char* value;     // at the source
  const char* tampered;  // here, in DuckDB's words
};
constexpr Hard kHard[] = {
    {"c_null", "INT", "NULL", "0"},
    {"c_empty", "VARCHAR(20)", "''", "NULL"},
    {"c_emoji", "VARCHAR(20)", "'あ😀'", "'あ😁'"},
    {"c_space", "VARCHAR(20)", "'a'", "'a '"},
    {"c_case", "VARCHAR(20) COLLATE utf8mb4_general_ci", "'a'", "'A'"},
    {"c_big", "BIGINT UNSIGNED", "18446744073709551615", "18446744073709551614"},
    {"c_decimal",
     "DECIMAL(38,10)",
     "1234567890123456789012345678.0000000001",
     "1234567890123456789012345678.0000000002"},
    {"c_double", "DOUBLE", "0.1", "nextafter(0.1::DOUBLE, 1::DOUBLE)"},
    {"c_float", "FLOAT", "16777215", "16777214"},
    {"c_date", "DATE", "'1000-01-01'", "DATE '1000-01-02'"},
    {"c_time", "TIME(6)", "'-838:59:59.000001'", "INTERVAL '-838 hours'"},
    {"c_stamp", "DATETIME(6)", "'2026-01-01 00:00:00.000001'", "TIMESTAMP '2026-01-01 00:00:00'"},
    {"c_bytes", "VARBINARY(9)", "X'00FF27'", "'\\x00\\xFF'::BLOB"},
    {"c_json", "JSON", "'{\"a\":1}'", "'{\"a\":2}'"},
    {"c_enum", "ENUM('x','y')", "'x'", "'y'"},
    {"c_bool", "BOOLEAN", "1", "0"},
    {"c_uuid",
     "UUID",
     "'123e4567-e89b-12d3-a456-426614174000'",
     "'123e4567-e89b-12d3-a456-426614174001'"},
};

void MakeHard(Db& db) {
  std::string columns;
  std::string values;
  for (const Hard& hard : kHard) {
    columns += std::string(", ") + hard.name + " " + hard.type;
    values += std::string(", ") + hard.value;
  }
  db.Run(std::string("CREATE TABLE hard (a INT, b VARCHAR(30), ") + kStamp + columns +
         ", PRIMARY KEY (a, b))");
  for (const char* key : {"1, 'x'", "1, 'it''s あ'", "2, 'x'", "2, ''"}) {
    db.Run(std::string("INSERT INTO hard SELECT ") + key + ", NOW(6) - INTERVAL 2 HOUR" + values);
  }
  db.Sync();
}

TEST_CASE("a value of any type that is nearly the same is a difference in its column") {
  Db db("verify_types");
  MakeHard(db);
  CHECK(db.Verify("hard").status == VerifyStatus::kEqual);
  for (const Hard& hard : kHard) {
    CAPTURE(std::string(hard.name));
    db.Tamper(std::string("UPDATE raw_t.hard SET ") + hard.name + " = " + hard.tampered +
              " WHERE a = 1 AND b = 'it''s あ'");
    const TableVerdict verdict = db.Verify("hard");
    CHECK(verdict.status == VerifyStatus::kDiffers);
    CHECK(verdict.changed.keys == Keys{std::string("(1, it's あ) (") + hard.name + ")"});
    CHECK(verdict.key_name == "(a, b)");
    const TableVerdict repaired = db.Repair("hard");
    CHECK(repaired.status == VerifyStatus::kEqual);
    CHECK(repaired.repaired == 1);
  }
}

// DuckDB does not always write -0.0 over 0.0, which it takes for equal: the row is made anew.
TEST_CASE("a zero with another sign is another value, with a key and without") {
  Db db("verify_zero");
  db.Run(std::string("CREATE TABLE z (id INT PRIMARY KEY, v DOUBLE, f FLOAT, ") + kStamp + ")");
  db.Run(
      "INSERT INTO z SELECT seq, IF(seq = 1, 0, seq), 0, NOW(6) - INTERVAL 2 HOUR FROM seq_1_to_9");
  db.Run("CREATE TABLE bag (v DOUBLE)");
  db.Run("INSERT INTO bag VALUES (0), (5)");
  db.Sync();
  db.Tamper(
      "CREATE TEMP TABLE one AS SELECT * REPLACE ('-0.0'::DOUBLE AS v) FROM raw_t.z WHERE id = 1;"
      "DELETE FROM raw_t.z WHERE id = 1; INSERT INTO raw_t.z SELECT * FROM one;"
      "DELETE FROM raw_t.bag WHERE v = 0; INSERT INTO raw_t.bag VALUES ('-0.0'::DOUBLE)");
  CHECK(db.Here("SELECT v::VARCHAR FROM raw_t.z WHERE id = 1") == Keys{"-0.0"});
  CHECK(db.Verify("z").changed.keys == Keys{"1 (v)"});
  CHECK(db.Repair("z").status == VerifyStatus::kEqual);
  CHECK(db.Here("SELECT v::VARCHAR FROM raw_t.z WHERE id = 1") == Keys{"0.0"});
  const TableVerdict bag = db.Verify("bag");
  CHECK(bag.extra.count == 1);
  CHECK(bag.missing.count == 1);
}

TEST_CASE("a comparison that leaves out a column does not pass the test above") {
  Db db("verify_planted");
  MakeHard(db);
  const Hard& last = kHard[std::size(kHard) - 1];
  db.Tamper(std::string("UPDATE raw_t.hard SET ") + last.name + " = " + last.tampered);
  REQUIRE(setenv("KURA_PLANT", "verify-skips-column", 1) == 0);
  const TableVerdict blind = db.Verify("hard");
  REQUIRE(unsetenv("KURA_PLANT") == 0);
  CHECK(blind.status == VerifyStatus::kEqual);
  CHECK(db.Verify("hard").changed.count == 4);
}

TEST_CASE("keys of every kind") {
  struct Case {
    const char* type;
    const char* values;
    bool repairs = true;
  };
  const Case cases[] = {
      {"VARCHAR(30) COLLATE utf8mb4_bin", "('a'), ('A'), ('it''s \\\\ あ😀'), (''), ('b')"},
      {"VARCHAR(30) COLLATE utf8mb4_general_ci", "('a'), ('B '), ('ä1'), ('z')"},
      {"VARCHAR(30) CHARACTER SET cp932", "('a'), ('髙①'), ('ｱ')"},
      {"BINARY(4)", "('a'), (X'005C27FF'), (X'00')"},
      {"DECIMAL(30,6)", "(1), (-123456789012345678901234.000001), (2.5)"},
      {"DATE", "('2024-01-01'), ('1000-01-01'), ('9999-12-31')"},
      {"DATETIME(6)", "('2024-01-01'), ('9999-12-31 23:59:59.999999'), ('2024-01-01 00:00:00.5')"},
      {"TIMESTAMP(3)", "('2024-01-01'), ('2024-03-10 12:00:00.123'), ('2025-01-01')"},
      {"ENUM('x','y z','w')", "('x'), ('y z'), ('w')"},
      {"UUID", "('123e4567-e89b-12d3-a456-426614174000'), (UUID()), (UUID())"},
      {"BIGINT UNSIGNED", "(0), (18446744073709551615), (9223372036854775808)"},
      {"DOUBLE", "(1), (0.1), (1e300)", false},
  };
  Db db("verify_keys");
  for (const Case& one : cases) {
    CAPTURE(std::string(one.type));
    db.Run("DROP TABLE IF EXISTS t");
    db.Run(std::string("CREATE TABLE t (k ") + one.type + " PRIMARY KEY, v INT, " + kStamp + ")");
    db.Run(std::string("INSERT INTO t (k) VALUES ") + one.values);
    db.Run("UPDATE t SET v = 1, updated_at = NOW(6) - INTERVAL 2 HOUR");
    SyncOptions full;
    full.full = true;
    testing::MustSync(db.source(), db.warehouse(), full);
    VerifyOptions options;
    options.range_rows = 2;
    CHECK(db.Verify("t", options).status == VerifyStatus::kEqual);
    db.Tamper("UPDATE raw_t.t SET v = 2 WHERE k = (SELECT max(k) FROM raw_t.t)");
    db.Tamper("DELETE FROM raw_t.t WHERE k = (SELECT min(k) FROM raw_t.t)");
    const TableVerdict verdict = db.Verify("t", options);
    CHECK(verdict.missing.count == 1);
    CHECK(verdict.changed.count == 1);
    options.repair = true;
    const TableVerdict repaired = db.Verify("t", options);
    CHECK(repaired.error.has_value() != one.repairs);
    CHECK((repaired.status == VerifyStatus::kEqual) == one.repairs);
    if (!one.repairs) CHECK(repaired.error->hint == "copy it whole:  kura sync t --full");
  }
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
  db.Run("ALTER TABLE orders ADD COLUMN tax INT");
  TableVerdict verdict = db.Verify("orders");
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
