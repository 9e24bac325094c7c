// Verification of values and keys of every type against a real server, and proof that a comparison
// that leaves one column out would be noticed.
#include <doctest/doctest.h>

#include <cstdlib>

#include "sync/verify_db_for_test.h"

namespace kura::sync {
namespace {

using Db = testing::VerifyDb;
using testing::Keys;
using testing::kStamp;

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

}  // namespace
}  // namespace kura::sync
