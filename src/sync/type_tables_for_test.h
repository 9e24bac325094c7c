// sync/type_tables_for_test.h: all types, tables made of them, and the comparison of the warehouse
// with the server's own text, cell by cell.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "sync/test_server.h"
#include "sync/type_specs_for_test.h"

namespace kura::sync::testing {

inline std::vector<TypeSpec> NumberSpecs() {
  std::vector<TypeSpec> specs;
  const std::pair<const char*, int> kIntegers[] = {
      {"TINYINT", 8}, {"SMALLINT", 16}, {"MEDIUMINT", 24}, {"INT", 32}, {"BIGINT", 64}};
  for (const auto& [name, bits] : kIntegers) {
    specs.push_back(IntegerSpec(name, bits, false));
    specs.push_back(IntegerSpec(name, bits, true));
  }
  specs.push_back(IntegerSpec("TINYINT(1)", 8, false));
  specs.push_back(IntegerSpec("INT(8) ZEROFILL", 32, true));
  specs.back().declared = "INT(8) ZEROFILL";
  specs.back().source = "CAST($ + 0 AS CHAR)";
  for (const int bits : {1, 7, 8, 9, 33, 64}) specs.push_back(BitSpec(bits));
  specs.push_back(ChoiceSpec("YEAR", {"2026", "1901", "2155", "0", "1970"}));
  specs.back().source = "CAST($ + 0 AS CHAR)";
  specs.back().warehouse = "CAST($ AS VARCHAR)";
  specs.back().wrong = "CASE WHEN $ = 0 THEN 1 ELSE 0 END";
  const std::pair<std::size_t, std::size_t> kDecimals[] = {{1, 0},
                                                           {1, 1},
                                                           {4, 2},
                                                           {5, 5},
                                                           {9, 0},
                                                           {9, 9},
                                                           {10, 2},
                                                           {18, 6},
                                                           {18, 18},
                                                           {19, 0},
                                                           {30, 6},
                                                           {38, 0},
                                                           {38, 38},
                                                           {38, 19},
                                                           {39, 0},
                                                           {40, 10},
                                                           {65, 30},
                                                           {65, 0}};
  for (const auto& [precision, scale] : kDecimals) specs.push_back(DecimalSpec(precision, scale));
  specs.push_back(DecimalSpec(12, 3, " UNSIGNED ZEROFILL"));
  specs.push_back(FloatSpec("FLOAT", {"16777215", "123456.789", "-1.5", "3.4028234e38", "1e-45"}));
  specs.push_back(FloatSpec("DOUBLE", {"0.1", "-1e-3", "1.7976931348623157e308", "5e-324", "0"}));
  specs.push_back(FloatSpec("FLOAT(10,3)", {"1234567.891", "-0.001", "0"}));
  return specs;
}

inline std::vector<TypeSpec> TimeSpecs() {
  std::vector<TypeSpec> specs = {DateSpec()};
  for (const std::uint64_t digits : std::vector<std::uint64_t>{0, 3, 6}) {
    specs.push_back(DateTimeSpec(digits));
    specs.push_back(TimestampSpec(digits));
    specs.push_back(TimeSpec(digits));
  }
  return specs;
}

inline std::vector<TypeSpec> TextSpecs() {
  const std::vector<std::string> plain = {
      "a", "Z", " ", "''", "\"", "\\\\", "\\0", "\\n", "\\r", "\\t", "|", "%", "{", "\\Z", "N"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), plain.begin(), plain.end());
    return more;
  };
  const auto any = with({"é", "日", "本", "𠮟", "🍣", "か\u3099", "ﾊ", "\u200D", "ß", "\uFEFF"});
  const auto japanese = with({"日", "本", "あ", "ア", "ｱ", "表", "ソ"});
  std::vector<TypeSpec> specs = {
      TextSpec("VARCHAR(80)", any),
      TextSpec("CHAR(80)", any),
      TextSpec("LONGTEXT", any),
      TextSpec("TINYTEXT COLLATE utf8mb4_bin", any),
      TextSpec("VARCHAR(80) COMPRESSED", any),
      TextSpec("VARCHAR(80) CHARACTER SET utf16", any),
      TextSpec("TEXT CHARACTER SET utf32", any),
      TextSpec("VARCHAR(80) CHARACTER SET utf16le", any),
      TextSpec("CHAR(80) CHARACTER SET ucs2", japanese),
      TextSpec("VARCHAR(80) CHARACTER SET utf8mb3", japanese),
      TextSpec("VARCHAR(80) CHARACTER SET ascii", plain),
      TextSpec("VARCHAR(80) CHARACTER SET latin1", with({"é", "ß", "€", "ÿ", "ñ"})),
      TextSpec("VARCHAR(80) CHARACTER SET cp1251", with({"Ж", "я", "№"})),
      TextSpec("TEXT CHARACTER SET euckr", with({"한", "글"})),
      TextSpec("VARCHAR(80) CHARACTER SET gbk", with({"中", "文"})),
      TextSpec("VARCHAR(80) CHARACTER SET big5", with({"中", "文"})),
      TextSpec("CHAR(40) CHARACTER SET tis620", with({"ก", "ข"}))};
  for (const char* charset : {"cp932", "eucjpms"}) {
    std::vector<std::string> alphabet = japanese;
    alphabet.insert(alphabet.end(), {"①", "髙", "～", "－", "∥", "㈱"});
    specs.push_back(TextSpec(std::string("VARCHAR(80) CHARACTER SET ") + charset, alphabet));
  }
  for (const char* charset : {"sjis", "ujis"}) {
    std::vector<std::string> alphabet = japanese;
    alphabet.insert(alphabet.end(), {"〜", "−", "‖", "¢"});
    specs.push_back(TextSpec(std::string("TEXT CHARACTER SET ") + charset, alphabet));
  }
  return specs;
}

