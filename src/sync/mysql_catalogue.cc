// information_schema → SourceTable. Column lists are explicit, so invisible columns come along.
#include "sync/mysql_catalogue.h"

#include <map>
#include <set>

#include "base/text.h"
#include "sync/mysql_types.h"

namespace kura::sync {
namespace {

using Tables = std::map<std::string, SourceTable, std::less<>>;
using JsonColumns = std::set<std::pair<std::string, std::string>>;

std::string Text(const std::optional<std::string>& cell) {
  return cell.value_or("");
}

int Number(const std::optional<std::string>& cell) {
  std::int64_t value = 0;
  return cell && ParseInt(*cell, &value) ? static_cast<int>(value) : 0;
}

Result<Tables> ReadNames(MysqlConnection& connection, const std::string& schema) {
  TRY(const auto rows,
      connection.Query(
          "SELECT table_name, table_rows, table_comment FROM information_schema.tables "
          "WHERE table_schema = " +
          schema + " AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"));
  Tables tables;
  for (const TextRow& row : rows) {
    SourceTable table;
    table.name = Text(row[0]);
    table.comment = Text(row[2]);
    if (row[1]) (void)ParseInt(*row[1], &table.rows_expected);  // Stays 0: only an estimate.
    tables.emplace(table.name, std::move(table));
  }
  return tables;
}

// MariaDB's JSON is LONGTEXT with CHECK (json_valid(`column`)); MySQL has a type, and no such view
// with a table name.
Result<JsonColumns> ReadJsonColumns(MysqlConnection& connection, const std::string& schema) {
  JsonColumns columns;
  if (!connection.is_mariadb()) return columns;
  TRY(const auto rows,
      connection.Query("SELECT table_name, check_clause FROM information_schema.check_constraints "
                       "WHERE constraint_schema = " +
                       schema + " AND check_clause LIKE 'json\\_valid(`%`)'"));
  for (const TextRow& row : rows) {
    const std::string clause = Text(row[1]);
    const std::size_t begin = std::string_view("json_valid(`").size();
    const std::string name = clause.substr(begin, clause.size() - begin - 2);
    columns.emplace(Text(row[0]), ReplaceAll(name, "``", "`"));
  }
  return columns;
}

Status ReadColumns(MysqlConnection& connection, const std::string& schema, Tables* tables) {
  TRY(const JsonColumns json, ReadJsonColumns(connection, schema));
  TRY(const auto rows,
      connection.Query(
          "SELECT table_name, column_name, LOWER(data_type), column_type, column_comment, "
          "numeric_precision, numeric_scale, is_nullable, character_set_name "
          "FROM information_schema.columns WHERE table_schema = " +
          schema + " ORDER BY table_name, ordinal_position"));
  for (const TextRow& row : rows) {
    const auto table = tables->find(Text(row[0]));
    if (table == tables->end()) continue;
    MysqlColumn column;
    column.name = Text(row[1]);
    column.data_type = Text(row[2]);
    column.column_type = Text(row[3]);
    column.comment = Text(row[4]);
    column.precision = Number(row[5]);
    column.scale = Number(row[6]);
    column.nullable = Text(row[7]) == "YES";
    column.charset = Text(row[8]);
    column.is_text = row[8].has_value() && *row[8] != "binary";
    column.is_json = json.count({table->first, column.name}) != 0;
    table->second.columns.push_back(MapMysqlColumn(column));
  }
  return {};
}

// A primary key over a prefix does not identify a row by whole values, so it is none for us.
Status ReadIndexes(MysqlConnection& connection, const std::string& schema, Tables* tables) {
  TRY(const auto rows,
      connection.Query("SELECT table_name, index_name, seq_in_index, column_name, sub_part "
                       "FROM information_schema.statistics WHERE table_schema = " +
                       schema + " ORDER BY table_name, index_name, seq_in_index"));
  std::set<std::string> with_prefix;
  for (const TextRow& row : rows) {
    const auto table = tables->find(Text(row[0]));
    if (table == tables->end() || !row[3]) continue;
    if (Text(row[1]) == "PRIMARY") {
      table->second.primary_key.push_back(*row[3]);
      if (row[4]) with_prefix.insert(table->first);
    }
    if (Text(row[2]) == "1") table->second.indexed_columns.push_back(*row[3]);
  }
  for (const std::string& name : with_prefix) (*tables)[name].primary_key.clear();
  return {};
}

}  // namespace

Result<std::vector<SourceTable>> ReadMysqlTables(MysqlConnection& connection) {
  const std::string schema = QuoteMysqlText(connection.config().database);
  TRY(Tables tables, ReadNames(connection, schema));
  TRY_STATUS(ReadColumns(connection, schema, &tables));
  TRY_STATUS(ReadIndexes(connection, schema, &tables));
  std::vector<SourceTable> list;
  for (auto& [name, table] : tables) list.push_back(std::move(table));
  return list;
}

Result<std::string> ReadMysqlServerId(MysqlConnection& connection) {
  const bool has_uuid = !connection.is_mariadb();
  TRY(const auto rows,
      connection.Query(has_uuid ? "SELECT @@server_uuid"
                                : "SELECT CONCAT('server_id=', @@server_id, ' ', @@datadir)"));
  if (rows.empty()) return Fail(Code::kUnavailable, "the server does not say who it is");
  return Text(rows[0][0]);
}

}  // namespace kura::sync
