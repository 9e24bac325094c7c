// Decoding of the binary protocol's values. Lengths come from the server, as libmariadb trusts
// them.
#include "sync/mysql_decode.h"

#include <cstring>

#include "base/ensure.h"
#include "base/text.h"
#include "base/time.h"

namespace kura::sync {
namespace {

__extension__ using Int128 = __int128;

template <typename T>
T ReadNative(const unsigned char* wire) {
  T value;
  std::memcpy(
      &value, wire, sizeof value);  // The wire and every machine we build for: low byte first.
  return value;
}

struct WireDate {
  int year = 0;
  int month = 0;
  int day = 0;
};

WireDate ReadDate(const unsigned char* value, std::size_t size) {
  if (size < 4) return {};
  return {ReadNative<std::uint16_t>(value), value[2], value[3]};
}

// Why a date is none; null when it is one. MySQL lets zeros and, if asked, February 30 in.
const char* DateProblem(const WireDate& date) {
  if (date.year == 0 && date.month == 0 && date.day == 0) return "zero_date";
  if (date.year == 0 || date.month == 0 || date.day == 0) return "partial_date";
  if (date.month > 12 || date.day > DaysInMonth(date.year, date.month)) return "invalid_date";
  return nullptr;
}

Micros ReadClock(const unsigned char* value, std::size_t size, std::size_t at) {
  if (size < at + 3) return 0;
  const Micros seconds = value[at] * 3600 + value[at + 1] * 60 + value[at + 2];
  const Micros fraction = size >= at + 7 ? ReadNative<std::uint32_t>(value + at + 3) : 0;
  return seconds * kMicrosPerSecond + fraction;
}

bool IsAscii(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & 0x8080808080808080ULL) != 0) return false;
  }
  for (; at < text.size(); ++at) {
    if (static_cast<unsigned char>(text[at]) >= 0x80) return false;
  }
  return true;
}

std::string RepairUtf8(std::string_view text) {
  std::string repaired;
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = DecodeRune(text, at);
    AppendUtf8(repaired, rune.code_point);
    at += rune.size_bytes;
  }
  return repaired;
}

// The digits of a DECIMAL as an integer scaled by 10^scale. Up to 18 digits stay in 64 bits, since
// 128-bit multiplication is several times slower.
template <typename T>
T ScaledDigits(std::string_view digits, int scale) {
  const bool negative = !digits.empty() && digits.front() == '-';
  T value = 0;
  int fraction = -1;
  for (const char c : digits) {
    if (c == '.') fraction = 0;
    if (c < '0' || c > '9') continue;
    value = static_cast<T>(value * 10 + (c - '0'));
    if (fraction >= 0) ++fraction;
  }
  for (int missing = scale - (fraction < 0 ? 0 : fraction); missing > 0; --missing) {
    value = static_cast<T>(value * 10);
  }
  return negative ? static_cast<T>(-value) : value;
}

}  // namespace

std::uint64_t ReadLength(const unsigned char** wire) {
  const unsigned char first = **wire;
  ++*wire;
  if (first < 251) return first;
  std::uint64_t length = 0;
  const std::size_t size = first == 252 ? 2 : first == 253 ? 3 : 8;
  std::memcpy(&length, *wire, size);
  *wire += size;
  return length;
}

RowDecoder::RowDecoder(const std::vector<SourceColumn>& columns,
                       std::vector<std::size_t> key_columns)
    : described_(columns), key_columns_(std::move(key_columns)) {
  for (const SourceColumn& column : columns) {
    Column state;
    state.decode = DecodeFor(column.type, column.source_type);
    state.width = warehouse::WidthBytes(column.type);
    state.scale = column.type.scale;
    columns_.push_back(state);
  }
}

void RowDecoder::Begin(warehouse::Batch* batch) {
  ENSURE(batch->columns.size() == columns_.size());
  batch->Clear();
  batch_ = batch;
  row_ = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    column.out = &batch->columns[i];
    column.out->valid.resize(warehouse::kBatchRows);
    column.out->fixed.resize(warehouse::kBatchRows * column.width);
    if (column.width == 0) column.out->ends.resize(warehouse::kBatchRows);
    column.fixed = column.out->fixed.data();
  }
}

