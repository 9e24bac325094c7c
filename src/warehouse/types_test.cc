// Every type both ways: literals of DuckDB as Values, and batches through the loader and back.
#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <memory>

#include "warehouse/duckdb.h"
#include "warehouse/value_text.h"

namespace kura::warehouse {
namespace {

using sql::Type;
using sql::TypeKind;

std::string Show(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return "NULL";
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number) + "u";
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}d", *number);
  return "'" + std::get<std::string>(value) + "'";
}

// "TYPE value, value, …" of the first column.
std::string Read(Connection& connection, const std::string& sql) {
  const auto stream = connection.Query(sql, {});
  if (!stream) return stream.error().message;
  std::string out = sql::TypeName((*stream)->columns().at(0).type);
  std::vector<Value> row;
  while (true) {
    const Result<bool> more = (*stream)->Next(&row);
    if (!more) return more.error().message;
    if (!*more) return out;
    out += " " + Show(row[0]);
  }
}

struct Database {
  std::unique_ptr<Warehouse> warehouse = *OpenDuckDb({});
  std::unique_ptr<Connection> connection = *warehouse->Connect();

  std::string operator()(const std::string& expression) {
    return Read(*connection, "SELECT " + expression);
  }
};

TEST_CASE("integers keep all their digits") {
  Database read;
  CHECK(read("unnest([-128, 127])::TINYINT") == "TINYINT -128 127");
  CHECK(read("255::UTINYINT") == "UTINYINT 255");
  CHECK(read("(-32768)::SMALLINT") == "SMALLINT -32768");
  CHECK(read("65535::USMALLINT") == "USMALLINT 65535");
  CHECK(read("(-2147483648)::INTEGER") == "INTEGER -2147483648");
  CHECK(read("4294967295::UINTEGER") == "UINTEGER 4294967295");
  CHECK(read("(-9223372036854775808)::BIGINT") == "BIGINT -9223372036854775808");
  CHECK(read("18446744073709551615::UBIGINT") == "UBIGINT 18446744073709551615u");
  CHECK(read("sum(i) FROM range(10) t(i)") == "HUGEINT 45");
  CHECK(read("unnest(['170141183460469231731687303715884105727', "
             "'-170141183460469231731687303715884105728', '-9223372036854775809'])::HUGEINT") ==
        "HUGEINT '170141183460469231731687303715884105727' "
        "'-170141183460469231731687303715884105728' '-9223372036854775809'");
  CHECK(read("340282366920938463463374607431768211455::UHUGEINT") ==
        "HUGEINT '340282366920938463463374607431768211455'");
}

TEST_CASE("decimals are exact text of every width") {
  Database read;
  CHECK(read("unnest([-99.99, 0, 0.01])::DECIMAL(4,2)") == "DECIMAL(4,2) '-99.99' '0.00' '0.01'");
  CHECK(read("(-0.05)::DECIMAL(9,2)") == "DECIMAL(9,2) '-0.05'");
  CHECK(read("'999999999999999.999'::DECIMAL(18,3)") == "DECIMAL(18,3) '999999999999999.999'");
  CHECK(read("'-99999999999999999999999999999999999999'::DECIMAL(38,0)") ==
        "DECIMAL(38,0) '-99999999999999999999999999999999999999'");
  CHECK(read("'0.00000000000000000000000000000000000001'::DECIMAL(38,38)") ==
        "DECIMAL(38,38) '0.00000000000000000000000000000000000001'");
}