inline std::vector<TypeSpec> OtherSpecs() {
  const std::vector<std::string> labels = {"'food'", "'日用品'", "'it''s'", "'none of these'", "0"};
  std::vector<TypeSpec> specs = {
      ChoiceSpec("ENUM('food','日用品','it''s')", labels),
      ChoiceSpec("ENUM('food','日用品','it''s') CHARACTER SET cp932", labels),
      ChoiceSpec("SET('a','b','日')", {"'a,日'", "''", "'b,a'", "7"}),
      ChoiceSpec("SET('a','b','日') CHARACTER SET ujis", {"'a,日'", "''", "7"}),
      ChoiceSpec("JSON", {"'{\"a\": [1, 2.50, \"あ\"]}'", "'null'", "'1e300'", "'\"\\\\u3042\"'"}),
      ChoiceSpec("UUID",
                 {"'123e4567-e89b-12d3-a456-426614174000'",
                  "'00000000-0000-0000-0000-000000000000'",
                  "'ffffffff-ffff-ffff-ffff-ffffffffffff'"}),
      ChoiceSpec("INET6", {"'2001:db8::1'", "'::'", "'::ffff:192.0.2.1'"}),
      ChoiceSpec("INET4", {"'255.255.255.255'", "'0.0.0.0'", "'192.168.0.1'"}),
      BytesSpec("BINARY(16)", 16),
      BytesSpec("VARBINARY(40)", 40),
      BytesSpec("BLOB", 300),
      BytesSpec("LONGBLOB", 70'000),
      BytesSpec("VARCHAR(40) CHARACTER SET binary", 40),
      GeometrySpec("POINT", "POINT(35.6 39.7)"),
      GeometrySpec("GEOMETRY", "LINESTRING(0 0,1 1,2 4)"),
      GeometrySpec("MULTIPOLYGON", "MULTIPOLYGON(((0 0,0 3,3 3,3 0,0 0)))"),
      GeometrySpec("GEOMETRYCOLLECTION", "GEOMETRYCOLLECTION(POINT(1 1),POINT(2 2))")};
  specs[5].warehouse = "hex(encode(CAST($ AS VARCHAR)))";
  specs[5].wrong = "CAST('123e4567-e89b-12d3-a456-426614174001' AS UUID)";
  return specs;
}

inline std::vector<TypeSpec> AllSpecs() {
  std::vector<TypeSpec> all = NumberSpecs();
  for (const auto& more : {TimeSpecs(), TextSpecs(), OtherSpecs()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

inline std::vector<TypeSpec> MysqlSpecs() {
  std::vector<TypeSpec> specs = {
      TextSpec("VARCHAR(80) CHARACTER SET gb18030", {"中", "é", "𠮟", "🍣", "a"}),
      BytesSpec("VECTOR(3)", 1)};
  specs[1].edges = {"STRING_TO_VECTOR('[1,-2.5,3e-5]')"};
  specs[1].literal = [](Random& random) {
    return fmt::format("STRING_TO_VECTOR('[{},1,0.1]')", Below(random, 1000));
  };
  return specs;
}

/// The types that this server has; all of AllSpecs when it is MariaDB.
inline std::vector<TypeSpec> KnownSpecs(MysqlConnection& admin) {
  std::vector<TypeSpec> known;
  std::string unknown;
  std::vector<TypeSpec> all = AllSpecs();
  if (!admin.is_mariadb()) {
    for (const TypeSpec& spec : MysqlSpecs()) all.push_back(spec);
  }
  for (const TypeSpec& spec : all) {
    if (admin.Execute("CREATE TABLE probe (c " + spec.declared + ")")) {
      TestServer::Run(admin, "DROP TABLE probe");
      known.push_back(spec);
    } else {
      unknown += " " + spec.declared;
    }
  }
  if (admin.is_mariadb()) CHECK(unknown == "");
  if (!unknown.empty()) MESSAGE(admin.server_version() << " has no" << unknown);
  return known;
}

/// A table of columns c0, c1, … and a number per row, `row_no`.
struct TypeTable {
  std::string name;
  std::vector<TypeSpec> columns;
  std::string key;                             // "PRIMARY KEY (row_no)" or another; "" none
  std::vector<std::vector<std::string>> rows;  // literals
  std::vector<bool> not_null;
};

inline std::string In(const std::string& expression, std::size_t column) {
  return ReplaceAll(expression, "$", fmt::format("c{}", column));
}

inline void CreateTable(MysqlConnection& admin, const TypeTable& table) {
  std::string sql = "CREATE TABLE " + table.name + " (row_no INT NOT NULL";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const bool not_null = i < table.not_null.size() && table.not_null[i];
    const std::string declared = table.columns[i].declared;
    sql += fmt::format(", c{} {}", i, declared);
    if (declared.find(" NULL") == std::string::npos) sql += not_null ? " NOT NULL" : " NULL";
  }
  TestServer::Run(admin, sql + (table.key.empty() ? ")" : ", " + table.key + ")"));
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::string values = Join(table.rows[row], ", ");
    TestServer::Run(
        admin, fmt::format("INSERT IGNORE INTO {} VALUES ({}, {})", table.name, row + 1, values));
  }
}

/// Why the server's date is none for the warehouse, as an expression of MariaDB; NULL when it is.
inline std::string DateReason(std::size_t column) {
  const std::string text = fmt::format("CAST(c{} AS CHAR)", column);
  return "CASE WHEN LEFT(" + text + ", 10) = '0000-00-00' THEN 'zero_date' WHEN LEFT(" + text +
         ", 4) = '0000' OR SUBSTR(" + text + ", 6, 2) = '00' OR SUBSTR(" + text +
         ", 9, 2) = '00' THEN 'partial_date' WHEN SUBSTR(" + text +
         ", 9, 2) > DAY(LAST_DAY(CONCAT(LEFT(" + text + ", 7), '-01'))) THEN 'invalid_date' END";
}

using Cells = std::vector<std::vector<std::string>>;

inline Cells CellsOf(const std::vector<std::string>& lines) {
  Cells cells;
  for (const std::string& line : lines) {
    std::vector<std::string> row;
    for (const std::string_view cell : Split(line, '|')) row.emplace_back(cell);
    cells.push_back(std::move(row));
  }
  return cells;
}

inline bool SameCell(const TypeSpec& spec, const std::string& a, const std::string& b) {
  if (a == b || !spec.is_number || a == "NULL" || b == "NULL") return a == b;
  return std::strtod(a.c_str(), nullptr) == std::strtod(b.c_str(), nullptr);
}

/// What differs between the server and the warehouse: "t1 row 3 c2 DECIMAL(4,2): 1.00, not 1.01".
inline std::vector<std::string> Differences(const std::string& database, const TypeTable& table,
                                            warehouse::Warehouse& warehouse) {
  std::vector<std::string> theirs = {"row_no"};
  std::vector<std::string> ours = {"row_no"};
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TypeSpec& spec = table.columns[i];
    const std::string text = In(spec.source, i);
    theirs.push_back(spec.is_date ? "IF(" + DateReason(i) + " IS NULL, " + text + ", NULL)" : text);
    ours.push_back(In(spec.warehouse, i));
  }
  const Cells expected = CellsOf(SourceRows(
      database, "SELECT " + Join(theirs, ", ") + " FROM " + table.name + " ORDER BY row_no"));
  const Cells actual = CellsOf(RowsOf(
      warehouse, "SELECT " + Join(ours, ", ") + " FROM raw_t." + table.name + " ORDER BY row_no"));
  std::vector<std::string> differences;
  if (expected.size() != actual.size()) {
    return {fmt::format("{}: {} rows, not {}", table.name, actual.size(), expected.size())};
  }
  for (std::size_t row = 0; row < expected.size(); ++row) {
    REQUIRE(expected[row].size() == table.columns.size() + 1);
    REQUIRE(actual[row].size() == table.columns.size() + 1);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const std::string& want = expected[row][i + 1];
      const std::string& have = actual[row][i + 1];
      if (SameCell(table.columns[i], want, have)) continue;
      differences.push_back(fmt::format("{} row {} c{} {}: {}, not {}",
                                        table.name,
                                        expected[row][0],
                                        i,
                                        table.columns[i].declared,
                                        have.substr(0, 200),
                                        want.substr(0, 200)));
    }
  }
  return differences;
}

/// The values that are no dates, as the server counts them and as _kura.coercions does:
/// "c2|zero_date|3".
inline std::pair<std::string, std::string> CoercionsOf(const std::string& database,
                                                       const TypeTable& table,
                                                       warehouse::Warehouse& warehouse) {
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!table.columns[i].is_date) continue;
    const auto counts = SourceRows(
        database,
        fmt::format("SELECT 'c{}', {} AS reason, COUNT(*) FROM {} GROUP BY reason HAVING reason "
                    "IS NOT NULL",
                    i,
                    DateReason(i),
                    table.name));
    expected.insert(expected.end(), counts.begin(), counts.end());
  }
  std::vector<std::string> actual =
      RowsOf(warehouse,
             "SELECT \"column\", reason, count FROM _kura.coercions WHERE \"table\" = '" +
                 table.name + "'");
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  return {Join(expected, "\n"), Join(actual, "\n")};
}

}  // namespace kura::sync::testing
