// sync/mysql_shape.h: what a database says of itself beside its columns: foreign and unique keys,
// the values of enums, a few sampled rows, what its clocks mean, and what an account may do.
// `kura init` and `kura doctor` read it; copying does not need it.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "sync/source.h"
#include "sync/sync.h"

namespace kura::sync {

/// A foreign key of a table to another one of the same database.
struct ForeignKey {
  std::vector<std::string> columns;
  std::string parent;
  std::vector<std::string> parent_columns;
};

/// What a few rows (the first and the last of the primary key) show of one column.
struct ColumnSample {
  std::int64_t rows = 0;            // that were looked at
  std::int64_t nulls = 0;           // among them
  std::vector<std::string> values;  // distinct, as text, in no order; at most kSampleValuesMax
};

inline constexpr std::size_t kSampleRows = 300;  // from each end
inline constexpr std::size_t kSampleValuesMax = 400;

/// How far a DATETIME column stands from a TIMESTAMP column of the same rows: the offset, in
/// microseconds, that most rows agree on.
struct ClockPair {
  std::string wall_column;
  std::string instant_column;
  Micros offset = 0;
  std::int64_t agreeing = 0;
  std::int64_t compared = 0;
};

/// The newest value of a DATETIME column that is written with each change.
struct NewestWall {
  std::string column;
  Micros wall = 0;
};

/// One table with everything that is not needed for copying it.
struct TableShape {
  SourceTable table;
  std::vector<ForeignKey> foreign_keys;
  std::vector<std::vector<std::string>> unique_keys;  // of columns that are never NULL
  std::map<std::string, ColumnSample> samples;        // by column; empty without samples
  std::vector<ClockPair> clock_pairs;
  std::vector<NewestWall> newest;
};

/// A whole database.
struct SchemaShape {
  std::string server;      // "mariadb 10.11.14"
  Micros now = 0;          // the server's clock
  Micros zone_offset = 0;  // of the server's default time zone, now
  std::vector<TableShape> tables;
};

/// What a server and an account are, for `kura doctor`.
struct ServerFacts {
  std::string server;                // "mariadb 10.11.14"
  std::string account;               // "kura_reader@10.0.3.%"
  std::string tls_cipher;            // empty: the connection is not encrypted
  std::string time_zone;             // "+09:00", or "SYSTEM (JST)"
  Micros clock_ahead = 0;            // of ours
  std::vector<std::string> grants;   // as the server prints them, without password hashes
  bool sees_transactions = false;    // PROCESS
  std::vector<std::string> refused;  // tables that cannot be read
};

/// A guessed reference: does `column` hold keys of `parent`?
struct ReferenceQuestion {
  std::string table;
  std::string column;
  std::string parent;
  std::string parent_column;
};

/// Of a few distinct values of the column, how many the parent has.
struct ReferenceAnswer {
  std::int64_t sampled = 0;
  std::int64_t found = 0;
};

/// Reads a database's shape with samples of its rows. Errors: as MysqlSource::Connect.
Result<SchemaShape> ReadMysqlShape(const MysqlConfig& config);

/// Looks guessed references up in the data; an answer with 0 samples means that nothing is known.
Result<std::vector<ReferenceAnswer>> AskMysqlReferences(
    const MysqlConfig& config, const std::vector<ReferenceQuestion>& questions);

/// Reads what the server and the account are. `tables` are tried one by one.
Result<ServerFacts> ReadMysqlFacts(const MysqlConfig& config, const Clock& clock,
                                   const std::vector<std::string>& tables);

/// The newest values of a table's DATETIME columns and how they stand to its TIMESTAMP columns,
/// for every table of the database, without other samples.
Result<SchemaShape> ReadMysqlClocks(const MysqlConfig& config);

}  // namespace kura::sync
