// Decoding of the binary protocol's values. Every length is checked against the packet, every value
// against its type: a server that sends nonsense gets an error, never a wrong row.
#include "sync/mysql_decode.h"

#include <algorithm>
#include <cstring>

#include "base/ensure.h"
#include "base/text.h"
#include "sync/row_key.h"

namespace kura::sync {
namespace {

__extension__ using Int128 = __int128;

constexpr int kChunkDigits = 18;  // fit into 64 bits; 128-bit arithmetic is several times slower
constexpr std::int64_t kPowersOfTen[] = {1,
                                         10,
                                         100,
                                         1'000,
                                         10'000,
                                         100'000,
                                         1'000'000,
                                         10'000'000,
                                         100'000'000,
                                         1'000'000'000,
                                         10'000'000'000,
                                         100'000'000'000,
                                         1'000'000'000'000,
                                         10'000'000'000'000,
                                         100'000'000'000'000,
                                         1'000'000'000'000'000,
                                         10'000'000'000'000'000,
                                         100'000'000'000'000'000,
                                         1'000'000'000'000'000'000};
constexpr unsigned kYearMax = 9999;
constexpr unsigned kTimeDaysMax = 34;  // 838 hours

// Unaligned; the wire and every machine we build for have the low byte first.
template <typename T>
T ReadNative(const void* wire) {
  T value;
  std::memcpy(&value, wire, sizeof value);
  return value;
}

unsigned ByteAt(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

struct WireDate {
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

// Why a date is none; null when it is one. MySQL lets zeros and, if asked, February 30 in.
const char* DateProblem(const WireDate& date) {
  if (date.year == 0 && date.month == 0 && date.day == 0) return "zero_date";
  if (date.year == 0 || date.month == 0 || date.day == 0) return "partial_date";
  if (date.day > static_cast<unsigned>(
                     DaysInMonth(static_cast<int>(date.year), static_cast<int>(date.month)))) {
    return "invalid_date";
  }
  return nullptr;
}

// hours(1) minutes(1) seconds(1) [micros(4)] from `at` on; false when that is no time of day.
bool ReadClock(std::string_view bytes, std::size_t at, Micros* clock) {
  const unsigned hours = ByteAt(bytes, at);
  const unsigned minutes = ByteAt(bytes, at + 1);
  const unsigned seconds = ByteAt(bytes, at + 2);
  const bool has_fraction = bytes.size() > at + 3;
  const std::uint32_t micros = has_fraction ? ReadNative<std::uint32_t>(bytes.data() + at + 3) : 0;
  if (hours > 23 || minutes > 59 || seconds > 59 || micros >= kMicrosPerSecond) return false;
  *clock = Micros{hours * 3600 + minutes * 60 + seconds} * kMicrosPerSecond + micros;
  return true;
}

bool IsAscii(std::string_view text) {
  std::uint64_t seen = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) seen |= ReadNative<std::uint64_t>(text.data() + at);
  for (; at < text.size(); ++at) seen |= ByteAt(text, at);
  return (seen & 0x8080808080808080ULL) == 0;
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

// The parts of "-12.50", without leading zeros.
struct DecimalParts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
};

// False when the text cannot be a DECIMAL(precision, scale), whatever its characters are.
bool SplitDecimal(std::string_view text, int precision, int scale, DecimalParts* parts) {
  parts->negative = !text.empty() && text.front() == '-';
  if (parts->negative) text.remove_prefix(1);
  if (text.empty()) return false;
  const std::size_t dot = text.find('.');
  parts->whole = text.substr(0, dot);
  if (dot != std::string_view::npos) parts->fraction = text.substr(dot + 1);
  while (!parts->whole.empty() && parts->whole.front() == '0') parts->whole.remove_prefix(1);
  return parts->whole.size() <= static_cast<std::size_t>(precision - scale) &&
         parts->fraction.size() <= static_cast<std::size_t>(scale);
}

// Appends digits to `value`; false when one is none.
bool AddDigits(std::string_view digits, std::int64_t* value) {
  unsigned worst = 0;
  std::int64_t sum = *value;
  for (const char c : digits) {
    const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
    worst |= digit > 9 ? 1 : 0;
    sum = sum * 10 + (digit & 15);
  }
  *value = sum;
  return worst == 0;
}

// The same for more digits than fit into 64 bits, whose arithmetic is several times faster.
bool AddDigits(std::string_view digits, Int128* value) {
  while (!digits.empty()) {
    const std::string_view chunk = digits.substr(0, kChunkDigits);
    std::int64_t number = 0;
    if (!AddDigits(chunk, &number)) return false;
    *value = *value * kPowersOfTen[chunk.size()] + number;
    digits.remove_prefix(chunk.size());
  }
  return true;
}

// A DECIMAL as an integer scaled by 10^scale: at most `precision` digits, so that it cannot
// overflow.
template <typename T>
bool ReadDecimal(std::string_view text, int precision, int scale, T* value) {
  DecimalParts parts;
  T scaled = 0;
  if (!SplitDecimal(text, precision, scale, &parts) || !AddDigits(parts.whole, &scaled) ||
      !AddDigits(parts.fraction, &scaled)) {
    return false;
  }
  for (auto missing = static_cast<std::size_t>(scale) - parts.fraction.size(); missing > 0;) {
    const std::size_t step = std::min<std::size_t>(missing, kChunkDigits);
    scaled = static_cast<T>(scaled * kPowersOfTen[step]);
    missing -= step;
  }
  *value = parts.negative ? static_cast<T>(-scaled) : scaled;
  return true;
}

}  // namespace

// What is left of the packet.
struct RowDecoder::Wire {
  const unsigned char* at = nullptr;
  const unsigned char* end = nullptr;

