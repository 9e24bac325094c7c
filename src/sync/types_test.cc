// Every type of MariaDB, at its edges, through a whole sync: the warehouse's value must read as the
// server's own text of it.
#include <doctest/doctest.h>

#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

constexpr const char* kChar = "CAST(c AS CHAR)";
constexpr const char* kVarchar = "CAST(c AS VARCHAR)";

// A column, values as MariaDB literals, and how both sides print a value so that they can be equal.
struct TypeCase {
  std::string declared;
  std::vector<std::string> values;
  std::string type;
  std::string source = kChar;
  std::string warehouse = kVarchar;
};

std::vector<TypeCase> Integers() {
  return {
      {"TINYINT(1)", {"-128", "0", "1", "2", "127"}, "TINYINT"},
      {"TINYINT UNSIGNED", {"0", "255"}, "UTINYINT"},
      {"SMALLINT", {"-32768", "32767"}, "SMALLINT"},
      {"SMALLINT UNSIGNED", {"65535"}, "USMALLINT"},
      {"MEDIUMINT", {"-8388608", "8388607"}, "INTEGER"},
      {"MEDIUMINT UNSIGNED", {"16777215"}, "UINTEGER"},
      {"INT", {"-2147483648", "2147483647"}, "INTEGER"},
      {"INT UNSIGNED", {"4294967295"}, "UINTEGER"},
      {"INT(8) ZEROFILL", {"42"}, "UINTEGER", "CAST(c + 0 AS CHAR)"},
      {"BIGINT", {"-9223372036854775808", "9223372036854775807"}, "BIGINT"},
      {"BIGINT UNSIGNED", {"0", "9223372036854775808", "18446744073709551615"}, "UBIGINT"},
      {"BIT(1)", {"b'0'", "b'1'"}, "BOOLEAN", "CASE c WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"},
      {"BIT(8)", {"b'10000001'", "b'0'"}, "UBIGINT", "CAST(c + 0 AS CHAR)"},
      {"BIT(64)", {"18446744073709551615"}, "UBIGINT", "CAST(c + 0 AS CHAR)"},
      {"YEAR", {"2026", "1901", "0"}, "SMALLINT", "CAST(c + 0 AS CHAR)"}};
}

std::vector<TypeCase> Fractions() {
  return {{"DECIMAL(4,2)", {"-99.99", "0", "0.01", "99.99"}, "DECIMAL(4,2)"},
          {"DECIMAL(9,0)", {"-999999999", "999999999"}, "DECIMAL(9,0)"},
          {"DECIMAL(12,2)", {"-9999999999.99", "-0.01", "1234567.80"}, "DECIMAL(12,2)"},
          {"DECIMAL(18,6)", {"999999999999.999999", "-0.000001"}, "DECIMAL(18,6)"},
          {"DECIMAL(30,6)", {"123456789012345678901234.567890", "-0.000001"}, "DECIMAL(30,6)"},
          {"DECIMAL(38,0)", {"-99999999999999999999999999999999999999"}, "DECIMAL(38,0)"},
          {"DECIMAL(65,30)",
           {"-12345678901234567890123456789012345.123456789012345678901234567890"},
           "VARCHAR"},
          // As an exact whole number, since both sides print floating point in their own way.
          {"FLOAT",
           {"16777215", "123456.789", "-1.5"},
           "FLOAT",
           "CAST(CAST(CAST(c AS DOUBLE) * 1048576 AS DECIMAL(40,0)) AS CHAR)",
           "CAST(CAST(CAST(c AS DOUBLE) * 1048576 AS HUGEINT) AS VARCHAR)"},
          {"DOUBLE",
           {"900719925474099", "0.1", "-1e-3", "1.7976931348623157e308"},
           "DOUBLE",
           kChar,
           "regexp_replace(CAST(c AS VARCHAR), '(\\.0$)|\\+', '')"}};
}

std::vector<TypeCase> Times() {
  const std::string seconds = "CAST(CAST(TIME_TO_SEC(c) * 1000000 AS DECIMAL(30,0)) AS CHAR)";
  const std::string micros = "CAST(CAST(epoch_us(c) AS BIGINT) AS VARCHAR)";
  return {{"DATE",
           {"'0001-01-01'", "'1000-01-01'", "'2024-02-29'", "'9999-12-31'"},
           "DATE",
           kChar,
           "strftime(c, '%Y-%m-%d')"},
          {"TIME",
           {"'838:59:59'", "'-838:59:59'", "'-00:00:01'", "'0:0'"},
           "INTERVAL",
           seconds,
           micros},
          {"TIME(6)",
           {"'12:34:56.789012'", "'-01:02:03.000004'", "'-00:00:00.5'", "'25:00:00.000001'"},
           "INTERVAL",
           seconds,
           micros},
          {"DATETIME",
           {"'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'"},
           "TIMESTAMP",
           kChar,
           "strftime(c, '%Y-%m-%d %H:%M:%S')"},
          {"DATETIME(6)",
           {"'2026-11-25 04:34:10.123456'", "'1969-12-31 23:59:59.999999'"},
           "TIMESTAMP",
           kChar,
           "strftime(c, '%Y-%m-%d %H:%M:%S.%f')"},
          {"TIMESTAMP(6) NULL",
           {"'1970-01-01 00:00:01.000000'", "'2038-01-19 03:14:07.999999'"},
           "TIMESTAMP WITH TIME ZONE",
           kChar,
           "strftime(make_timestamp(epoch_us(c)), '%Y-%m-%d %H:%M:%S.%f')"}};
}