TEST_CASE("floating point, booleans and texts") {
  Database read;
  CHECK(read("unnest(['0.1', 'inf', '-inf', 'nan', '-0.0'])::DOUBLE") ==
        "DOUBLE 0.1d infd -infd nand -0d");
  CHECK(read("1.7976931348623157e308::DOUBLE") == "DOUBLE 1.7976931348623157e+308d");
  CHECK(read("0.5::FLOAT") == "FLOAT 0.5d");
  CHECK(read("unnest([true, false, NULL])") == "BOOLEAN true false NULL");
  CHECK(read("unnest(['', 'short', 'a text of more than twelve bytes', '日本語😀'])") ==
        "VARCHAR '' 'short' 'a text of more than twelve bytes' '日本語😀'");
  CHECK(read("'{\"a\": 1}'::JSON") == "JSON '{\"a\": 1}'");
  CHECK(read("'b'::ENUM('a', 'b')") == "VARCHAR 'b'");
  CHECK(read("'\\x00A\\xFF\\x5C'::BLOB") == "BLOB '\\x00A\\xFF\\x5C'");
  CHECK(read("unnest(['00000000-0000-0000-0000-000000000000', "
             "'ffffffff-ffff-4fff-bfff-ffffffffffff'])::UUID") ==
        "UUID '00000000-0000-0000-0000-000000000000' 'ffffffff-ffff-4fff-bfff-ffffffffffff'");
  CHECK(read("NULL").ends_with(" NULL"));
}

TEST_CASE("dates and times") {
  Database read;
  CHECK(read("unnest(['2026-11-24', '1969-12-31', '0001-01-01', '9999-12-31'])::DATE") ==
        "DATE '2026-11-24' '1969-12-31' '0001-01-01' '9999-12-31'");
  CHECK(read("unnest(['infinity', '-infinity'])::DATE") == "DATE 'infinity' '-infinity'");
  CHECK(read("unnest(['00:00:00', '23:59:59.000001'])::TIME") ==
        "TIME '00:00:00' '23:59:59.000001'");
  CHECK(read("'2026-11-24 12:00:00'::TIMESTAMP") == "TIMESTAMP '2026-11-24 12:00:00'");
  CHECK(read("'1969-12-31 23:59:59.999999'::TIMESTAMP") ==
        "TIMESTAMP '1969-12-31 23:59:59.999999'");
  CHECK(read("'infinity'::TIMESTAMP") == "TIMESTAMP 'infinity'");
  CHECK(read("'2026-11-24 12:00:00'::TIMESTAMP_S") == "TIMESTAMP '2026-11-24 12:00:00'");
  CHECK(read("'2026-11-24 12:00:00.001'::TIMESTAMP_MS") ==
        "TIMESTAMP '2026-11-24 12:00:00.001000'");
  CHECK(read("'1969-12-31 23:59:59.999999999'::TIMESTAMP_NS") ==
        "TIMESTAMP '1969-12-31 23:59:59.999999999'");
  CHECK(read("'2026-11-24 12:00:00+09'::TIMESTAMPTZ") ==
        "TIMESTAMP WITH TIME ZONE '2026-11-24 03:00:00Z'");
}

TEST_CASE("values that are only text say what DuckDB says") {
  Database read;
  for (const char* value : {"INTERVAL '1 year 2 months 3 days 04:05:06.5'",
                            "INTERVAL '-838:59:59'",
                            "INTERVAL '0 s'",
                            "INTERVAL '-13 months'",
                            "INTERVAL '1 day'",
                            "INTERVAL '-1 microsecond'",
                            "INTERVAL '-1 day' + INTERVAL '1 hour'",
                            "'\\x00 a''b\"\\x7F'::BLOB",
                            "uuid '0189f7ea-ae2c-7809-8aeb-b819cf5e9e7f'",
                            "[1, 2]",
                            "{'a': 1, 'b': [NULL, 'x']}",
                            "MAP {'k': 1}",
                            "'101'::BIT",
                            "'12:00:00+09'::TIMETZ",
                            "array_value(1, 2)",
                            "'99999999999999999999999999999999999999999999'::BIGNUM"}) {
    CAPTURE(value);
    const std::string own = read(value);
    const std::string cast = read("(" + std::string(value) + ")::VARCHAR");
    CHECK(own.substr(own.find('\'')) == cast.substr(cast.find('\'')));
  }
}