  std::size_t left() const { return static_cast<std::size_t>(end - at); }

  // A length of 1, 3, 4 or 9 bytes; false when it or what it promises is not in the packet.
  bool Length(std::size_t* size) {
    if (left() < 1) return false;
    const unsigned char first = *at++;
    if (first < 251) [[likely]] {
      *size = first;
      return *size <= left();
    }
    const std::size_t width = first == 252 ? 2 : first == 253 ? 3 : first == 254 ? 8 : 0;
    if (width == 0 || left() < width) return false;
    std::uint64_t length = 0;
    std::memcpy(&length, at, width);
    at += width;
    *size = length;
    return length <= left();
  }
};

RowDecoder::RowDecoder(const std::vector<SourceColumn>& columns,
                       std::vector<std::size_t> key_columns)
    : described_(columns), key_columns_(std::move(key_columns)), charsets_(columns.size()) {
  for (const SourceColumn& column : columns) {
    Column state;
    state.decode = DecodeFor(column.type, column.source_type);
    state.width = static_cast<std::uint8_t>(warehouse::WidthBytes(column.type));
    state.precision = static_cast<std::uint8_t>(column.type.precision);
    state.scale = static_cast<std::uint8_t>(column.type.scale);
    columns_.push_back(state);
  }
}

void RowDecoder::SetCharset(std::size_t column, std::shared_ptr<const Charset> charset) {
  ENSURE(columns_[column].decode == Decode::kText && charset != nullptr);
  columns_[column].decode = Decode::kMappedText;
  columns_[column].charset = charset.get();
  charsets_[column] = std::move(charset);
}

void RowDecoder::Begin(warehouse::Batch* batch) {
  ENSURE(batch->columns.size() == columns_.size());
  batch->Clear();
  batch_ = batch;
  row_ = 0;
  bytes_ = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    warehouse::BatchColumn* out = &batch->columns[i];
    column.out = out;
    out->valid.assign(warehouse::kBatchRows, 1);
    out->fixed.resize(warehouse::kBatchRows * column.width);
    column.valid = out->valid.data();
    column.fixed = out->fixed.data();
    if (column.width != 0) continue;
    out->ends.resize(warehouse::kBatchRows);
    column.ends = out->ends.data();
    // A batch that once held a huge text must not keep its memory.
    if (out->bytes.capacity() > 2 * kBatchBytesMax) out->bytes = std::string();
    out->bytes.resize(out->bytes.capacity());
    column.text = out->bytes.data();
    column.text_room = out->bytes.size();
    column.text_size = 0;
  }
}

bool RowDecoder::Row(const unsigned char* packet, std::size_t size) {
  ENSURE(!full());
  // A zero, a bit per column and two more that says NULL, the values without gaps.
  const std::size_t count = columns_.size();
  const std::size_t header = 1 + (count + 9) / 8;
  bad_column_ = count;
  if (size < header || packet[0] != 0) return false;
  const unsigned char* nulls = packet + 1;
  Wire wire{packet + header, packet + size};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t bit = i + 2;
    if ((nulls[bit / 8] >> (bit % 8) & 1) != 0) {
      Null(columns_[i]);
    } else if (!Value(columns_[i], &wire)) [[unlikely]] {
      bad_column_ = i;
      return false;
    }
  }
  if (wire.left() != 0) return false;
  if (!wants_key_.empty()) [[unlikely]]
    NameRow();
  bytes_ += size;
  ++row_;
  return true;
}

