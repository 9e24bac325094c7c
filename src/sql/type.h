// sql/type.h: column types as plain data, shared by the catalogue, the warehouse and results.
#pragma once
#include <string>
#include <string_view>

namespace kura::sql {

enum class TypeKind {
  kUnknown,
  kBoolean,
  kTinyInt,
  kSmallInt,
  kInteger,
  kBigInt,
  kHugeInt,
  kUTinyInt,
  kUSmallInt,
  kUInteger,
  kUBigInt,
  kFloat,
  kDouble,
  kDecimal,
  kVarchar,
  kBlob,
  kDate,
  kTime,
  kTimestamp,    // A wall clock without a zone.
  kTimestampTz,  // An instant.
  kInterval,
  kJson,
  kUuid,
};

/// A type; `precision` and `scale` count only for kDecimal.
struct Type {
  TypeKind kind = TypeKind::kUnknown;
  int precision = 0;
  int scale = 0;
  bool operator==(const Type&) const = default;
};

/// The name that DuckDB's DDL uses: "DECIMAL(18,2)", "TIMESTAMP WITH TIME ZONE".
std::string TypeName(const Type& type);

/// The type of a DuckDB type name; kUnknown for nested and other types.
Type ParseTypeName(std::string_view name);

bool IsInteger(TypeKind kind);

/// Integers, decimals and floating point.
bool IsNumeric(TypeKind kind);

}  // namespace kura::sql
