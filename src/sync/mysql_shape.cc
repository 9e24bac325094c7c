// information_schema and a few rows of each table → SchemaShape. Everything is read with limits:
// a sample follows the primary key from both ends, so no table is scanned.
#include "sync/mysql_shape.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "sync/mysql_catalogue.h"
#include "sync/mysql_connection.h"
#include "sync/mysql_sample.h"

namespace kura::sync {
namespace {

using Shapes = std::map<std::string, TableShape, std::less<>>;

constexpr std::int64_t kReferenceSamples = 200;

std::string Text(const std::optional<std::string>& cell) {
  return cell.value_or("");
}

Status ReadForeignKeys(MysqlConnection& connection, const std::string& schema, Shapes* shapes) {
  TRY(const auto rows,
      connection.Query("SELECT table_name, constraint_name, column_name, referenced_table_name, "
                       "referenced_column_name FROM information_schema.key_column_usage "
                       "WHERE table_schema = " +
                       schema + " AND referenced_table_schema = " + schema +
                       " ORDER BY table_name, constraint_name, ordinal_position"));
  std::string last;
  for (const TextRow& row : rows) {
    const auto shape = shapes->find(Text(row[0]));
    if (shape == shapes->end()) continue;
    const std::string id = Text(row[0]) + "\n" + Text(row[1]);
    std::vector<ForeignKey>& keys = shape->second.foreign_keys;
    if (id != last) keys.push_back({{}, Text(row[3]), {}});
    last = id;
    keys.back().columns.push_back(Text(row[2]));
    keys.back().parent_columns.push_back(Text(row[4]));
  }
  return {};
}

// A key over a prefix, over an expression or over columns that may be NULL identifies no row.
Status ReadUniqueKeys(MysqlConnection& connection, const std::string& schema, Shapes* shapes) {
  TRY(const auto rows,
      connection.Query("SELECT table_name, index_name, column_name, sub_part, nullable "
                       "FROM information_schema.statistics WHERE non_unique = 0 "
                       "AND index_name <> 'PRIMARY' AND table_schema = " +
                       schema + " ORDER BY table_name, index_name, seq_in_index"));
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> keys;
  std::set<std::pair<std::string, std::string>> useless;
  for (const TextRow& row : rows) {
    const std::pair<std::string, std::string> id{Text(row[0]), Text(row[1])};
    keys[id].push_back(Text(row[2]));
    if (!row[2] || row[3] || Text(row[4]) == "YES") useless.insert(id);
  }
  for (auto& [id, columns] : keys) {
    const auto shape = shapes->find(id.first);
    if (shape == shapes->end() || useless.count(id) != 0) continue;
    shape->second.unique_keys.push_back(std::move(columns));
  }
  return {};
}

Status ReadClock(MysqlConnection& connection, SchemaShape* schema) {
  TRY_STATUS(connection.Execute("SET time_zone = @@GLOBAL.time_zone"));
  const auto rows = connection.Query(
      "SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED), "
      "TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())");
  TRY_STATUS(connection.Execute("SET time_zone = '+00:00'"));
  if (!rows) return tl::make_unexpected(rows.error());
  std::int64_t seconds = 0;
  (void)ParseInt(Text((*rows)[0][0]), &schema->now);  // Stays 0, which nothing is near.
  (void)ParseInt(Text((*rows)[0][1]), &seconds);
  // The two are read one after the other: whole minutes are meant.
  schema->zone_offset = (seconds + (seconds < 0 ? -30 : 30)) / 60 * kMicrosPerMinute;
  return {};
}

Result<Shapes> ReadTables(MysqlConnection& connection) {
  TRY(std::vector<SourceTable> tables, ReadMysqlTables(connection));
  Shapes shapes;
  for (SourceTable& table : tables) {
    std::string name = table.name;
    shapes[std::move(name)].table = std::move(table);
  }
  return shapes;
}

Result<SchemaShape> ReadShape(const MysqlConfig& config, bool with_samples) {
  TRY(const auto connection, MysqlConnection::Open(config));
  SchemaShape schema;
  schema.server = connection->server_version();
  TRY_STATUS(ReadClock(*connection, &schema));
  TRY(Shapes shapes, ReadTables(*connection));
  const std::string name = QuoteMysqlText(config.database);
  if (with_samples) {
    TRY_STATUS(ReadForeignKeys(*connection, name, &shapes));
    TRY_STATUS(ReadUniqueKeys(*connection, name, &shapes));
  }
  for (auto& [table, shape] : shapes) {
    TRY_STATUS(SampleMysqlTable(*connection, with_samples, &shape));
    schema.tables.push_back(std::move(shape));
  }
  return schema;
}

// "GRANT … IDENTIFIED BY PASSWORD '*CD70…'": the hash is a secret.
std::string WithoutHash(const std::string& grant) {
  return grant.substr(0, grant.find(" IDENTIFIED "));
}

Status ReadAccount(MysqlConnection& connection, ServerFacts* facts) {
  TRY(const auto account, connection.Query("SELECT CURRENT_USER()"));
  facts->account = Text(account[0][0]);
  TRY(const auto cipher, connection.Query("SHOW STATUS LIKE 'Ssl_cipher'"));
  if (!cipher.empty()) facts->tls_cipher = Text(cipher[0][1]);
  TRY(const auto grants, connection.Query("SHOW GRANTS"));
  for (const TextRow& row : grants) facts->grants.push_back(WithoutHash(Text(row[0])));
  // Asking tells more than reading grants: roles count, and so does what MySQL 8 revokes in part.
  facts->sees_transactions =
      connection.Query("SELECT 1 FROM information_schema.innodb_trx LIMIT 1").has_value();
  return {};
}

Status ReadServerClock(MysqlConnection& connection, const Clock& clock, ServerFacts* facts) {
  TRY(const auto zone, connection.Query("SELECT @@GLOBAL.time_zone, @@system_time_zone"));
  facts->time_zone = Text(zone[0][0]);
  if (facts->time_zone == "SYSTEM") facts->time_zone += " (" + Text(zone[0][1]) + ")";
  const Micros before = clock.Now();
  TRY(const auto now, connection.Query("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)"));
  const Micros middle = before + (clock.Now() - before) / 2;
  std::int64_t server = middle;
  (void)ParseInt(Text(now[0][0]), &server);  // A server that does not tell is not ahead.
  facts->clock_ahead = server - middle;
  return {};
}

}  // namespace

Result<SchemaShape> ReadMysqlShape(const MysqlConfig& config) {
  return ReadShape(config, true);
}

Result<SchemaShape> ReadMysqlClocks(const MysqlConfig& config) {
  return ReadShape(config, false);
}

Result<std::vector<ReferenceAnswer>> AskMysqlReferences(
    const MysqlConfig& config, const std::vector<ReferenceQuestion>& questions) {
  std::vector<ReferenceAnswer> answers(questions.size());
  if (questions.empty()) return answers;
  TRY(const auto connection, MysqlConnection::Open(config));
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const ReferenceQuestion& question = questions[i];
    const std::string column = QuoteMysqlName(question.column);
    const auto rows = connection->Query(fmt::format(
        "SELECT COUNT(*), COUNT(p.{1}) FROM (SELECT DISTINCT {0} AS k FROM (SELECT {0} FROM {2} "
        "WHERE {0} IS NOT NULL LIMIT 5000) r LIMIT {4}) c LEFT JOIN {3} p ON p.{1} = c.k",
        column,
        QuoteMysqlName(question.parent_column),
        QuoteMysqlName(question.table),
        QuoteMysqlName(question.parent),
        kReferenceSamples));
    if (!rows) continue;  // Types that do not compare, or no right: nothing is known.
    (void)ParseInt(Text((*rows)[0][0]), &answers[i].sampled);
    (void)ParseInt(Text((*rows)[0][1]), &answers[i].found);
  }
  return answers;
}

Result<ServerFacts> ReadMysqlFacts(const MysqlConfig& config, const Clock& clock,
                                   const std::vector<std::string>& tables) {
  TRY(const auto connection, MysqlConnection::Open(config));
  ServerFacts facts;
  facts.server = connection->server_version();
  TRY_STATUS(ReadAccount(*connection, &facts));
  TRY_STATUS(ReadServerClock(*connection, clock, &facts));
  for (const std::string& table : tables) {
    const auto rows = connection->Query("SELECT 1 FROM " + QuoteMysqlName(table) + " LIMIT 1");
    if (!rows) facts.refused.push_back(table);
  }
  return facts;
}

}  // namespace kura::sync
