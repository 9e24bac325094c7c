// warehouse/batch.h: rows by column, typed, on their way into a warehouse. Fixed-width values lie
// in native form so that loading is a copy; texts lie end to end.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/type.h"

namespace kura::warehouse {

/// Rows per batch: DuckDB's vector size.
inline constexpr std::size_t kBatchRows = 2048;

/// The native form per type: integers and floating point as themselves, BOOLEAN 1 byte, DATE int32
/// days, TIMESTAMP, TIMESTAMPTZ and TIME int64 microseconds, INTERVAL Interval, DECIMAL the scaled
/// integer in 2/4/8/16 bytes by precision (≤4, ≤9, ≤18, ≤38), UUID text; VARCHAR, JSON, UUID and
/// BLOB use `ends` and `bytes`.
struct Interval {
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::int64_t micros = 0;
};

/// One column of a batch.
struct BatchColumn {
  sql::Type type;
  std::vector<std::uint8_t> valid;  // 1 = there is a value, a byte per row
  std::vector<std::byte> fixed;     // rows × WidthBytes(type)
  std::vector<std::uint32_t> ends;  // texts: end offset in `bytes` per row
  std::string bytes;

  void Clear();
};

/// Bytes per value; 0 for texts.
std::size_t WidthBytes(const sql::Type& type);

/// Up to kBatchRows rows.
struct Batch {
  std::vector<BatchColumn> columns;
  std::size_t rows = 0;

  explicit Batch(const std::vector<sql::Type>& types = {});
  void Clear();
};

/// The memory that the values of `batch` take, in bytes.
std::size_t BytesOf(const Batch& batch);

}  // namespace kura::warehouse
