// Fixed SQL, as in state.cc. The table is made where it is missing, whatever the state's version:
// a kura that does not know it leaves it behind the table's version, which the next one notices.
#include "warehouse/history_state.h"

#include <fmt/core.h>

#include "sql/dialect.h"

namespace kura::warehouse {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS _kura.histories (source VARCHAR NOT NULL, \"table\" VARCHAR NOT "
    "NULL, name VARCHAR NOT NULL, version BIGINT NOT NULL, table_version BIGINT NOT NULL, "
    "recorded_at TIMESTAMPTZ NOT NULL, complete_through TIMESTAMPTZ NOT NULL, columns_json VARCHAR "
    "NOT NULL)";
constexpr const char* kHistories =
    "SELECT source, \"table\", name, version, table_version, epoch_us(recorded_at), "
    "epoch_us(complete_through), columns_json FROM _kura.histories";

std::string Quote(const std::string& text) {
  return sql::QuoteText(sql::kDuckDb, text);
}

std::string Instant(Micros utc) {
  return "TIMESTAMPTZ " + Quote(FormatInstant(utc));
}

std::string ForTable(const std::string& source, const std::string& table) {
  return " WHERE source = " + Quote(source) + " AND \"table\" = " + Quote(table);
}

std::string TextOf(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

std::int64_t CountOf(const Value& value) {
  const auto* count = std::get_if<std::int64_t>(&value);
  return count == nullptr ? 0 : *count;
}

Result<std::vector<HistoryState>> Read(Connection& connection, const std::string& sql) {
  TRY(const std::unique_ptr<RowStream> stream, connection.Query(sql, {}));
  std::vector<HistoryState> states;
  std::vector<Value> row;
  while (true) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return states;
    states.push_back({TextOf(row[0]),
                      TextOf(row[1]),
                      TextOf(row[2]),
                      CountOf(row[3]),
                      CountOf(row[4]),
                      CountOf(row[5]),
                      CountOf(row[6]),
                      TextOf(row[7])});
  }
}

}  // namespace

Status PrepareHistories(Connection& connection) {
  return connection.Execute(kSchema);
}

Result<std::vector<HistoryState>> ReadHistories(Connection& connection) {
  return Read(connection, std::string(kHistories) + " ORDER BY source, \"table\"");
}

Result<std::optional<HistoryState>> ReadHistory(Connection& connection, const std::string& source,
                                                const std::string& table) {
  TRY(std::vector<HistoryState> states, Read(connection, kHistories + ForTable(source, table)));
  if (states.empty()) return std::optional<HistoryState>();
  return std::optional<HistoryState>(std::move(states.front()));
}

Status WriteHistory(Connection& connection, const HistoryState& state) {
  TRY_STATUS(
      connection.Execute("DELETE FROM _kura.histories" + ForTable(state.source, state.table)));
  return connection.Execute(
      fmt::format("INSERT INTO _kura.histories VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
                  Quote(state.source),
                  Quote(state.table),
                  Quote(state.name),
                  state.version,
                  state.table_version,
                  Instant(state.recorded_at),
                  Instant(state.complete_through),
                  Quote(state.columns_json)));
}

}  // namespace kura::warehouse
