// advise/shape.h: a source database as plain data: what `kura init` designs a project from. Who
// asks the database fills it in (src/cli), so that every decision here is a pure function of it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sql/type.h"

namespace kura::advise {

/// One column, with what a few rows show of it.
struct ColumnShape {
  std::string name;
  sql::Type type;           // in the warehouse
  std::string source_type;  // "enum('paid','shipped')"
  std::string comment;
  bool nullable = true;
  std::int64_t sampled = 0;         // rows that were looked at
  std::vector<std::string> values;  // distinct values among them, as text
};

/// Rows of one table that point to one row of another.
struct Reference {
  std::vector<std::string> columns;
  std::string parent;
  std::vector<std::string> parent_columns;
  bool guessed = false;      // from the column's name: the source has no foreign key
  std::int64_t sampled = 0;  // of a guess: distinct values that were looked up in the parent
  std::int64_t found = 0;
};

struct TableShape {
  std::string name;
  std::string comment;
  std::vector<ColumnShape> columns;
  std::vector<std::string> primary_key;  // empty: none that identifies a row
  std::vector<std::vector<std::string>> unique_keys;
  std::vector<std::string> indexed_columns;  // that begin an index
  std::vector<Reference> references;
  std::int64_t rows = 0;  // an estimate

  const ColumnShape* Find(std::string_view column) const;
};

/// Rows in which a DATETIME and a TIMESTAMP stand `offset` apart.
struct ClockPair {
  std::string table;
  std::string wall_column;
  std::string instant_column;
  Micros offset = 0;
  std::int64_t agreeing = 0;
  std::int64_t compared = 0;
};

/// The newest value of a DATETIME column that is written with each change.
struct NewestWall {
  std::string table;
  std::string column;
  Micros wall = 0;
};

struct SourceShape {
  std::string name;        // of the source in kura.yaml; its tables land in raw_<name>
  std::string server;      // "mariadb 10.11.14"
  Micros now = 0;          // the server's clock
  Micros zone_offset = 0;  // of the server's default time zone
  std::vector<TableShape> tables;
  std::vector<ClockPair> clock_pairs;
  std::vector<NewestWall> newest;

  const TableShape* Find(std::string_view table) const;
};

/// The values of an ENUM's or SET's type text, in order; empty for other types.
std::vector<std::string> EnumValues(std::string_view source_type);

/// Tells whether a text has Japanese letters.
bool IsJapanese(std::string_view text);

/// Tells whether most comments of the source are Japanese.
bool SpeaksJapanese(const SourceShape& shape);

}  // namespace kura::advise