void RowDecoder::End() {
  batch_->rows = row_;
  for (Column& column : columns_) {
    column.out->valid.resize(row_);
    column.out->fixed.resize(row_ * column.width);
    if (column.width != 0) continue;
    column.out->ends.resize(row_);
    column.out->bytes.resize(row_ == 0 ? 0 : column.ends[row_ - 1]);
  }
}

std::vector<CoercedColumn> RowDecoder::Coerced() const {
  std::vector<CoercedColumn> coerced;
  for (const auto& [where, count] : counts_) {
    coerced.push_back({where.first, where.second, count.count, count.sample_keys});
  }
  return coerced;
}

bool RowDecoder::Value(Column& column, Wire* wire) {
  switch (column.decode) {
    case Decode::kInt8:
      return Fixed<std::uint8_t>(column, wire);
    case Decode::kInt16:
      return Fixed<std::uint16_t>(column, wire);
    case Decode::kInt32:
      return Fixed<std::uint32_t>(column, wire);
    case Decode::kInt64:
      return Fixed<std::uint64_t>(column, wire);
    case Decode::kFloat:
      return Fixed<float>(column, wire);
    case Decode::kDouble:
      return Fixed<double>(column, wire);
    case Decode::kShortYear:
      return Year(column, wire);
    default:
      break;
  }
  std::size_t size = 0;
  if (!wire->Length(&size)) return false;
  const std::string_view bytes(reinterpret_cast<const char*>(wire->at), size);
  wire->at += size;
  return Sized(column, bytes);
}

// Values that tell their size.
bool RowDecoder::Sized(Column& column, std::string_view bytes) {
  switch (column.decode) {
    case Decode::kDecimal:
      return Decimal(column, bytes);
    case Decode::kBit:
    case Decode::kBitBoolean:
      return Bit(column, bytes);
    case Decode::kDate:
      return Date(column, bytes);
    case Decode::kTimestamp:
      return Timestamp(column, bytes);
    case Decode::kInterval:
      return Interval(column, bytes);
    case Decode::kBytes:
      StoreText(column, bytes);
      return true;
    case Decode::kMappedText:
      return Mapped(column, bytes);
    default:
      return Text(column, bytes);
  }
}

void RowDecoder::Null(Column& column) {
  column.valid[row_] = 0;
  if (column.width == 0) column.ends[row_] = static_cast<std::uint32_t>(column.text_size);
}

template <typename T>
void RowDecoder::Store(const Column& column, T value) {
  std::memcpy(column.fixed + row_ * sizeof(T), &value, sizeof(T));
}

template <typename T>
bool RowDecoder::Fixed(const Column& column, Wire* wire) {
  if (wire->left() < sizeof(T)) return false;
  std::memcpy(column.fixed + row_ * sizeof(T), wire->at, sizeof(T));
  wire->at += sizeof(T);
  return true;
}

void RowDecoder::StoreText(Column& column, std::string_view text) {
  if (column.text_room - column.text_size < text.size()) [[unlikely]] {
    column.out->bytes.resize(2 * column.text_room + text.size());
    column.text = column.out->bytes.data();
    column.text_room = column.out->bytes.size();
  }
  std::memcpy(column.text + column.text_size, text.data(), text.size());
  column.text_size += text.size();
  column.ends[row_] = static_cast<std::uint32_t>(column.text_size);
}

bool RowDecoder::Text(Column& column, std::string_view text) {
  if (IsAscii(text) || IsUtf8(text)) [[likely]] {
    StoreText(column, text);
    return true;
  }
  StoreText(column, RepairUtf8(text));
  Coerce(column, "invalid_utf8");
  return true;
}

// UTF-8 that an old application wrote into a latin1 column is kept as the server means it, and
// counted: only a person can say that `read_as: utf8mb4` is what was meant.
bool RowDecoder::Mapped(Column& column, std::string_view bytes) {
  const bool is_ascii = IsAscii(bytes);
  if (is_ascii && column.charset->keeps_ascii()) [[likely]] {
    StoreText(column, bytes);
    return true;
  }
  scratch_.clear();
  const std::size_t unmapped = column.charset->Append(bytes, &scratch_);
  StoreText(column, scratch_);
  if (unmapped > 0) Coerce(column, "unmapped_character");
  if (column.charset->is_latin1() && !is_ascii && IsUtf8(bytes)) Coerce(column, "utf8_in_latin1");
  return true;
}

