// The type table without a server: names of information_schema → warehouse types.
#include "sync/mysql_types.h"

#include <doctest/doctest.h>

namespace kura::sync {
namespace {

std::string Mapped(const std::string& data_type, const std::string& column_type, int precision = 0,
                   int scale = 0) {
  MysqlColumn column;
  column.name = "c";
  column.data_type = data_type;
  column.column_type = column_type;
  column.precision = precision;
  column.scale = scale;
  return sql::TypeName(MapMysqlColumn(column).type);
}

TEST_CASE("integers keep their width and sign") {
  CHECK(Mapped("tinyint", "tinyint(1)") == "TINYINT");
  CHECK(Mapped("tinyint", "tinyint(3) unsigned") == "UTINYINT");
  CHECK(Mapped("smallint", "smallint(5) unsigned zerofill") == "USMALLINT");
  CHECK(Mapped("mediumint", "mediumint(9)") == "INTEGER");
  CHECK(Mapped("int", "int unsigned") == "UINTEGER");
  CHECK(Mapped("bigint", "bigint(20) unsigned") == "UBIGINT");
  CHECK(Mapped("year", "year(4)") == "SMALLINT");
}

TEST_CASE("decimals are exact: beyond 38 digits as text") {
  CHECK(Mapped("decimal", "decimal(12,2)", 12, 2) == "DECIMAL(12,2)");
  CHECK(Mapped("decimal", "decimal(38,10)", 38, 10) == "DECIMAL(38,10)");
  CHECK(Mapped("decimal", "decimal(39,0)", 39, 0) == "VARCHAR");
}

TEST_CASE("bits, times and bytes") {
  CHECK(Mapped("bit", "bit(1)", 1) == "BOOLEAN");
  CHECK(Mapped("bit", "bit(64)", 64) == "UBIGINT");
  CHECK(Mapped("time", "time(6)") == "INTERVAL");
  CHECK(Mapped("datetime", "datetime") == "TIMESTAMP");
  CHECK(Mapped("timestamp", "timestamp(6)") == "TIMESTAMP WITH TIME ZONE");
  CHECK(Mapped("varbinary", "varbinary(10)") == "BLOB");
  CHECK(Mapped("multipolygon", "multipolygon") == "BLOB");
  CHECK(Mapped("inet6", "inet6") == "VARCHAR");
  CHECK(Mapped("set", "set('a','b')") == "VARCHAR");
}

TEST_CASE("a text column without a text character set holds bytes") {
  MysqlColumn column;
  column.data_type = "varchar";
  column.column_type = "varchar(10)";
  column.is_text = false;
  CHECK(MapMysqlColumn(column).type.kind == sql::TypeKind::kBlob);
}

TEST_CASE("a text knows its character set when it is an old one") {
  const auto charset_of = [](const char* data_type, const char* charset) {
    MysqlColumn column;
    column.data_type = column.column_type = data_type;
    column.charset = charset;
    column.is_text = column.charset != "" && column.charset != "binary";
    return MapMysqlColumn(column).charset;
  };
  CHECK(charset_of("varchar", "cp932") == "cp932");
  CHECK(charset_of("enum", "sjis") == "sjis");
  CHECK(charset_of("text", "utf16") == "utf16");
  for (const char* plain : {"utf8mb4", "utf8mb3", "utf8", "ascii", "binary", ""}) {
    CAPTURE(plain);
    CHECK(charset_of("varchar", plain) == "");
  }
  CHECK(charset_of("inet6", "") == "");
}

TEST_CASE("a YEAR of two digits is told from one of four") {
  const sql::Type type{sql::TypeKind::kSmallInt, 0, 0};
  CHECK(DecodeFor(type, "year(2)") == Decode::kShortYear);
  CHECK(DecodeFor(type, "year(4)") == Decode::kInt16);
  CHECK(DecodeFor(type, "year") == Decode::kInt16);
}

TEST_CASE("what a time column means is kept apart") {
  MysqlColumn column;
  column.data_type = column.column_type = "datetime";
  CHECK(MapMysqlColumn(column).clock == ClockKind::kWallClock);
  column.data_type = column.column_type = "timestamp";
  CHECK(MapMysqlColumn(column).clock == ClockKind::kInstant);
}

}  // namespace
}  // namespace kura::sync