void RowDecoder::Null(std::size_t index) {
  Column& column = columns_[index];
  column.out->valid[row_] = 0;
  if (column.width == 0)
    column.out->ends[row_] = static_cast<std::uint32_t>(column.out->bytes.size());
}

template <typename T>
void RowDecoder::Store(const Column& column, T value) {
  std::memcpy(column.fixed + row_ * sizeof(T), &value, sizeof(T));
  column.out->valid[row_] = 1;
}

void RowDecoder::StoreText(Column& column, std::string_view text) {
  column.out->bytes.append(text);
  column.out->ends[row_] = static_cast<std::uint32_t>(column.out->bytes.size());
  column.out->valid[row_] = 1;
}

const unsigned char* RowDecoder::Value(std::size_t index, const unsigned char* wire) {
  Column& column = columns_[index];
  switch (column.decode) {
    case Decode::kInt8:
      Store(column, *wire);
      return wire + 1;
    case Decode::kInt16:
      Store(column, ReadNative<std::uint16_t>(wire));
      return wire + 2;
    case Decode::kInt32:
      Store(column, ReadNative<std::uint32_t>(wire));
      return wire + 4;
    case Decode::kInt64:
      Store(column, ReadNative<std::uint64_t>(wire));
      return wire + 8;
    case Decode::kFloat:
      Store(column, ReadNative<float>(wire));
      return wire + 4;
    case Decode::kDouble:
      Store(column, ReadNative<double>(wire));
      return wire + 8;
    default:
      break;
  }
  const std::size_t size = ReadLength(&wire);
  const std::string_view bytes(reinterpret_cast<const char*>(wire), size);
  switch (column.decode) {
    case Decode::kDecimal:
      Decimal(index, bytes);
      break;
    case Decode::kBit:
    case Decode::kBitBoolean:
      Bit(column, bytes);
      break;
    case Decode::kDate:
      Date(index, wire, size);
      break;
    case Decode::kTimestamp:
      Timestamp(index, wire, size);
      break;
    case Decode::kInterval:
      Interval(column, wire, size);
      break;
    case Decode::kBytes:
      StoreText(column, bytes);
      break;
    default:
      CheckedText(index, bytes);
      break;
  }
  return wire + size;
}

void RowDecoder::CheckedText(std::size_t index, std::string_view text) {
  if (IsAscii(text) || IsUtf8(text)) return StoreText(columns_[index], text);
  StoreText(columns_[index], RepairUtf8(text));
  Coerce(index, "invalid_utf8");
}

void RowDecoder::Decimal(std::size_t index, std::string_view digits) {
  const Column& column = columns_[index];
  switch (column.width) {
    case 2:
      return Store(column,
                   static_cast<std::int16_t>(ScaledDigits<std::int64_t>(digits, column.scale)));
    case 4:
      return Store(column,
                   static_cast<std::int32_t>(ScaledDigits<std::int64_t>(digits, column.scale)));
    case 8:
      return Store(column, ScaledDigits<std::int64_t>(digits, column.scale));
    default:
      return Store(column, ScaledDigits<Int128>(digits, column.scale));
  }
}

void RowDecoder::Bit(const Column& column, std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  if (column.decode == Decode::kBit) return Store(column, value);
  Store(column, static_cast<std::uint8_t>(value != 0));
}

void RowDecoder::Date(std::size_t index, const unsigned char* value, std::size_t size) {
  const WireDate date = ReadDate(value, size);
  if (const char* problem = DateProblem(date)) {
    Null(index);
    return Coerce(index, problem);
  }
  Store(columns_[index], DaysOf(columns_[index], value));
}

void RowDecoder::Timestamp(std::size_t index, const unsigned char* value, std::size_t size) {
  const WireDate date = ReadDate(value, size);
  if (const char* problem = DateProblem(date)) {
    Null(index);
    return Coerce(index, problem);
  }
  const Micros day = DaysOf(columns_[index], value) * kMicrosPerDay;
  Store(columns_[index], day + ReadClock(value, size, 4));
}