std::vector<TypeCase> Texts() {
  const std::string source_hex = "HEX(c)";
  const std::string text_hex = "hex(encode(c))";
  const std::string blob_hex = "hex(c)";
  return {{"VARCHAR(50)",
           {"''", "'\\\\N'", "'日本語 𠮟る 🍣'", "'a\\r\\nb'", "'quote '' \"'", "'  pad  '"},
           "VARCHAR",
           source_hex,
           text_hex},
          {"CHAR(10)", {"'ab'", "''"}, "VARCHAR", source_hex, text_hex},
          {"VARCHAR(20) CHARACTER SET cp932",
           {"_cp932 x'8160817C81618740FBFC'"},
           "VARCHAR",
           "HEX(CONVERT(c USING utf8mb4))",
           text_hex},
          {"VARCHAR(20) CHARACTER SET latin1",
           {"'café'"},
           "VARCHAR",
           "HEX(CONVERT(c USING utf8mb4))",
           text_hex},
          {"LONGTEXT", {"REPEAT('あ', 100000)", "'x'"}, "VARCHAR", source_hex, text_hex},
          {"ENUM('food','日用品','it''s')",
           {"'food'", "'日用品'", "'it''s'"},
           "VARCHAR",
           source_hex,
           text_hex},
          {"SET('a','b','c')", {"'a,c'", "''"}, "VARCHAR", source_hex, text_hex},
          {"JSON", {"'{\"a\": [1, 2.50, \"あ\"]}'", "'null'"}, "JSON", source_hex, text_hex},
          {"BINARY(4)", {"x'0102'", "x'00000000'"}, "BLOB", source_hex, blob_hex},
          {"VARBINARY(10)", {"x'00FF00'", "''"}, "BLOB", source_hex, blob_hex},
          {"BLOB", {"x'80818283FF'"}, "BLOB", source_hex, blob_hex},
          {"VARCHAR(10) CHARACTER SET binary", {"x'FF00'"}, "BLOB", source_hex, blob_hex},
          {"POINT", {"ST_GeomFromText('POINT(139.7 35.6)', 4326)"}, "BLOB", source_hex, blob_hex},
          {"UUID", {"'123e4567-e89b-12d3-a456-426614174000'"}, "UUID"},
          {"INET6", {"'2001:db8::1'"}, "VARCHAR"}};
}

