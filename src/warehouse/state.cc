// The fixed SQL of the _kura tables. They have no keys: a row is replaced by DELETE and INSERT in
// one transaction, which an index of DuckDB would take for a duplicate.
#include "warehouse/state.h"

#include <fmt/core.h>

#include "sql/dialect.h"
#include "warehouse/history_state.h"

namespace kura::warehouse {
namespace {

constexpr const char* kSchema = R"(
CREATE SCHEMA IF NOT EXISTS _kura;
CREATE TABLE IF NOT EXISTS _kura.version (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS _kura.sync_state (
  source VARCHAR NOT NULL, "table" VARCHAR NOT NULL, mode VARCHAR NOT NULL,
  "cursor" VARCHAR NOT NULL, watermark TIMESTAMPTZ NOT NULL,
  complete_through TIMESTAMPTZ NOT NULL, read_at TIMESTAMPTZ NOT NULL, rows BIGINT NOT NULL,
  version BIGINT NOT NULL, server_id VARCHAR NOT NULL, columns_json VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS _kura.sync_runs (
  source VARCHAR NOT NULL, "table" VARCHAR NOT NULL, started_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ NOT NULL, mode VARCHAR NOT NULL, rows BIGINT NOT NULL,
  deleted BIGINT NOT NULL, coerced BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS _kura.coercions (
  source VARCHAR NOT NULL, "table" VARCHAR NOT NULL, "column" VARCHAR NOT NULL,
  reason VARCHAR NOT NULL, count BIGINT NOT NULL, sample_keys VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS _kura.sync_copies (
  source VARCHAR NOT NULL, "table" VARCHAR NOT NULL, watermark TIMESTAMPTZ NOT NULL,
  server_id VARCHAR NOT NULL, columns_json VARCHAR NOT NULL, ranges_json VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS _kura.sync_copied_ranges (
  source VARCHAR NOT NULL, "table" VARCHAR NOT NULL, "index" BIGINT NOT NULL,
  rows BIGINT NOT NULL, coerced_json VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS _kura.verifications (
  source VARCHAR NOT NULL, "table" VARCHAR NOT NULL, checked_at TIMESTAMPTZ NOT NULL,
  status VARCHAR NOT NULL, verified_through TIMESTAMPTZ, values_share DOUBLE NOT NULL,
  values_since TIMESTAMPTZ, mismatch_at TIMESTAMPTZ, mismatch VARCHAR NOT NULL,
  ranges_json VARCHAR NOT NULL);
)";

constexpr const char* kStates =
    "SELECT source, \"table\", mode, \"cursor\", epoch_us(watermark), epoch_us(complete_through), "
    "epoch_us(read_at), rows, version, server_id, columns_json FROM _kura.sync_state";

std::string Quote(const std::string& text) {
  return sql::QuoteText(sql::kDuckDb, text);
}

std::string Instant(Micros utc) {
  return "TIMESTAMPTZ " + Quote(FormatInstant(utc));
}

// NULL for a time that there is not.
std::string InstantOrNull(Micros utc) {
  return utc == 0 ? "NULL" : Instant(utc);
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

double ShareOf(const Value& value) {
  const auto* share = std::get_if<double>(&value);
  return share == nullptr ? 0 : *share;
}

TableState StateOf(const std::vector<Value>& row) {
  TableState state;
  state.source = TextOf(row[0]);
  state.table = TextOf(row[1]);
  state.mode = TextOf(row[2]);
  state.cursor = TextOf(row[3]);
  state.watermark = CountOf(row[4]);
  state.complete_through = CountOf(row[5]);
  state.read_at = CountOf(row[6]);
  state.rows = CountOf(row[7]);
  state.version = CountOf(row[8]);
  state.server_id = TextOf(row[9]);
  state.columns_json = TextOf(row[10]);
  return state;
}

Result<std::vector<TableState>> ReadStates(Connection& connection, const std::string& sql) {
  TRY(const std::unique_ptr<RowStream> stream, connection.Query(sql, {}));
  std::vector<TableState> states;
  std::vector<Value> row;
  while (true) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return states;
    states.push_back(StateOf(row));
  }
}

// The version that the warehouse was written with; 0 when it has none yet.
Result<std::int64_t> ReadVersion(Connection& connection) {
  TRY(const std::unique_ptr<RowStream> tables,
      connection.Query("SELECT count(*) FROM duckdb_tables() WHERE schema_name = '_kura' "
                       "AND table_name = 'version'",
                       {}));
  std::vector<Value> row;
  TRY(const bool counted, tables->Next(&row));
  if (!counted || CountOf(row[0]) == 0) return 0;
  TRY(const std::unique_ptr<RowStream> versions,
      connection.Query("SELECT coalesce(max(version), 0)::BIGINT FROM _kura.version", {}));
  TRY(const bool found, versions->Next(&row));
  return found ? CountOf(row[0]) : 0;
}

}  // namespace

Status PrepareState(Connection& connection) {
  TRY(const std::int64_t version, ReadVersion(connection));
  if (version == kStateVersion) return PrepareHistories(connection);
  if (version > kStateVersion) {
    return FailWithHint(
        Code::kConflict,
        fmt::format("the warehouse was written by a newer kura (format {}, this one knows {})",
                    version,
                    kStateVersion),
        "use that version, or sync into a new warehouse");
  }
  return InTransaction(connection, [&]() -> Status {
    TRY_STATUS(connection.Execute(kSchema));
    TRY_STATUS(connection.Execute("DELETE FROM _kura.version"));
    TRY_STATUS(PrepareHistories(connection));
    return connection.Execute(fmt::format("INSERT INTO _kura.version VALUES ({})", kStateVersion));
  });
}

Result<std::optional<TableState>> ReadTableState(Connection& connection, const std::string& source,
                                                 const std::string& table) {
  TRY(std::vector<TableState> states, ReadStates(connection, kStates + ForTable(source, table)));
  if (states.empty()) return std::optional<TableState>();
  return std::optional<TableState>(std::move(states.front()));
}

Result<std::vector<TableState>> ReadAllStates(Connection& connection) {
  return ReadStates(connection, std::string(kStates) + " ORDER BY source, \"table\"");
}

Status ForgetTableState(Connection& connection, const std::string& source,
                        const std::string& table) {
  return connection.Execute("DELETE FROM _kura.sync_state" + ForTable(source, table));
}

Status WriteTableState(Connection& connection, const TableState& state) {
  TRY_STATUS(ForgetTableState(connection, state.source, state.table));
  return connection.Execute(fmt::format(
      "INSERT INTO _kura.sync_state VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
      Quote(state.source),
      Quote(state.table),
      Quote(state.mode),
      Quote(state.cursor),
      Instant(state.watermark),
      Instant(state.complete_through),
      Instant(state.read_at),
      state.rows,
      state.version,
      Quote(state.server_id),
      Quote(state.columns_json)));
}

Status WriteCoercions(Connection& connection, const std::string& source, const std::string& table,
                      const std::vector<Coercion>& coercions) {
  TRY_STATUS(connection.Execute("DELETE FROM _kura.coercions" + ForTable(source, table)));
  for (const Coercion& coercion : coercions) {
    TRY_STATUS(connection.Execute(
        fmt::format("INSERT INTO _kura.coercions VALUES ({}, {}, {}, {}, {}, {})",
                    Quote(source),
                    Quote(table),
                    Quote(coercion.column),
                    Quote(coercion.reason),
                    coercion.count,
                    Quote(coercion.sample_keys))));
  }
  return {};
}

Result<std::vector<CopyState>> ReadCopies(Connection& connection, const std::string& source) {
  TRY(const std::unique_ptr<RowStream> stream,
      connection.Query(
          "SELECT \"table\", epoch_us(watermark), server_id, columns_json, ranges_json "
          "FROM _kura.sync_copies WHERE source = " +
              Quote(source),
          {}));
  std::vector<CopyState> copies;
  std::vector<Value> row;
  while (true) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return copies;
    copies.push_back(
        {source, TextOf(row[0]), CountOf(row[1]), TextOf(row[2]), TextOf(row[3]), TextOf(row[4])});
  }
}

Result<std::vector<CopiedRangeState>> ReadCopiedRanges(Connection& connection,
                                                       const std::string& source) {
  TRY(const std::unique_ptr<RowStream> stream,
      connection.Query("SELECT \"table\", \"index\", rows, coerced_json "
                       "FROM _kura.sync_copied_ranges WHERE source = " +
                           Quote(source),
                       {}));
  std::vector<CopiedRangeState> ranges;
  std::vector<Value> row;
  while (true) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return ranges;
    ranges.push_back({source, TextOf(row[0]), CountOf(row[1]), CountOf(row[2]), TextOf(row[3])});
  }
}

Status WriteCopy(Connection& connection, const CopyState& copy) {
  TRY_STATUS(ForgetCopy(connection, copy.source, copy.table));
  return connection.Execute(
      fmt::format("INSERT INTO _kura.sync_copies VALUES ({}, {}, {}, {}, {}, {})",
                  Quote(copy.source),
                  Quote(copy.table),
                  Instant(copy.watermark),
                  Quote(copy.server_id),
                  Quote(copy.columns_json),
                  Quote(copy.ranges_json)));
}

Status WriteCopiedRange(Connection& connection, const CopiedRangeState& range) {
  return connection.Execute(
      fmt::format("INSERT INTO _kura.sync_copied_ranges VALUES ({}, {}, {}, {}, {})",
                  Quote(range.source),
                  Quote(range.table),
                  range.index,
                  range.rows,
                  Quote(range.coerced_json)));
}

Status ForgetCopy(Connection& connection, const std::string& source, const std::string& table) {
  TRY_STATUS(connection.Execute("DELETE FROM _kura.sync_copies" + ForTable(source, table)));
  return connection.Execute("DELETE FROM _kura.sync_copied_ranges" + ForTable(source, table));
}

Status AppendSyncRun(Connection& connection, const SyncRun& run) {
  return connection.Execute(
      fmt::format("INSERT INTO _kura.sync_runs VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
                  Quote(run.source),
                  Quote(run.table),
                  Instant(run.started_at),
                  Instant(run.finished_at),
                  Quote(run.mode),
                  run.rows,
                  run.deleted,
                  run.coerced));
}

Result<std::vector<Verification>> ReadVerifications(Connection& connection,
                                                    const std::string& source) {
  TRY(const std::unique_ptr<RowStream> stream,
      connection.Query(
          "SELECT \"table\", epoch_us(checked_at), status, epoch_us(verified_through), "
          "values_share, epoch_us(values_since), epoch_us(mismatch_at), mismatch, "
          "ranges_json FROM _kura.verifications WHERE source = " +
              Quote(source) + " ORDER BY \"table\"",
          {}));
  std::vector<Verification> verifications;
  std::vector<Value> row;
  while (true) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return verifications;
    verifications.push_back({source,
                             TextOf(row[0]),
                             CountOf(row[1]),
                             TextOf(row[2]),
                             CountOf(row[3]),
                             ShareOf(row[4]),
                             CountOf(row[5]),
                             CountOf(row[6]),
                             TextOf(row[7]),
                             TextOf(row[8])});
  }
}

Status WriteVerification(Connection& connection, const Verification& verification) {
  return InTransaction(connection, [&]() -> Status {
    TRY_STATUS(connection.Execute("DELETE FROM _kura.verifications" +
                                  ForTable(verification.source, verification.table)));
    return connection.Execute(fmt::format(
        "INSERT INTO _kura.verifications VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        Quote(verification.source),
        Quote(verification.table),
        Instant(verification.checked_at),
        Quote(verification.status),
        InstantOrNull(verification.verified_through),
        verification.values_share,
        InstantOrNull(verification.values_since),
        InstantOrNull(verification.mismatch_at),
        Quote(verification.mismatch),
        Quote(verification.ranges_json)));
  });
}

Result<Micros> ReadLastWholeCopy(Connection& connection, const std::string& source,
                                 const std::string& table) {
  TRY(const std::unique_ptr<RowStream> stream,
      connection.Query("SELECT coalesce(epoch_us(max(finished_at)), 0) FROM _kura.sync_runs" +
                           ForTable(source, table) + " AND mode IN ('copy', 'full')",
                       {}));
  std::vector<Value> row;
  TRY(const bool found, stream->Next(&row));
  return found ? CountOf(row[0]) : 0;
}

}  // namespace kura::warehouse
