// sync/mysql_decode.h: rows of MySQL's binary protocol, straight from the packet into the columns
// of a batch: no value is copied or allocated on the way. The hot loop of a copy. Nothing that a
// server sends is believed: what is no row of these columns is refused, and nothing beyond the
// packet is read.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sync/mysql_text.h"
#include "sync/mysql_types.h"
#include "sync/source.h"
#include "warehouse/batch.h"

namespace kura::sync {

/// Sample keys that are kept per column and reason.
inline constexpr std::size_t kSampleKeysMax = 5;

/// A batch ends behind the row that passes this many bytes of packets, so that long texts do not
/// multiply by kBatchRows.
inline constexpr std::size_t kBatchBytesMax = std::size_t{4} << 20;

/// Decodes rows into batches: Begin, Row for each packet until full(), End.
class RowDecoder {
 public:
  /// `key_columns` are the indexes of the columns that name a row in reports.
  RowDecoder(const std::vector<SourceColumn>& columns, std::vector<std::size_t> key_columns);

  /// From now on `column` arrives as bytes of `charset`, not as UTF-8.
  void SetCharset(std::size_t column, std::shared_ptr<const Charset> charset);

  /// Makes `batch` empty and the place where the next rows go.
  void Begin(warehouse::Batch* batch);
  /// Decodes one packet. False when it is no row of these columns: then nothing more can be
  /// decoded.
  [[nodiscard]] bool Row(const unsigned char* packet, std::size_t size);
  /// Cuts the batch to the rows that were stored.
  void End();

  bool full() const { return row_ == warehouse::kBatchRows || bytes_ >= kBatchBytesMax; }
  std::size_t rows() const { return row_; }
  /// The column that could not be decoded when Row was false; the number of columns when the packet
  /// as a whole has the wrong form.
  std::size_t bad_column() const { return bad_column_; }
  std::vector<CoercedColumn> Coerced() const;

 private:
  struct Column {
    Decode decode = Decode::kText;
    std::uint8_t width = 0;
    std::uint8_t precision = 0;
    std::uint8_t scale = 0;
    std::uint8_t* valid = nullptr;
    std::byte* fixed = nullptr;
    std::uint32_t* ends = nullptr;
    char* text = nullptr;  // where texts lie end to end; text_size of text_room bytes are used
    std::size_t text_size = 0;
    std::size_t text_room = 0;
    std::uint32_t last_wire = 0;  // a date's four bytes; 0 is no date
    Days last_days = 0;
    warehouse::BatchColumn* out = nullptr;
    const Charset* charset = nullptr;
  };
  struct Count {
    std::int64_t count = 0;
    std::vector<std::string> sample_keys;
  };
  struct Wire;

  template <typename T>
  void Store(const Column& column, T value);
  template <typename T>
  bool Fixed(const Column& column, Wire* wire);
  bool Value(Column& column, Wire* wire);
  bool Sized(Column& column, std::string_view bytes);
  void Null(Column& column);
  void StoreText(Column& column, std::string_view text);
  bool Text(Column& column, std::string_view text);
  bool Mapped(Column& column, std::string_view bytes);
  bool Decimal(Column& column, std::string_view digits);
  bool Bit(Column& column, std::string_view bytes);
  bool Year(Column& column, Wire* wire);
  bool Date(Column& column, std::string_view bytes);
  bool Timestamp(Column& column, std::string_view bytes);
  bool Interval(Column& column, std::string_view bytes);
  bool Day(Column& column, std::string_view bytes, Days* days);
  void Coerce(const Column& column, const char* reason);
  void NameRow();

  std::vector<SourceColumn> described_;
  std::vector<std::size_t> key_columns_;
  std::vector<Column> columns_;
  std::vector<std::shared_ptr<const Charset>> charsets_;
  std::size_t row_ = 0;
  std::size_t bytes_ = 0;
  std::size_t bad_column_ = 0;
  std::string scratch_;
  warehouse::Batch* batch_ = nullptr;
  std::map<std::pair<std::size_t, std::string>, Count> counts_;
  std::vector<Count*> wants_key_;  // filled by the row that is being decoded
};

}  // namespace kura::sync