// Neighbouring rows mostly have the same day, so the last one is remembered.
Days RowDecoder::DaysOf(Column& column, const unsigned char* value) {
  const auto wire = ReadNative<std::uint32_t>(value);
  if (wire != column.last_wire) {
    const WireDate date = ReadDate(value, 4);
    column.last_wire = wire;
    column.last_days = ToDays({date.year, date.month, date.day});
  }
  return column.last_days;
}

// sign(1) days(4) hours(1) minutes(1) seconds(1) [micros(4)]; nothing at all is 00:00:00. Days stay
// hours, since MySQL's TIME counts hours and an interval's day is not always 24 of them.
void RowDecoder::Interval(const Column& column, const unsigned char* value, std::size_t size) {
  warehouse::Interval interval;
  if (size >= 8) {
    interval.micros =
        ReadNative<std::uint32_t>(value + 1) * kMicrosPerDay + ReadClock(value, size, 5);
    if (value[0] != 0) interval.micros = -interval.micros;
  }
  Store(column, interval);
}

void RowDecoder::Coerce(std::size_t column, const char* reason) {
  Count& count = counts_[{column, reason}];
  ++count.count;
  if (count.sample_keys.size() < kSampleKeysMax) wants_key_.push_back(&count);
}

void RowDecoder::EndRow() {
  if (!wants_key_.empty()) [[unlikely]] {
    if (!key_columns_.empty()) {
      const std::string key = KeyOfRow();
      for (Count* count : wants_key_) count->sample_keys.push_back(key);
    }
    wants_key_.clear();
  }
  ++row_;
}

void RowDecoder::End() {
  batch_->rows = row_;
  if (full()) return;
  for (Column& column : columns_) {
    column.out->valid.resize(row_);
    column.out->fixed.resize(row_ * column.width);
    if (column.width == 0) column.out->ends.resize(row_);
  }
}

std::string RowDecoder::KeyOfRow() const {
  std::vector<std::string> parts;
  for (const std::size_t column : key_columns_) parts.push_back(KeyText(column));
  return parts.size() == 1 ? parts.front() : "(" + Join(parts, ", ") + ")";
}

std::string RowDecoder::KeyText(std::size_t index) const {
  const Column& column = columns_[index];
  const std::byte* at = column.fixed + row_ * column.width;
  const auto* wire = reinterpret_cast<const unsigned char*>(at);
  switch (described_[index].type.kind) {
    case sql::TypeKind::kTinyInt:
      return std::to_string(ReadNative<std::int8_t>(wire));
    case sql::TypeKind::kUTinyInt:
      return std::to_string(*wire);
    case sql::TypeKind::kSmallInt:
      return std::to_string(ReadNative<std::int16_t>(wire));
    case sql::TypeKind::kUSmallInt:
      return std::to_string(ReadNative<std::uint16_t>(wire));
    case sql::TypeKind::kInteger:
      return std::to_string(ReadNative<std::int32_t>(wire));
    case sql::TypeKind::kUInteger:
      return std::to_string(ReadNative<std::uint32_t>(wire));
    case sql::TypeKind::kBigInt:
      return std::to_string(ReadNative<std::int64_t>(wire));
    case sql::TypeKind::kUBigInt:
      return std::to_string(ReadNative<std::uint64_t>(wire));
    case sql::TypeKind::kDate:
      return FormatDate(ReadNative<Days>(wire));
    case sql::TypeKind::kTimestamp:
      return FormatDateTime(ReadNative<Micros>(wire));
    case sql::TypeKind::kTimestampTz:
      return FormatInstant(ReadNative<Micros>(wire));
    default:
      break;
  }
  if (column.width != 0) return "?";
  const std::uint32_t begin = row_ == 0 ? 0 : column.out->ends[row_ - 1];
  return column.out->bytes.substr(begin, column.out->ends[row_] - begin);
}

std::vector<CoercedColumn> RowDecoder::Coerced() const {
  std::vector<CoercedColumn> coerced;
  for (const auto& [where, count] : counts_) {
    coerced.push_back({where.first, where.second, count.count, count.sample_keys});
  }
  return coerced;
}

}  // namespace kura::sync
