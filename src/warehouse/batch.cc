// The shape of batches: how wide a value of each type is in DuckDB's native form.
#include "warehouse/batch.h"

namespace kura::warehouse {
namespace {

constexpr int kDecimalDigitsInt16 = 4;
constexpr int kDecimalDigitsInt32 = 9;
constexpr int kDecimalDigitsInt64 = 18;

std::size_t DecimalBytes(int precision) {
  if (precision <= kDecimalDigitsInt16) return 2;
  if (precision <= kDecimalDigitsInt32) return 4;
  if (precision <= kDecimalDigitsInt64) return 8;
  return 16;
}

}  // namespace

std::size_t WidthBytes(const sql::Type& type) {
  using sql::TypeKind;
  switch (type.kind) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyInt:
    case TypeKind::kUTinyInt:
      return 1;
    case TypeKind::kSmallInt:
    case TypeKind::kUSmallInt:
      return 2;
    case TypeKind::kInteger:
    case TypeKind::kUInteger:
    case TypeKind::kFloat:
    case TypeKind::kDate:
      return 4;
    case TypeKind::kBigInt:
    case TypeKind::kUBigInt:
    case TypeKind::kDouble:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz:
      return 8;
    case TypeKind::kHugeInt:
    case TypeKind::kInterval:
      return 16;
    case TypeKind::kDecimal:
      return DecimalBytes(type.precision);
    case TypeKind::kVarchar:
    case TypeKind::kBlob:
    case TypeKind::kJson:
    case TypeKind::kUuid:
    case TypeKind::kUnknown:
      return 0;
  }
  return 0;
}

void BatchColumn::Clear() {
  valid.clear();
  fixed.clear();
  ends.clear();
  bytes.clear();
}

Batch::Batch(const std::vector<sql::Type>& types) {
  for (const sql::Type& type : types) {
    columns.emplace_back();
    columns.back().type = type;
  }
}

void Batch::Clear() {
  for (BatchColumn& column : columns) column.Clear();
  rows = 0;
}

std::size_t BytesOf(const Batch& batch) {
  std::size_t bytes = 0;
  for (const BatchColumn& column : batch.columns) {
    bytes += column.valid.size() + column.fixed.size() + column.bytes.size() +
             column.ends.size() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace kura::warehouse
