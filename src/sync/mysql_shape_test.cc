// What a real server says of its keys, values, clocks and accounts.
#include "sync/mysql_shape.h"

#include "sync/mysql_sample.h"
#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

const TableShape& TableNamed(const SchemaShape& schema, const std::string& name) {
  for (const TableShape& shape : schema.tables) {
    if (shape.table.name == name) return shape;
  }
  FAIL("no table " << name);
  return schema.tables.front();
}

void Fill(const std::string& database, const std::vector<std::string>& statements) {
  TestServer& server = TestServer::Get();
  server.Create(database);
  const auto admin = server.Admin(database);
  for (const std::string& sql : statements) TestServer::Run(*admin, sql);
}

}  // namespace

TEST_CASE("keys, values and references") {
  Fill("shape_keys",
       {"CREATE TABLE p (a INT, b INT, code CHAR(3) NOT NULL, maybe INT NULL, "
        "PRIMARY KEY (a, b), UNIQUE (code), UNIQUE (maybe), UNIQUE (code(2), a))",
        "CREATE TABLE c (id INT PRIMARY KEY, pa INT, pb INT, p_id INT, "
        "state ENUM('x','y'), secret VARBINARY(9), note TEXT, "
        "FOREIGN KEY (pa, pb) REFERENCES p (a, b))",
        "INSERT INTO p VALUES (1, 1, 'AAA', 1), (2, 1, 'BBB', NULL)",
        "INSERT INTO c VALUES (1, 1, 1, 1, 'x', 'b', REPEAT('z', 1000)), "
        "(2, 2, 1, 2, 'y', 'b', NULL), (3, NULL, NULL, 7, 'x', 'b', NULL)"});
  const MysqlConfig config = TestServer::Get().Reader("shape_keys");
  const auto schema = ReadMysqlShape(config);
  REQUIRE_MESSAGE(schema.has_value(), schema.error().message);
  const TableShape& child = TableNamed(*schema, "c");
  REQUIRE(child.foreign_keys.size() == 1);
  CHECK(child.foreign_keys[0].columns == std::vector<std::string>{"pa", "pb"});
  CHECK(child.foreign_keys[0].parent == "p");
  CHECK(child.foreign_keys[0].parent_columns == std::vector<std::string>{"a", "b"});
  // Keys over a prefix or over columns that may be NULL identify no row.
  CHECK(TableNamed(*schema, "p").unique_keys == std::vector<std::vector<std::string>>{{"code"}});
  CHECK(child.samples.at("state").values == std::vector<std::string>{"x", "y"});
  CHECK(child.samples.at("pa").nulls == 1);
  CHECK(child.samples.at("note").values.at(0).size() == 100);
  CHECK(child.samples.at("secret").values.empty());
  const auto answers =
      AskMysqlReferences(config, {{"c", "p_id", "p", "a"}, {"c", "id", "no_such_table", "id"}});
  REQUIRE(answers.has_value());
  CHECK((*answers)[0].sampled == 3);
  CHECK((*answers)[0].found == 2);
  CHECK((*answers)[1].sampled == 0);
}

TEST_CASE("clocks that stand an offset apart") {
  Fill("shape_clocks",
       {"SET time_zone = '+00:00'",
        "CREATE TABLE t (id INT PRIMARY KEY, w DATETIME(6), i TIMESTAMP(6) NULL, "
        "updated_at DATETIME, far DATETIME)",
        "INSERT INTO t VALUES (1, '2026-01-01 09:00:10', '2026-01-01 00:00:00', "
        "'2026-01-03 00:00:00', '2026-05-01 03:33:33'), "
        "(2, '2026-01-02 09:00:00.5', '2026-01-02 00:00:00', '2026-01-02 00:00:00', NULL), "
        "(3, '2026-01-02 00:00:00', '2026-01-02 00:00:00', NULL, NULL), "
        "(4, NULL, '2026-01-02 00:00:00', NULL, NULL)"});
  const auto schema = ReadMysqlClocks(TestServer::Get().Reader("shape_clocks"));
  REQUIRE_MESSAGE(schema.has_value(), schema.error().message);
  CHECK(schema->zone_offset == 9 * kMicrosPerHour);  // scripts/mariadb starts it so.
  CHECK(std::abs(schema->now - SystemClock().Now()) < kMicrosPerMinute);
  const TableShape& shape = TableNamed(*schema, "t");
  CHECK(shape.samples.empty());
  REQUIRE(shape.newest.size() == 1);
  CHECK(shape.newest[0].column == "updated_at");
  CHECK(FormatDateTime(shape.newest[0].wall) == "2026-01-03 00:00:00");
  const auto pair = std::find_if(shape.clock_pairs.begin(),
                                 shape.clock_pairs.end(),
                                 [](const ClockPair& p) { return p.wall_column == "w"; });
  REQUIRE(pair != shape.clock_pairs.end());
  CHECK(pair->offset == 9 * kMicrosPerHour);
  CHECK(pair->agreeing == 2);
  CHECK(pair->compared == 3);
}

TEST_CASE("an offset is a whole quarter of an hour that a zone can have") {
  CHECK(PlausibleOffset(9 * kMicrosPerHour + 20 * kMicrosPerSecond, 0) == 9 * kMicrosPerHour);
  CHECK(PlausibleOffset(-330 * kMicrosPerMinute, 0) == -330 * kMicrosPerMinute);
  CHECK_FALSE(PlausibleOffset(9 * kMicrosPerHour + 5 * kMicrosPerMinute, 0));
  CHECK_FALSE(PlausibleOffset(15 * kMicrosPerHour, 0));
  CHECK_FALSE(PlausibleOffset(-13 * kMicrosPerHour, 0));
}

TEST_CASE("what an account may do") {
  Fill("shape_facts", {"CREATE TABLE a (id INT PRIMARY KEY)"});
  const auto facts =
      ReadMysqlFacts(TestServer::Get().Reader("shape_facts"), SystemClock(), {"a", "not_there"});
  REQUIRE_MESSAGE(facts.has_value(), facts.error().message);
  CHECK(facts->server.starts_with("mariadb 10."));
  CHECK(facts->account == "kura_reader@127.0.0.1");
  CHECK(facts->tls_cipher.empty());
  CHECK(facts->time_zone == "+09:00");
  CHECK(facts->sees_transactions);
  CHECK(facts->refused == std::vector<std::string>{"not_there"});
  CHECK(std::abs(facts->clock_ahead) < 5 * kMicrosPerSecond);
  REQUIRE_FALSE(facts->grants.empty());
  for (const std::string& grant : facts->grants) {
    CHECK(grant.find("PASSWORD") == std::string::npos);  // MariaDB prints the hash.
  }
}

}  // namespace kura::sync
