// sync/mysql_types.h: what a MySQL or MariaDB column becomes in the warehouse (lossless, or the
// loss is counted), from information_schema alone. Pure.
#pragma once
#include <string>

#include "sql/type.h"
#include "sync/source.h"

namespace kura::sync {

/// A row of information_schema.columns.
struct MysqlColumn {
  std::string name;
  std::string data_type;    // "bigint"
  std::string column_type;  // "bigint(20) unsigned"
  std::string comment;
  int precision = 0;  // NUMERIC_PRECISION: digits, or bits for BIT
  int scale = 0;
  bool nullable = true;
  bool is_text = true;   // has a character set that is not binary
  std::string charset;   // CHARACTER_SET_NAME
  bool is_json = false;  // MariaDB: LONGTEXT with CHECK (json_valid(column))
};

/// How a value looks on the wire of the binary protocol, and what is made of it.
enum class Decode {
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFloat,
  kDouble,
  kDecimal,     // text → scaled integer
  kBit,         // big-endian bytes → UBIGINT
  kBitBoolean,  // BIT(1)
  kDate,
  kTimestamp,
  kInterval,
  kShortYear,   // YEAR(2)
  kText,        // checked as UTF-8
  kMappedText,  // in a character set of its own (mysql_text.h)
  kBytes,
};

/// Maps a column. Unknown types arrive as the server's text.
SourceColumn MapMysqlColumn(const MysqlColumn& column);

/// The decoding that leads to `type`. The wire's type is checked when a read starts.
Decode DecodeFor(const sql::Type& type, const std::string& source_type);

}  // namespace kura::sync
