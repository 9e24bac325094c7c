// One case per type of DuckDB; the physical forms are those of duckdb.h.
#include "warehouse/duckdb_value.h"

#include <fmt/core.h>

#include <limits>

#include "base/time.h"
#include "warehouse/value_text.h"

namespace kura::warehouse {
namespace {

using sql::TypeKind;

constexpr std::int64_t kNanosPerMicro = 1000;
constexpr std::int64_t kMillisInMicros = 1000;

struct Known {
  duckdb_type id;
  TypeKind kind;
};

// TIMESTAMP_S, _MS and _NS are told as TIMESTAMP, and UHUGEINT as HUGEINT: their values are texts.
constexpr Known kKnown[] = {
    {DUCKDB_TYPE_BOOLEAN, TypeKind::kBoolean},
    {DUCKDB_TYPE_TINYINT, TypeKind::kTinyInt},
    {DUCKDB_TYPE_SMALLINT, TypeKind::kSmallInt},
    {DUCKDB_TYPE_INTEGER, TypeKind::kInteger},
    {DUCKDB_TYPE_BIGINT, TypeKind::kBigInt},
    {DUCKDB_TYPE_HUGEINT, TypeKind::kHugeInt},
    {DUCKDB_TYPE_UHUGEINT, TypeKind::kHugeInt},
    {DUCKDB_TYPE_UTINYINT, TypeKind::kUTinyInt},
    {DUCKDB_TYPE_USMALLINT, TypeKind::kUSmallInt},
    {DUCKDB_TYPE_UINTEGER, TypeKind::kUInteger},
    {DUCKDB_TYPE_UBIGINT, TypeKind::kUBigInt},
    {DUCKDB_TYPE_FLOAT, TypeKind::kFloat},
    {DUCKDB_TYPE_DOUBLE, TypeKind::kDouble},
    {DUCKDB_TYPE_DECIMAL, TypeKind::kDecimal},
    {DUCKDB_TYPE_VARCHAR, TypeKind::kVarchar},
    {DUCKDB_TYPE_ENUM, TypeKind::kVarchar},
    {DUCKDB_TYPE_BLOB, TypeKind::kBlob},
    {DUCKDB_TYPE_DATE, TypeKind::kDate},
    {DUCKDB_TYPE_TIME, TypeKind::kTime},
    {DUCKDB_TYPE_TIMESTAMP, TypeKind::kTimestamp},
    {DUCKDB_TYPE_TIMESTAMP_S, TypeKind::kTimestamp},
    {DUCKDB_TYPE_TIMESTAMP_MS, TypeKind::kTimestamp},
    {DUCKDB_TYPE_TIMESTAMP_NS, TypeKind::kTimestamp},
    {DUCKDB_TYPE_TIMESTAMP_TZ, TypeKind::kTimestampTz},
    {DUCKDB_TYPE_INTERVAL, TypeKind::kInterval},
    {DUCKDB_TYPE_UUID, TypeKind::kUuid},
    {DUCKDB_TYPE_SQLNULL, TypeKind::kUnknown},
};

template <typename T>
const T& At(const void* data, std::uint64_t row) {
  return static_cast<const T*>(data)[row];
}

Int128 Wide(const void* data, std::uint64_t row) {
  const auto& raw = At<duckdb_hugeint>(data, row);
  return static_cast<Int128>(static_cast<UInt128>(static_cast<std::uint64_t>(raw.upper)) << 64 |
                             raw.lower);
}

std::string_view TextAt(const void* data, std::uint64_t row) {
  // duckdb_string_t_data takes a pointer to non-const but only reads.
  auto* text = const_cast<duckdb_string_t*>(&At<duckdb_string_t>(data, row));
  return {duckdb_string_t_data(text), duckdb_string_t_length(*text)};
}

// Reuses the memory of a text that is already there: rows are read into the same vector.
void SetText(std::string_view text, Value* value) {
  if (auto* old = std::get_if<std::string>(value)) {
    old->assign(text);
  } else {
    value->emplace<std::string>(text);
  }
}

std::uint64_t WordIndex(const ColumnShape& shape, const void* data, std::uint64_t row) {
  switch (shape.storage) {
    case DUCKDB_TYPE_UTINYINT:
      return At<std::uint8_t>(data, row);
    case DUCKDB_TYPE_USMALLINT:
      return At<std::uint16_t>(data, row);
    default:
      return At<std::uint32_t>(data, row);
  }
}

Int128 Scaled(const ColumnShape& shape, const void* data, std::uint64_t row) {
  switch (shape.storage) {
    case DUCKDB_TYPE_SMALLINT:
      return At<std::int16_t>(data, row);
    case DUCKDB_TYPE_INTEGER:
      return At<std::int32_t>(data, row);
    case DUCKDB_TYPE_BIGINT:
      return At<std::int64_t>(data, row);
    default:
      return Wide(data, row);
  }
}

// DuckDB keeps ±infinity at the ends of dates and timestamps.
template <typename T>
const char* InfinityName(T count) {
  if (count == std::numeric_limits<T>::max()) return "infinity";
  if (count == -std::numeric_limits<T>::max()) return "-infinity";
  return nullptr;
}

std::string DateText(std::int32_t days) {
  const char* infinity = InfinityName(days);
  return infinity != nullptr ? infinity : FormatDate(days);
}

// A count of `unit_micros` each.
std::string TimestampText(std::int64_t count, std::int64_t unit_micros) {
  const char* infinity = InfinityName(count);
  return infinity != nullptr ? infinity : FormatDateTime(count * unit_micros);
}

std::string NanosText(std::int64_t nanos) {
  if (const char* infinity = InfinityName(nanos); infinity != nullptr) return infinity;
  std::int64_t micros = nanos / kNanosPerMicro;
  std::int64_t rest = nanos % kNanosPerMicro;
  if (rest < 0) {
    rest += kNanosPerMicro;
    --micros;
  }
  std::string out = FormatDateTime(micros);
  if (rest == 0) return out;
  if (micros % kMicrosPerSecond == 0) out += ".000000";
  return out + fmt::format("{:03}", rest);
}

// Numbers beyond 64 bits are texts, all others numbers.
void SetWide(Int128 wide, Value* value) {
  if (wide >= std::numeric_limits<std::int64_t>::min() &&
      wide <= std::numeric_limits<std::int64_t>::max()) {
    *value = static_cast<std::int64_t>(wide);
  } else {
    *value = DecimalText(wide, 0);
  }
}

void ReadTime(duckdb_type id, const void* data, std::uint64_t row, Value* value) {
  if (id == DUCKDB_TYPE_DATE) return SetText(DateText(At<std::int32_t>(data, row)), value);
  const std::int64_t count = At<std::int64_t>(data, row);
  switch (id) {
    case DUCKDB_TYPE_TIME:
      return SetText(TimeText(count), value);
    case DUCKDB_TYPE_TIMESTAMP:
      return SetText(TimestampText(count, 1), value);
    case DUCKDB_TYPE_TIMESTAMP_S:
      return SetText(TimestampText(count, kMicrosPerSecond), value);
    case DUCKDB_TYPE_TIMESTAMP_MS:
      return SetText(TimestampText(count, kMillisInMicros), value);
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return SetText(NanosText(count), value);
    default:
      break;
  }
  const std::string text = TimestampText(count, 1);
  SetText(InfinityName(count) != nullptr ? text : text + "Z", value);
}

void ReadOther(const ColumnShape& shape, const void* data, std::uint64_t row, Value* value) {
  switch (shape.id) {
    case DUCKDB_TYPE_DECIMAL:
      return SetText(DecimalText(Scaled(shape, data, row), shape.type.scale), value);
    case DUCKDB_TYPE_HUGEINT:
      return SetWide(Wide(data, row), value);
    case DUCKDB_TYPE_UHUGEINT: {
      const auto wide = static_cast<UInt128>(Wide(data, row));
      if (wide >> 127 == 0) return SetWide(static_cast<Int128>(wide), value);
      return SetText(UnsignedText(wide), value);
    }
    case DUCKDB_TYPE_VARCHAR:
      return SetText(TextAt(data, row), value);
    case DUCKDB_TYPE_BLOB:
      return SetText(BlobText(TextAt(data, row)), value);
    case DUCKDB_TYPE_ENUM:
      return SetText(shape.words[WordIndex(shape, data, row)], value);
    case DUCKDB_TYPE_UUID:
      return SetText(UuidText(Wide(data, row)), value);
    case DUCKDB_TYPE_INTERVAL: {
      const auto& raw = At<duckdb_interval>(data, row);
      return SetText(IntervalText({raw.months, raw.days, raw.micros}), value);
    }
    default:
      return ReadTime(shape.id, data, row, value);
  }
}

}  // namespace

bool IsReadable(duckdb_type id) {
  for (const Known& known : kKnown) {
    if (known.id == id) return true;
  }
  return false;
}

ColumnShape ShapeOf(duckdb_logical_type type) {
  ColumnShape shape;
  shape.id = duckdb_get_type_id(type);
  for (const Known& known : kKnown) {
    if (known.id == shape.id) shape.type.kind = known.kind;
  }
  if (shape.id == DUCKDB_TYPE_DECIMAL) {
    shape.storage = duckdb_decimal_internal_type(type);
    shape.type.precision = duckdb_decimal_width(type);
    shape.type.scale = duckdb_decimal_scale(type);
  }
  if (shape.id == DUCKDB_TYPE_VARCHAR && TakeText(duckdb_logical_type_get_alias(type)) == "JSON") {
    shape.type.kind = TypeKind::kJson;
  }
  if (shape.id == DUCKDB_TYPE_ENUM) {
    shape.storage = duckdb_enum_internal_type(type);
    for (idx_t i = 0; i < duckdb_enum_dictionary_size(type); ++i) {
      shape.words.push_back(TakeText(duckdb_enum_dictionary_value(type, i)));
    }
  }
  return shape;
}

void ReadCell(const ColumnShape& shape, const void* data, std::uint64_t row, Value* value) {
  switch (shape.id) {
    case DUCKDB_TYPE_BOOLEAN:
      *value = At<bool>(data, row);
      return;
    case DUCKDB_TYPE_TINYINT:
      *value = std::int64_t{At<std::int8_t>(data, row)};
      return;
    case DUCKDB_TYPE_SMALLINT:
      *value = std::int64_t{At<std::int16_t>(data, row)};
      return;
    case DUCKDB_TYPE_INTEGER:
      *value = std::int64_t{At<std::int32_t>(data, row)};
      return;
    case DUCKDB_TYPE_BIGINT:
      *value = At<std::int64_t>(data, row);
      return;
    case DUCKDB_TYPE_UTINYINT:
      *value = std::int64_t{At<std::uint8_t>(data, row)};
      return;
    case DUCKDB_TYPE_USMALLINT:
      *value = std::int64_t{At<std::uint16_t>(data, row)};
      return;
    case DUCKDB_TYPE_UINTEGER:
      *value = std::int64_t{At<std::uint32_t>(data, row)};
      return;
    case DUCKDB_TYPE_UBIGINT:
      *value = At<std::uint64_t>(data, row);
      return;
    case DUCKDB_TYPE_FLOAT:
      *value = double{At<float>(data, row)};
      return;
    case DUCKDB_TYPE_DOUBLE:
      *value = At<double>(data, row);
      return;
    default:
      return ReadOther(shape, data, row, value);
  }
}

}  // namespace kura::warehouse
