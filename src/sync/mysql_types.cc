// The type table of the sync (docs/types.md): MySQL's column types → warehouse types.
#include "sync/mysql_types.h"

#include <map>

#include "base/text.h"
#include "sync/mysql_text.h"

namespace kura::sync {
namespace {

using sql::Type;
using sql::TypeKind;

constexpr int kDecimalDigitsMax = 38;

bool IsUnsigned(const MysqlColumn& column) {
  // ZEROFILL implies it, and the server prints both.
  return column.column_type.find("unsigned") != std::string::npos;
}

Type IntegerType(const MysqlColumn& column) {
  static const std::map<std::string, std::pair<TypeKind, TypeKind>, std::less<>> kTypes = {
      {"tinyint", {TypeKind::kTinyInt, TypeKind::kUTinyInt}},
      {"smallint", {TypeKind::kSmallInt, TypeKind::kUSmallInt}},
      {"mediumint", {TypeKind::kInteger, TypeKind::kUInteger}},
      {"int", {TypeKind::kInteger, TypeKind::kUInteger}},
      {"bigint", {TypeKind::kBigInt, TypeKind::kUBigInt}},
  };
  const auto found = kTypes.find(column.data_type);
  if (found == kTypes.end()) return {};
  return {IsUnsigned(column) ? found->second.second : found->second.first, 0, 0};
}

Type DecimalType(const MysqlColumn& column) {
  if (column.precision < 1 || column.precision > kDecimalDigitsMax)
    return {TypeKind::kVarchar, 0, 0};
  return {TypeKind::kDecimal, column.precision, column.scale};
}

Type SimpleType(const std::string& name) {
  static const std::map<std::string, TypeKind, std::less<>> kTypes = {
      {"float", TypeKind::kFloat},
      {"double", TypeKind::kDouble},
      {"year", TypeKind::kSmallInt},
      {"date", TypeKind::kDate},
      {"time", TypeKind::kInterval},
      {"datetime", TypeKind::kTimestamp},
      {"timestamp", TypeKind::kTimestampTz},
      {"json", TypeKind::kJson},
      {"uuid", TypeKind::kUuid},
      {"binary", TypeKind::kBlob},
      {"varbinary", TypeKind::kBlob},
      {"tinyblob", TypeKind::kBlob},
      {"blob", TypeKind::kBlob},
      {"mediumblob", TypeKind::kBlob},
      {"longblob", TypeKind::kBlob},
      {"geometry", TypeKind::kBlob},
      {"point", TypeKind::kBlob},
      {"linestring", TypeKind::kBlob},
      {"polygon", TypeKind::kBlob},
      {"multipoint", TypeKind::kBlob},
      {"multilinestring", TypeKind::kBlob},
      {"multipolygon", TypeKind::kBlob},
      {"geometrycollection", TypeKind::kBlob},
      {"geomcollection", TypeKind::kBlob},
      {"vector", TypeKind::kBlob},
  };
  const auto found = kTypes.find(name);
  return {found == kTypes.end() ? TypeKind::kUnknown : found->second, 0, 0};
}

// CHAR, VARCHAR and TEXT with the character set binary hold bytes; ENUM, SET and INET are text.
Type TextType(const MysqlColumn& column) {
  if (column.is_json) return {TypeKind::kJson, 0, 0};
  const bool holds_bytes = !column.is_text && (column.data_type.find("char") != std::string::npos ||
                                               column.data_type.find("text") != std::string::npos);
  return {holds_bytes ? TypeKind::kBlob : TypeKind::kVarchar, 0, 0};
}

Type MapType(const MysqlColumn& column) {
  if (const Type integer = IntegerType(column); integer.kind != TypeKind::kUnknown) return integer;
  if (column.data_type == "decimal") return DecimalType(column);
  if (column.data_type == "bit") {
    return {column.precision == 1 ? TypeKind::kBoolean : TypeKind::kUBigInt, 0, 0};
  }
  if (const Type simple = SimpleType(column.data_type); simple.kind != TypeKind::kUnknown) {
    return simple;
  }
  return TextType(column);
}

}  // namespace

SourceColumn MapMysqlColumn(const MysqlColumn& column) {
  SourceColumn mapped;
  mapped.name = column.name;
  mapped.type = MapType(column);
  mapped.source_type = column.column_type;
  mapped.comment = column.comment;
  mapped.nullable = column.nullable;
  const bool arrives_as_text = DecodeFor(mapped.type, mapped.source_type) == Decode::kText;
  if (arrives_as_text && column.is_text && !IsUtf8Charset(column.charset)) {
    mapped.charset = column.charset;
  }
  if (mapped.type.kind == TypeKind::kTimestamp) mapped.clock = ClockKind::kWallClock;
  if (mapped.type.kind == TypeKind::kTimestampTz) mapped.clock = ClockKind::kInstant;
  return mapped;
}

Decode DecodeFor(const sql::Type& type, const std::string& source_type) {
  const bool is_bit = source_type.rfind("bit", 0) == 0;
  switch (type.kind) {
    case TypeKind::kBoolean:
      return Decode::kBitBoolean;
    case TypeKind::kTinyInt:
    case TypeKind::kUTinyInt:
      return Decode::kInt8;
    case TypeKind::kSmallInt:
    case TypeKind::kUSmallInt:
      return source_type == "year(2)" ? Decode::kShortYear : Decode::kInt16;
    case TypeKind::kInteger:
    case TypeKind::kUInteger:
      return Decode::kInt32;
    case TypeKind::kBigInt:
      return Decode::kInt64;
    case TypeKind::kUBigInt:
      return is_bit ? Decode::kBit : Decode::kInt64;
    case TypeKind::kFloat:
      return Decode::kFloat;
    case TypeKind::kDouble:
      return Decode::kDouble;
    case TypeKind::kDecimal:
      return Decode::kDecimal;
    case TypeKind::kDate:
      return Decode::kDate;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz:
      return Decode::kTimestamp;
    case TypeKind::kInterval:
      return Decode::kInterval;
    case TypeKind::kBlob:
      return Decode::kBytes;
    default:
      return Decode::kText;
  }
}

}  // namespace kura::sync
