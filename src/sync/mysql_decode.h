// sync/mysql_decode.h: values of MySQL's binary protocol, straight from the packet into the columns
// of a batch: no value is copied or allocated on the way. The hot loop of a copy.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sync/mysql_types.h"
#include "sync/source.h"
#include "warehouse/batch.h"

namespace kura::sync {

/// Sample keys that are kept per column and reason.
inline constexpr std::size_t kSampleKeysMax = 5;

/// Decodes rows into a batch. Usage per row: one Value or Null call per column in order, EndRow.
class RowDecoder {
 public:
  /// `key_columns` are the indexes of the columns that name a row in reports.
  RowDecoder(const std::vector<SourceColumn>& columns, std::vector<std::size_t> key_columns);

  /// Makes `batch` empty and the place where the next rows go.
  void Begin(warehouse::Batch* batch);
  /// Stores NULL.
  void Null(std::size_t column);
  /// Stores the value at `wire` and returns the place behind it.
  const unsigned char* Value(std::size_t column, const unsigned char* wire);
  void EndRow();
  /// Cuts the batch to the rows that were stored.
  void End();

  bool full() const { return row_ == warehouse::kBatchRows; }
  std::size_t rows() const { return row_; }
  std::vector<CoercedColumn> Coerced() const;

 private:
  struct Column {
    Decode decode = Decode::kText;
    std::size_t width = 0;
    int scale = 0;
    warehouse::BatchColumn* out = nullptr;
    std::byte* fixed = nullptr;
    std::uint32_t last_wire = 0;  // a date's four bytes; 0 is no date
    Days last_days = 0;
  };
  struct Count {
    std::int64_t count = 0;
    std::vector<std::string> sample_keys;
  };

  template <typename T>
  void Store(const Column& column, T value);
  void StoreText(Column& column, std::string_view text);
  void CheckedText(std::size_t index, std::string_view text);
  void Decimal(std::size_t index, std::string_view digits);
  void Bit(const Column& column, std::string_view bytes);
  void Date(std::size_t index, const unsigned char* value, std::size_t size);
  void Timestamp(std::size_t index, const unsigned char* value, std::size_t size);
  static Days DaysOf(Column& column, const unsigned char* value);
  void Interval(const Column& column, const unsigned char* value, std::size_t size);
  void Coerce(std::size_t column, const char* reason);
  std::string KeyOfRow() const;
  std::string KeyText(std::size_t column) const;

  std::vector<SourceColumn> described_;
  std::vector<std::size_t> key_columns_;
  std::vector<Column> columns_;
  std::size_t row_ = 0;
  warehouse::Batch* batch_ = nullptr;
  std::map<std::pair<std::size_t, std::string>, Count> counts_;
  std::vector<Count*> wants_key_;  // filled by the row that is being decoded
};

/// Reads a length-encoded integer and moves behind it.
std::uint64_t ReadLength(const unsigned char** wire);

}  // namespace kura::sync
