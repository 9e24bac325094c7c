// Rare, so it may allocate: it runs for the few sample rows of a read. RowKeySql must print as
// RowKey does: a delta looks the samples of earlier reads up again.
#include "sync/row_key.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "base/time.h"
#include "sql/dialect.h"
#include "sync/mask.h"
#include "warehouse/value_text.h"

namespace kura::sync {
namespace {

using sql::TypeKind;

constexpr std::size_t kColumnsWithoutKeyMax = 4;

template <typename T>
T At(const RowPlace& place, std::size_t column) {
  T value;
  const std::byte* begin = place.batch->columns[column].fixed.data();
  std::memcpy(&value, begin + place.row * sizeof(T), sizeof value);
  return value;
}

std::string TextAt(const RowPlace& place, std::size_t index) {
  const warehouse::BatchColumn& column = place.batch->columns[index];
  const std::uint32_t begin = place.row == 0 ? 0 : column.ends[place.row - 1];
  return column.bytes.substr(begin, column.ends[place.row] - begin);
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string hex = "0x";
  for (const char byte : bytes) {
    hex += kDigits[static_cast<unsigned char>(byte) >> 4];
    hex += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return hex;
}

warehouse::Int128 Scaled(const RowPlace& place, std::size_t column) {
  switch (warehouse::WidthBytes(place.batch->columns[column].type)) {
    case 2:
      return At<std::int16_t>(place, column);
    case 4:
      return At<std::int32_t>(place, column);
    case 8:
      return At<std::int64_t>(place, column);
    default:
      return At<warehouse::Int128>(place, column);
  }
}

std::string IntegerText(const RowPlace& place, std::size_t column, TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyInt:
      return std::to_string(At<std::int8_t>(place, column));
    case TypeKind::kUTinyInt:
      return std::to_string(At<std::uint8_t>(place, column));
    case TypeKind::kSmallInt:
      return std::to_string(At<std::int16_t>(place, column));
    case TypeKind::kUSmallInt:
      return std::to_string(At<std::uint16_t>(place, column));
    case TypeKind::kInteger:
      return std::to_string(At<std::int32_t>(place, column));
    case TypeKind::kUInteger:
      return std::to_string(At<std::uint32_t>(place, column));
    case TypeKind::kUBigInt:
      return std::to_string(At<std::uint64_t>(place, column));
    default:
      return std::to_string(At<std::int64_t>(place, column));
  }
}

std::string ValueText(const RowPlace& place, std::size_t column) {
  const warehouse::BatchColumn& values = place.batch->columns[column];
  if (values.valid[place.row] == 0) return "NULL";
  if (sql::IsInteger(values.type.kind)) return IntegerText(place, column, values.type.kind);
  switch (values.type.kind) {
    case TypeKind::kBoolean:
      return At<std::uint8_t>(place, column) != 0 ? "true" : "false";
    case TypeKind::kDecimal:
      return warehouse::DecimalText(Scaled(place, column), values.type.scale);
    case TypeKind::kFloat:
      return fmt::format("{}", At<float>(place, column));
    case TypeKind::kDouble:
      return fmt::format("{}", At<double>(place, column));
    case TypeKind::kDate:
      return FormatDate(At<Days>(place, column));
    case TypeKind::kTimestamp:
      return FormatDateTime(At<Micros>(place, column));
    case TypeKind::kTimestampTz:
      return FormatInstant(At<Micros>(place, column));
    case TypeKind::kInterval:
      return warehouse::IntervalText(At<warehouse::Interval>(place, column));
    case TypeKind::kBlob:
      return Hex(TextAt(place, column));
    default:
      return TextAt(place, column);
  }
}

std::string MaskedText(const RowPlace& place, std::size_t column) {
  const Mask* mask = (*place.columns)[column].mask.get();
  if (mask == nullptr || place.batch->columns[column].valid[place.row] == 0) {
    return ValueText(place, column);
  }
  return mask->Apply(PlainText({place.batch, place.row}, column));
}

std::string WithoutKey(const RowPlace& place) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < place.columns->size(); ++i) {
    const bool is_text = warehouse::WidthBytes((*place.columns)[i].type) == 0;
    const bool is_masked = (*place.columns)[i].mask != nullptr;
    if (is_text || is_masked || place.batch->columns[i].valid[place.row] == 0) continue;
    parts.push_back((*place.columns)[i].name + "=" + ValueText(place, i));
    if (parts.size() == kColumnsWithoutKeyMax) break;
  }
  return Join(parts, ", ");
}

// FormatDateTime's form: six digits of a fraction, or none.
std::string DateTimeSql(const std::string& name) {
  return "strftime(" + name + ", '%Y-%m-%d %H:%M:%S') || CASE WHEN epoch_us(" + name +
         ") % 1000000 = 0 THEN '' ELSE strftime(" + name + ", '.%f') END";
}

// Empty for types whose text the two sides print differently; nobody has such keys.
std::string PartSql(const SourceColumn& column) {
  const std::string name = sql::QuoteName(sql::kDuckDb, column.name);
  std::string text = "CAST(" + name + " AS VARCHAR)";
  switch (column.type.kind) {
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kInterval:
      return "";
    case TypeKind::kBlob:
      text = "'0x' || hex(" + name + ")";
      break;
    case TypeKind::kTimestamp:
      text = DateTimeSql(name);
      break;
    case TypeKind::kTimestampTz:
      text =
          "replace(" + DateTimeSql("make_timestamp(epoch_us(" + name + "))") + ", ' ', 'T') || 'Z'";
      break;
    default:
      break;
  }
  return "coalesce(" + text + ", 'NULL')";
}

}  // namespace

std::string PlainText(const BatchPlace& place, std::size_t column) {
  const RowPlace row{nullptr, nullptr, place.batch, place.row};
  const bool is_text = warehouse::WidthBytes(place.batch->columns[column].type) == 0;
  return is_text ? TextAt(row, column) : ValueText(row, column);
}

std::string RowKey(const RowPlace& place) {
  if (place.key_columns->empty()) return WithoutKey(place);
  std::vector<std::string> parts;
  for (const std::size_t column : *place.key_columns) parts.push_back(MaskedText(place, column));
  return parts.size() == 1 ? parts.front() : "(" + Join(parts, ", ") + ")";
}

std::string RowKeySql(const SourceTable& table) {
  std::vector<std::string> parts;
  for (const std::string& key : table.primary_key) {
    parts.push_back(PartSql(*table.Find(key)));
    if (parts.back().empty()) return "";
  }
  if (parts.empty()) return "";
  if (parts.size() == 1) return parts.front();
  return "'(' || " + Join(parts, " || ', ' || ") + " || ')'";
}

}  // namespace kura::sync