bool RowDecoder::Decimal(Column& column, std::string_view digits) {
  if (column.width == 16) {
    Int128 large = 0;
    if (!ReadDecimal(digits, column.precision, column.scale, &large)) return false;
    Store(column, large);
    return true;
  }
  std::int64_t value = 0;
  if (!ReadDecimal(digits, column.precision, column.scale, &value)) return false;
  if (column.width == 8) {
    Store(column, value);
  } else if (column.width == 4) {
    Store(column, static_cast<std::int32_t>(value));
  } else {
    Store(column, static_cast<std::int16_t>(value));
  }
  return true;
}

bool RowDecoder::Bit(Column& column, std::string_view bytes) {
  if (bytes.empty() || bytes.size() > 8) return false;
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  if (column.decode == Decode::kBit) {
    Store(column, value);
    return true;
  }
  Store(column, static_cast<std::uint8_t>(value));
  return value <= 1;
}

// YEAR(2) of old tables: 70…99 are of the twentieth century.
bool RowDecoder::Year(Column& column, Wire* wire) {
  if (wire->left() < 2) return false;
  const auto year = ReadNative<std::uint16_t>(wire->at);
  wire->at += 2;
  Store(column, static_cast<std::int16_t>(year + (year > 99 ? 0 : year < 70 ? 2000 : 1900)));
  return year <= kYearMax;
}

bool RowDecoder::Date(Column& column, std::string_view bytes) {
  Days days = 0;
  if (bytes.size() != 0 && bytes.size() != 4) return false;
  if (!Day(column, bytes, &days)) return false;
  Store(column, days);
  return true;
}

// year(2) month(1) day(1) [hours(1) minutes(1) seconds(1) [micros(4)]]; nothing is the zero date.
bool RowDecoder::Timestamp(Column& column, std::string_view bytes) {
  const std::size_t size = bytes.size();
  Days days = 0;
  Micros clock = 0;
  if (size != 0 && size != 4 && size != 7 && size != 11) return false;
  if (!Day(column, bytes, &days)) return false;
  if (size > 4 && !ReadClock(bytes, 4, &clock)) return false;
  Store(column, Micros{days} * kMicrosPerDay + clock);
  return true;
}

// Neighbouring rows mostly have the same day, so the last one is remembered. A date that is none
// makes the value NULL; false when not even MySQL could have stored it.
bool RowDecoder::Day(Column& column, std::string_view bytes, Days* days) {
  const std::uint32_t wire = bytes.empty() ? 0 : ReadNative<std::uint32_t>(bytes.data());
  if (wire != 0 && wire == column.last_wire) [[likely]] {
    *days = column.last_days;
    return true;
  }
  const WireDate date{wire & 0xFFFF, wire >> 16 & 0xFF, wire >> 24};
  if (date.year > kYearMax || date.month > 12 || date.day > 31) return false;
  if (const char* problem = DateProblem(date)) {
    Null(column);
    Coerce(column, problem);
    return true;
  }
  column.last_wire = wire;
  column.last_days = ToDays(
      {static_cast<int>(date.year), static_cast<int>(date.month), static_cast<int>(date.day)});
  *days = column.last_days;
  return true;
}

// sign(1) days(4) hours(1) minutes(1) seconds(1) [micros(4)]; nothing at all is 00:00:00. Days stay
// hours, since MySQL's TIME counts hours and an interval's day is not always 24 of them.
bool RowDecoder::Interval(Column& column, std::string_view bytes) {
  const std::size_t size = bytes.size();
  warehouse::Interval interval;
  if (size != 0 && size != 8 && size != 12) return false;
  if (size != 0) {
    const auto days = ReadNative<std::uint32_t>(bytes.data() + 1);
    if (ByteAt(bytes, 0) > 1 || days > kTimeDaysMax) return false;
    if (!ReadClock(bytes, 5, &interval.micros)) return false;
    interval.micros += days * kMicrosPerDay;
    if (ByteAt(bytes, 0) == 1) interval.micros = -interval.micros;
  }
  Store(column, interval);
  return true;
}

void RowDecoder::Coerce(const Column& column, const char* reason) {
  Count& count = counts_[{static_cast<std::size_t>(&column - columns_.data()), reason}];
  ++count.count;
  if (count.sample_keys.size() < kSampleKeysMax) wants_key_.push_back(&count);
}

void RowDecoder::NameRow() {
  const std::string key = RowKey({&described_, &key_columns_, batch_, row_});
  for (Count* count : wants_key_) {
    if (!key.empty()) count->sample_keys.push_back(key);
  }
  wants_key_.clear();
}

}  // namespace kura::sync
