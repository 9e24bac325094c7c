// The names of DuckDB's types, both ways.
#include "sql/type.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "base/text.h"

namespace kura::sql {
namespace {

using Named = std::pair<std::string_view, TypeKind>;

// The first name of a kind is the one that DDL uses; the others are read only.
constexpr std::array kNames = std::to_array<Named>({
    {"BOOLEAN", TypeKind::kBoolean},
    {"BOOL", TypeKind::kBoolean},
    {"TINYINT", TypeKind::kTinyInt},
    {"SMALLINT", TypeKind::kSmallInt},
    {"INTEGER", TypeKind::kInteger},
    {"INT", TypeKind::kInteger},
    {"BIGINT", TypeKind::kBigInt},
    {"HUGEINT", TypeKind::kHugeInt},
    {"UTINYINT", TypeKind::kUTinyInt},
    {"USMALLINT", TypeKind::kUSmallInt},
    {"UINTEGER", TypeKind::kUInteger},
    {"UBIGINT", TypeKind::kUBigInt},
    {"FLOAT", TypeKind::kFloat},
    {"REAL", TypeKind::kFloat},
    {"DOUBLE", TypeKind::kDouble},
    {"VARCHAR", TypeKind::kVarchar},
    {"TEXT", TypeKind::kVarchar},
    {"BLOB", TypeKind::kBlob},
    {"DATE", TypeKind::kDate},
    {"TIME", TypeKind::kTime},
    {"TIMESTAMP", TypeKind::kTimestamp},
    {"DATETIME", TypeKind::kTimestamp},
    {"TIMESTAMP WITH TIME ZONE", TypeKind::kTimestampTz},
    {"TIMESTAMPTZ", TypeKind::kTimestampTz},
    {"INTERVAL", TypeKind::kInterval},
    {"JSON", TypeKind::kJson},
    {"UUID", TypeKind::kUuid},
});

constexpr int kDecimalPrecisionDefault = 18;
constexpr int kDecimalScaleDefault = 3;

// "DECIMAL(18,2)" → the two numbers; DuckDB's defaults when there are none.
Type ParseDecimal(std::string_view name) {
  Type type{TypeKind::kDecimal, kDecimalPrecisionDefault, kDecimalScaleDefault};
  const std::size_t open = name.find('(');
  if (open == std::string_view::npos) return type;
  const std::string_view inner = name.substr(open + 1, name.find(')') - open - 1);
  const std::vector<std::string_view> parts = Split(inner, ',');
  std::int64_t precision = 0;
  std::int64_t scale = 0;
  if (!ParseInt(Trim(parts[0]), &precision)) return {};
  if (parts.size() > 1 && !ParseInt(Trim(parts[1]), &scale)) return {};
  return {TypeKind::kDecimal, static_cast<int>(precision), static_cast<int>(scale)};
}

}  // namespace

std::string TypeName(const Type& type) {
  if (type.kind == TypeKind::kDecimal) {
    return fmt::format("DECIMAL({},{})", type.precision, type.scale);
  }
  for (const Named& named : kNames) {
    if (named.second == type.kind) return std::string(named.first);
  }
  return "UNKNOWN";
}

Type ParseTypeName(std::string_view name) {
  const std::string upper = ToUpper(Trim(name));
  for (const Named& named : kNames) {
    if (named.first == upper) return {named.second, 0, 0};
  }
  const std::string_view view(upper);
  if (view.ends_with(']')) return {};
  if (view.starts_with("DECIMAL") || view.starts_with("NUMERIC")) return ParseDecimal(view);
  return {};
}

bool IsInteger(TypeKind kind) {
  return kind >= TypeKind::kTinyInt && kind <= TypeKind::kUBigInt;
}

bool IsNumeric(TypeKind kind) {
  return kind >= TypeKind::kTinyInt && kind <= TypeKind::kDecimal;
}

}  // namespace kura::sql
