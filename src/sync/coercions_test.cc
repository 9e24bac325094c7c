// What _kura.coercions says after a copy and after deltas that read rows again: how many values of
// the table could not be represented, each once, named by keys that a person can look up.
#include "sync/coercions.h"

#include <doctest/doctest.h>

#include "sync/mysql_reader.h"
#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;
using Lines = std::vector<std::string>;

Lines Recorded(warehouse::Warehouse& warehouse, const std::string& table) {
  return testing::RowsOf(warehouse,
                         "SELECT \"column\", reason, count, sample_keys FROM _kura.coercions "
                         "WHERE \"table\" = '" +
                             table + "' ORDER BY ALL");
}

std::unique_ptr<MysqlConnection> NewDatabase(const std::string& name) {
  TestServer::Get().Create(name);
  auto admin = TestServer::Get().Admin(name);
  TestServer::Run(*admin, "SET time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES'");
  return admin;
}

TEST_CASE("a delta counts each value once, however often it is read") {
  const std::string database = "sync_coercions";
  const auto admin = NewDatabase(database);
  TestServer::Run(*admin,
                  "CREATE TABLE m (id INT PRIMARY KEY, born DATE NULL, joined DATE NOT NULL, "
                  "updated_at DATETIME(6) NOT NULL DEFAULT NOW(6), KEY (updated_at))");
  TestServer::Run(*admin,
                  "INSERT INTO m (id, born, joined) VALUES (1, '0000-00-00', '2024-01-01'), "
                  "(2, '2024-02-30', '0000-00-00'), (3, NULL, '2024-01-01')");
  TestServer::Run(*admin,
                  "INSERT INTO m (id, born, joined) SELECT seq, NULL, '0000-00-00' FROM "
                  "seq_10_to_29");
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  SourceConfig source = testing::SourceOf(database);
  source.datetime_zone = "UTC";
  const auto sync = [&] { return testing::TableOf(testing::MustSync(source, *warehouse), "m"); };
  const Lines copied = {
      "born|invalid_date|1|2", "born|zero_date|1|1", "joined|zero_date|21|2, 10, 11, 12, 13"};
  CHECK(sync().mode == "copy");
  CHECK(Recorded(*warehouse, "m") == copied);
  for (int again = 0; again < 2; ++again) {
    const TableReport report = sync();
    CHECK(report.mode == "delta");
    CHECK(report.coerced == 23);  // this run's, of the rows within the lookback
    CHECK(Recorded(*warehouse, "m") == copied);
  }
  // Repaired, broken in another way, removed, added.
  TestServer::Run(*admin, "UPDATE m SET born = '2000-01-01', updated_at = NOW(6) WHERE id = 1");
  TestServer::Run(*admin, "UPDATE m SET born = '2000-00-01', updated_at = NOW(6) WHERE id = 2");
  TestServer::Run(*admin, "DELETE FROM m WHERE id = 29");
  TestServer::Run(*admin, "INSERT INTO m (id, born, joined) VALUES (30, '0000-00-00', 0)");
  CHECK(sync().mode == "delta");
  CHECK(Recorded(*warehouse, "m") == Lines{"born|partial_date|1|2",
                                           "born|zero_date|1|30",
                                           "joined|zero_date|21|2, 10, 11, 12, 13"});
  TestServer::Run(*admin, "UPDATE m SET born = '2000-01-01', joined = born, updated_at = NOW(6)");
  CHECK(sync().mode == "delta");
  CHECK(Recorded(*warehouse, "m").empty());
}

TEST_CASE("rows are named by composite, binary and time keys, and without a key") {
  const std::string database = "sync_coerced_keys";
  const auto admin = NewDatabase(database);
  TestServer::Run(*admin,
                  "CREATE TABLE composite (shop INT, day DATE, d DATE, PRIMARY KEY (shop, day))");
  TestServer::Run(*admin, "INSERT INTO composite VALUES (7, '2026-11-25', 0), (8, 0, 0)");
  TestServer::Run(*admin, "CREATE TABLE bytes (id BINARY(4) PRIMARY KEY, d DATE)");
  TestServer::Run(*admin, "INSERT INTO bytes VALUES (x'00FF27A0', 0)");
  TestServer::Run(*admin,
                  "CREATE TABLE times (at DATETIME(3), price DECIMAL(6,2), d DATE, "
                  "PRIMARY KEY (at, price))");
  TestServer::Run(*admin, "INSERT INTO times VALUES ('2026-11-25 01:02:03.5', 12.5, 0)");
  TestServer::Run(*admin, "CREATE TABLE keyless (name VARCHAR(20), n INT, d DATE, e DATE)");
  TestServer::Run(*admin, "INSERT INTO keyless VALUES ('secret', 5, 0, '2024-01-01')");
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  (void)testing::MustSync(testing::SourceOf(database), *warehouse);
  CHECK(Recorded(*warehouse, "composite") ==
        Lines{"d|zero_date|2|(7, 2026-11-25), (8, NULL)", "day|zero_date|1|(8, NULL)"});
  CHECK(Recorded(*warehouse, "bytes") == Lines{"d|zero_date|1|0x00FF27A0"});
  CHECK(Recorded(*warehouse, "times") ==
        Lines{"d|zero_date|1|(2026-11-25 01:02:03.500000, 12.50)"});
  CHECK(Recorded(*warehouse, "keyless") == Lines{"d|zero_date|1|n=5, e=2024-01-01"});
}

