// Three small queries; the join with the sync's state is done here.
#include "warehouse/duckdb_catalogue.h"

#include <nlohmann/json.hpp>

#include "warehouse/history_state.h"
#include "warehouse/state.h"

namespace kura::warehouse {
namespace {

using sql::Catalogue;
using sql::CatalogueColumn;
using sql::CatalogueTable;

constexpr const char* kTables =
    "SELECT schema_name, table_name, estimated_size, comment FROM duckdb_tables() "
    "WHERE NOT internal AND NOT temporary";
constexpr const char* kColumns =
    "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment "
    "FROM duckdb_columns() WHERE NOT internal AND database_name = current_database() "
    "AND NOT starts_with(table_name, '_kura_') "  // What a sync is staging is no data yet.
    "ORDER BY schema_name, table_name, column_index";

std::string TextOf(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

// Calls `take` for each row.
Status ForEachRow(Connection& connection, const std::string& sql,
                  const std::function<void(const std::vector<Value>&)>& take) {
  TRY(const std::unique_ptr<RowStream> stream, connection.Query(sql, {}));
  std::vector<Value> row;
  while (true) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return {};
    take(row);
  }
}

void AddColumn(const std::vector<Value>& row, Catalogue& catalogue) {
  const std::string schema = TextOf(row[0]);
  const std::string name = TextOf(row[1]);
  CatalogueTable& table = catalogue.tables[schema + "." + name];
  table.schema = schema;
  table.name = name;
  CatalogueColumn column;
  column.name = TextOf(row[2]);
  column.type = sql::ParseTypeName(TextOf(row[3]));
  const auto* nullable = std::get_if<bool>(&row[4]);
  column.nullable = nullable == nullptr || *nullable;
  column.comment = TextOf(row[5]);
  table.columns.push_back(std::move(column));
}

std::string Member(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  const bool is_text = found != object.end() && found->is_string();
  return is_text ? found->get<std::string>() : std::string();
}

bool Flag(const nlohmann::json& object, const char* name, bool otherwise) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

void DescribeColumn(const nlohmann::json& known, CatalogueTable& table) {
  if (!known.is_object()) return;
  const std::string name = Member(known, "name");
  for (CatalogueColumn& column : table.columns) {
    if (column.name != name) continue;
    column.zone = Member(known, "zone");
    column.nullable = Flag(known, "nullable", column.nullable);
    if (const std::string comment = Member(known, "comment"); !comment.empty()) {
      column.comment = comment;
    }
    if (Flag(known, "pk", false)) table.primary_key.push_back(column.name);
  }
}

void DescribeColumns(const std::string& columns_json, CatalogueTable& table) {
  const auto known = nlohmann::json::parse(columns_json, nullptr, false);
  if (!known.is_array()) return;
  for (const nlohmann::json& column : known) DescribeColumn(column, table);
}

void Describe(const TableState& state, CatalogueTable& table) {
  if (state.mode != kSeedMode) {
    table.times = sql::TableTimes{state.complete_through, state.read_at};
  }
  table.rows = state.rows;
  table.version = state.version;
  DescribeColumns(state.columns_json, table);
}

// A history reaches as far as the last commit that it took up.
void DescribeHistory(const HistoryState& state, CatalogueTable& table) {
  table.times = sql::TableTimes{state.complete_through, state.recorded_at};
  table.version = state.version;
  DescribeColumns(state.columns_json, table);
}

}  // namespace

Result<Catalogue> ReadDuckDbCatalogue(Connection& connection) {
  Catalogue catalogue;
  TRY_STATUS(ForEachRow(
      connection, kColumns, [&](const std::vector<Value>& row) { AddColumn(row, catalogue); }));
  TRY_STATUS(ForEachRow(connection, kTables, [&](const std::vector<Value>& row) {
    const auto found = catalogue.tables.find(TextOf(row[0]) + "." + TextOf(row[1]));
    if (found == catalogue.tables.end()) return;
    if (const auto* rows = std::get_if<std::int64_t>(&row[2])) found->second.rows = *rows;
    found->second.comment = TextOf(row[3]);
  }));
  if (!catalogue.tables.contains("_kura.sync_state")) return catalogue;
  TRY(const std::vector<TableState> states, ReadAllStates(connection));
  for (const TableState& state : states) {
    const auto found = catalogue.tables.find("raw_" + state.source + "." + state.table);
    if (found != catalogue.tables.end()) Describe(state, found->second);
  }
  if (!catalogue.tables.contains("_kura.histories")) return catalogue;
  TRY(const std::vector<HistoryState> histories, ReadHistories(connection));
  for (const HistoryState& state : histories) {
    const auto found = catalogue.tables.find("raw_" + state.source + "." + state.name);
    if (found != catalogue.tables.end()) DescribeHistory(state, found->second);
  }
  return catalogue;
}

}  // namespace kura::warehouse