std::vector<TypeCase> All() {
  std::vector<TypeCase> all = Integers();
  for (const auto& more : {Fractions(), Times(), Texts()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

void Fill(MysqlConnection& admin, const std::string& table, const TypeCase& type) {
  TestServer::Run(admin,
                  "CREATE TABLE " + table + " (id INT PRIMARY KEY, c " + type.declared + ")");
  for (std::size_t i = 0; i < type.values.size(); ++i) {
    TestServer::Run(admin,
                    fmt::format("INSERT INTO {} VALUES ({}, {})", table, i + 1, type.values[i]));
  }
  const bool nullable = type.declared != "BIT(1) NOT NULL";
  if (nullable) TestServer::Run(admin, "INSERT INTO " + table + " VALUES (1000, NULL)");
}

TEST_CASE("every type arrives exactly") {
  TestServer& server = TestServer::Get();
  server.Create("sync_types");
  const auto admin = server.Admin("sync_types");
  TestServer::Run(*admin, "SET time_zone = '+00:00', NAMES utf8mb4");
  TestServer::Run(*admin, "SET sql_mode = 'STRICT_ALL_TABLES'");
  const std::vector<TypeCase> all = All();
  for (std::size_t i = 0; i < all.size(); ++i) Fill(*admin, fmt::format("t{}", i), all[i]);
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  const SyncReport report = testing::MustSync(testing::SourceOf("sync_types"), *warehouse);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string table = fmt::format("t{}", i);
    CAPTURE(all[i].declared);
    CHECK(testing::TableOf(report, table).coerced == 0);
    CHECK(testing::RowsOf(*warehouse, "SELECT typeof(c) FROM raw_t." + table + " LIMIT 1") ==
          std::vector<std::string>{all[i].type});
    const auto actual = testing::RowsOf(
        *warehouse, "SELECT id, " + all[i].warehouse + " FROM raw_t." + table + " ORDER BY id");
    const auto expected = testing::SourceRows(
        "sync_types", "SELECT id, " + all[i].source + " FROM " + table + " ORDER BY id");
    CHECK(Join(actual, "\n") == Join(expected, "\n"));
  }
}

TEST_CASE("values that cannot be represented are NULL, counted, and named by their keys") {
  TestServer& server = TestServer::Get();
  server.Create("sync_coerced");
  const auto admin = server.Admin("sync_coerced");
  TestServer::Run(*admin, "SET sql_mode = 'ALLOW_INVALID_DATES'");
  TestServer::Run(*admin,
                  "CREATE TABLE members (id INT PRIMARY KEY, born DATE NOT NULL, "
                  "joined DATETIME NOT NULL, seen TIMESTAMP NOT NULL DEFAULT 0)");
  TestServer::Run(*admin,
                  "INSERT INTO members VALUES (1, '0000-00-00', '0000-00-00', 0), "
                  "(2, '2024-00-00', '2024-05-00 10:00:00', '2026-01-01'), "
                  "(3, '2024-02-30', '2024-02-29', '2026-01-01'), "
                  "(4, '0000-00-00', '2024-02-29', '2026-01-01')");
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  const SyncReport report = testing::MustSync(testing::SourceOf("sync_coerced"), *warehouse);
  CHECK(testing::TableOf(report, "members").coerced == 7);
  CHECK(testing::RowsOf(*warehouse, "SELECT id, born FROM raw_t.members ORDER BY id") ==
        std::vector<std::string>{"1|NULL", "2|NULL", "3|NULL", "4|NULL"});
  CHECK(testing::RowsOf(*warehouse,
                        "SELECT \"column\", reason, count, sample_keys FROM _kura.coercions "
                        "ORDER BY ALL") == std::vector<std::string>{"born|invalid_date|1|3",
                                                                    "born|partial_date|1|2",
                                                                    "born|zero_date|2|1, 4",
                                                                    "joined|partial_date|1|2",
                                                                    "joined|zero_date|1|1",
                                                                    "seen|zero_date|1|1"});
}

TEST_CASE("generated, invisible and compressed columns, versioned tables and odd names") {
  TestServer& server = TestServer::Get();
  server.Create("sync_odd");
  const auto admin = server.Admin("sync_odd");
  TestServer::Run(*admin,
                  "CREATE TABLE computed (id INT PRIMARY KEY, a INT, stored INT AS (a * 2) STORED, "
                  "live VARCHAR(9) AS (CONCAT('n', a)) VIRTUAL, hidden INT INVISIBLE DEFAULT 7, "
                  "`日 \"x\" ``y``` INT, `select` YEAR(2))");
  TestServer::Run(*admin,
                  "INSERT INTO computed (id, a, `日 \"x\" ``y```, `select`) VALUES "
                  "(1, 3, 4, 1999), (2, NULL, 5, 2069)");
  TestServer::Run(*admin,
                  "CREATE TABLE versioned (id INT PRIMARY KEY, a INT) WITH SYSTEM VERSIONING");
  TestServer::Run(*admin, "INSERT INTO versioned VALUES (1, 1), (2, 2)");
  TestServer::Run(*admin, "UPDATE versioned SET a = 9 WHERE id = 1");
  TestServer::Run(*admin, "DELETE FROM versioned WHERE id = 2");
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  const SyncReport report = testing::MustSync(testing::SourceOf("sync_odd"), *warehouse);
  (void)testing::TableOf(report, "computed");
  CHECK(testing::RowsOf(*warehouse,
                        "SELECT id, a, stored, live, hidden, \"日 \"\"x\"\" `y`\", \"select\" "
                        "FROM raw_t.computed ORDER BY id") ==
        std::vector<std::string>{"1|3|6|n3|7|4|1999", "2|NULL|NULL|NULL|7|5|2069"});
  (void)testing::TableOf(report, "versioned");
  CHECK(testing::RowsOf(*warehouse, "SELECT id, a FROM raw_t.versioned") ==
        std::vector<std::string>{"1|9"});
}

TEST_CASE("a row of several packets, and a batch that ends by its size") {
  TestServer& server = TestServer::Get();
  server.Create("sync_large");
  const auto admin = server.Admin("sync_large");
  // 16 MB less one byte is where the protocol begins to split; the server takes no more than that.
  TestServer::Run(*admin, "CREATE TABLE large (id INT PRIMARY KEY, a LONGTEXT, b LONGBLOB)");
  TestServer::Run(*admin,
                  "INSERT INTO large VALUES (1, REPEAT('あ', 4000000), REPEAT('b', 9000000))");
  TestServer::Run(*admin,
                  "INSERT INTO large SELECT seq, REPEAT('c', 1000000), 'd' FROM seq_2_to_9");
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  const SyncReport report = testing::MustSync(testing::SourceOf("sync_large"), *warehouse);
  (void)testing::TableOf(report, "large");
  const std::string ours = "SELECT id, md5(a), md5(b) FROM raw_t.large ORDER BY id";
  CHECK(testing::RowsOf(*warehouse, ours) ==
        testing::SourceRows("sync_large", "SELECT id, MD5(a), MD5(b) FROM large ORDER BY id"));
}

}  // namespace
}  // namespace kura::sync