TEST_CASE("a query of nested columns keeps its names and its order") {
  Database database;
  const auto stream = database.connection->Query(
      "SELECT [i] AS list, '; -- ' AS n FROM range(3) t(i) ORDER BY i DESC; -- behind; it", {});
  REQUIRE_MESSAGE(stream, stream.error().message);
  CHECK((*stream)->columns()[0].name == "list");
  CHECK((*stream)->columns()[1].name == "n");
  std::vector<Value> row;
  REQUIRE((*stream)->Next(&row));
  CHECK(Show(row[0]) == "'[2]'");
}

// Builds one column of a batch, value by value.
class ColumnBuilder {
 public:
  explicit ColumnBuilder(const Type& type) { column_.type = type; }

  template <typename T>
  ColumnBuilder& Add(const T& value) {
    const std::size_t size = column_.fixed.size();
    column_.fixed.resize(size + sizeof value);
    std::memcpy(column_.fixed.data() + size, &value, sizeof value);
    column_.valid.push_back(1);
    return *this;
  }
  ColumnBuilder& Text(std::string_view text) {
    column_.bytes += text;
    column_.ends.push_back(static_cast<std::uint32_t>(column_.bytes.size()));
    column_.valid.push_back(1);
    return *this;
  }
  ColumnBuilder& Null() {
    column_.fixed.resize(column_.fixed.size() + WidthBytes(column_.type));
    column_.ends.push_back(static_cast<std::uint32_t>(column_.bytes.size()));
    column_.valid.push_back(0);
    return *this;
  }
  BatchColumn Take() { return std::move(column_); }

 private:
  BatchColumn column_;
};

// Loads one column into a new table and reads it back.
std::string RoundTrip(ColumnBuilder& builder) {
  Database database;
  Batch batch;
  batch.columns.push_back(builder.Take());
  batch.rows = batch.columns[0].valid.size();
  const std::string type = sql::TypeName(batch.columns[0].type);
  CHECK(database.connection->Execute("CREATE TABLE t (c " + type + ")"));
  const auto loader = database.connection->Load("main", "t");
  if (!loader) return loader.error().message;
  if (const Status appended = (*loader)->Append(batch); !appended) return appended.error().message;
  if (const Status finished = (*loader)->Finish(); !finished) return finished.error().message;
  return Read(*database.connection, "SELECT c FROM t");
}

template <typename T>
std::string Extremes(TypeKind kind) {
  ColumnBuilder builder({kind, 0, 0});
  builder.Add(std::numeric_limits<T>::lowest()).Null().Add(std::numeric_limits<T>::max());
  return RoundTrip(builder);
}

TEST_CASE("extremes of the fixed types pass the loader") {
  CHECK(Extremes<std::int8_t>(TypeKind::kTinyInt) == "TINYINT -128 NULL 127");
  CHECK(Extremes<std::int16_t>(TypeKind::kSmallInt) == "SMALLINT -32768 NULL 32767");
  CHECK(Extremes<std::int32_t>(TypeKind::kInteger) == "INTEGER -2147483648 NULL 2147483647");
  CHECK(Extremes<std::int64_t>(TypeKind::kBigInt) ==
        "BIGINT -9223372036854775808 NULL 9223372036854775807");
  CHECK(Extremes<std::uint8_t>(TypeKind::kUTinyInt) == "UTINYINT 0 NULL 255");
  CHECK(Extremes<std::uint16_t>(TypeKind::kUSmallInt) == "USMALLINT 0 NULL 65535");
  CHECK(Extremes<std::uint32_t>(TypeKind::kUInteger) == "UINTEGER 0 NULL 4294967295");
  CHECK(Extremes<std::uint64_t>(TypeKind::kUBigInt) == "UBIGINT 0u NULL 18446744073709551615u");
  CHECK(Extremes<double>(TypeKind::kDouble) ==
        "DOUBLE -1.7976931348623157e+308d NULL 1.7976931348623157e+308d");
  CHECK(Extremes<bool>(TypeKind::kBoolean) == "BOOLEAN false NULL true");
}