TEST_CASE("characters that the server would turn into question marks are counted") {
  const std::string database = "sync_coerced_text";
  const auto admin = NewDatabase(database);
  TestServer::Run(*admin,
                  "CREATE TABLE old (id INT PRIMARY KEY, s VARCHAR(20) CHARACTER SET sjis, "
                  "l VARCHAR(20) CHARACTER SET latin1, j VARCHAR(20))");
  // An old application sent the bytes of Windows for sjis, and UTF-8 for latin1.
  TestServer::Run(*admin,
                  "INSERT INTO old VALUES (1, x'93968740', x'E697A5E69CAC', '日本'), "
                  "(2, '当?', 'café', '日本')");
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  (void)testing::MustSync(testing::SourceOf(database), *warehouse);
  CHECK(testing::SourceRows(database, "SELECT s FROM old WHERE id = 1") == Lines{"当?"});
  CHECK(testing::RowsOf(*warehouse, "SELECT s, l, j FROM raw_t.old ORDER BY id") ==
        Lines{"当\xEF\xBF\xBD|æ—¥æœ¬|日本", "当?|café|日本"});
  CHECK(Recorded(*warehouse, "old") == Lines{"l|utf8_in_latin1|1|1", "s|unmapped_character|1|1"});
}

// The reader of a table whose columns are read as another character set than declared.
Result<std::unique_ptr<BatchReader>> ReadAs(MysqlConnection& connection, SourceTable* table,
                                            const std::string& charset) {
  table->name = "old";
  table->columns.resize(1);
  table->columns[0].name = "s";
  table->columns[0].type.kind = sql::TypeKind::kVarchar;
  table->columns[0].charset = "sjis";
  table->columns[0].read_as = charset;
  ReadRequest request;
  request.table = table;
  request.columns = {"s"};
  return OpenMysqlReader(connection, request, "SELECT `s` FROM `old`");
}

TEST_CASE("a column can be read as the character set that was meant") {
  const std::string database = "sync_read_as";
  const auto admin = NewDatabase(database);
  TestServer::Run(*admin, "CREATE TABLE old (s VARCHAR(20) CHARACTER SET sjis)");
  TestServer::Run(*admin, "INSERT INTO old VALUES (x'93968740')");
  SourceTable table;
  const auto reader = ReadAs(*admin, &table, "cp932");
  REQUIRE_MESSAGE(reader.has_value(), reader.error().message);
  warehouse::Batch batch({table.columns[0].type});
  REQUIRE((*reader)->Next(&batch) == true);
  CHECK(batch.columns[0].bytes == "当①");
  CHECK((*reader)->Coerced().empty());
  REQUIRE((*reader)->Next(&batch) == false);
  // Afterwards the session speaks UTF-8 again.
  const auto rows = admin->Query("SELECT s FROM old");
  REQUIRE(rows.has_value());
  CHECK((*rows)[0][0] == "当?");
  const auto unknown = ReadAs(*admin, &table, "klingon");
  REQUIRE(!unknown);
  CHECK(unknown.error().code == Code::kInvalid);
  CHECK(unknown.error().message == "column 's' cannot be read as klingon");
}

TEST_CASE("a column that is no longer in the character set described is a conflict") {
  const std::string database = "sync_read_changed";
  const auto admin = NewDatabase(database);
  TestServer::Run(*admin, "CREATE TABLE old (s VARCHAR(20) CHARACTER SET ujis)");
  SourceTable table;
  const auto reader = ReadAs(*admin, &table, "");
  REQUIRE(!reader);
  CHECK(reader.error().code == Code::kConflict);
  const auto after = admin->Query("SELECT 'あ'");
  REQUIRE(after.has_value());
  CHECK((*after)[0][0] == "あ");
}

}  // namespace
}  // namespace kura::sync