TEST_CASE("decimals, times and texts pass the loader") {
  ColumnBuilder narrow({TypeKind::kDecimal, 4, 1});
  CHECK(RoundTrip(narrow.Add(std::int16_t{-9999}).Null()) == "DECIMAL(4,1) '-999.9' NULL");
  ColumnBuilder wide({TypeKind::kDecimal, 38, 10});
  CHECK(RoundTrip(wide.Add(Int128{-123456789012345678} * 1000000)) ==
        "DECIMAL(38,10) '-12345678901234.5678000000'");
  ColumnBuilder instants({TypeKind::kTimestampTz, 0, 0});
  CHECK(RoundTrip(instants.Add(std::int64_t{1})) ==
        "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00.000001Z'");
  ColumnBuilder dates({TypeKind::kDate, 0, 0});
  CHECK(RoundTrip(dates.Add(std::int32_t{-1})) == "DATE '1969-12-31'");
  ColumnBuilder intervals({TypeKind::kInterval, 0, 0});
  CHECK(RoundTrip(intervals.Add(Interval{0, 0, -kMicrosPerHour * 838})) == "INTERVAL '-838:00:00'");
  ColumnBuilder texts({TypeKind::kVarchar, 0, 0});
  CHECK(RoundTrip(texts.Text("").Null().Text(std::string(3000, 'x')).Text("日本")) ==
        "VARCHAR '' NULL '" + std::string(3000, 'x') + "' '日本'");
  ColumnBuilder blobs({TypeKind::kBlob, 0, 0});
  CHECK(RoundTrip(blobs.Text(std::string("\0\xff", 2))) == "BLOB '\\x00\\xFF'");
  ColumnBuilder uuids({TypeKind::kUuid, 0, 0});
  CHECK(RoundTrip(uuids.Text("0189F7EA-ae2c-7809-8aeb-b819cf5e9e7f").Null()) ==
        "UUID '0189f7ea-ae2c-7809-8aeb-b819cf5e9e7f' NULL");
  ColumnBuilder wrong({TypeKind::kUuid, 0, 0});
  CHECK(RoundTrip(wrong.Text("0189")) == "'0189' is not a UUID");
}

TEST_CASE("a loader without Finish leaves nothing; wrong batches are refused") {
  Database database;
  REQUIRE(database.connection->Execute("CREATE TABLE t (c INTEGER)"));
  CHECK_FALSE(database.connection->Load("main", "absent"));
  Batch batch;
  batch.columns.push_back(ColumnBuilder({TypeKind::kInteger, 0, 0}).Add(7).Take());
  batch.rows = 1;
  {
    const auto loader = database.connection->Load("main", "t");
    REQUIRE(loader);
    CHECK((*loader)->Append(batch));
  }
  CHECK(Read(*database.connection, "SELECT c FROM t") == "INTEGER");
  const auto loader = database.connection->Load("main", "t");
  REQUIRE(loader);
  batch.columns[0].type.kind = TypeKind::kDate;
  const Status wrong = (*loader)->Append(batch);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == "column 1 of main.t is INTEGER, the batch has DATE");
  batch.columns[0].type.kind = TypeKind::kInteger;
  batch.rows = 2;
  CHECK_FALSE((*loader)->Append(batch));
}

TEST_CASE("a constraint that rows break is told when they are finished") {
  Database database;
  REQUIRE(database.connection->Execute("CREATE TABLE t (c INTEGER NOT NULL)"));
  Batch batch;
  batch.columns.push_back(ColumnBuilder({TypeKind::kInteger, 0, 0}).Null().Take());
  batch.rows = 1;
  const auto loader = database.connection->Load("main", "t");
  REQUIRE(loader);
  Status status = (*loader)->Append(batch);
  if (status) status = (*loader)->Finish();
  REQUIRE_FALSE(status);
  CHECK(status.error().message.find("NOT NULL constraint failed") != std::string::npos);
}

}  // namespace
}  // namespace kura::warehouse
