// Numbers, dates and times of cells. Checking a file and loading it use the same functions.
#include "sync/seed_value.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "sync/seed_time.h"

namespace kura::sync {
namespace {

using sql::TypeKind;
using warehouse::BatchColumn;

constexpr int kDecimalDigitsMax = 38;
constexpr int kDecimalDigitsUsual = 18;
constexpr std::size_t kShownBytesMax = 60;
constexpr std::int64_t kMistakesOneIn = 5;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool AreDigits(std::string_view text) {
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  return !text.empty();
}

// [-]whole[.fraction], nothing else.
struct NumberText {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;  // without zeros at its end
  int written_scale = 0;      // with them
};

std::optional<NumberText> ScanNumber(std::string_view text) {
  NumberText number;
  number.negative = text.starts_with('-');
  if (number.negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  number.whole = text.substr(0, point);
  if (!AreDigits(number.whole)) return std::nullopt;
  if (point == std::string_view::npos) return number;
  number.fraction = text.substr(point + 1);
  if (!AreDigits(number.fraction)) return std::nullopt;
  number.written_scale = static_cast<int>(number.fraction.size());
  const std::size_t last = number.fraction.find_last_not_of('0');
  number.fraction = number.fraction.substr(0, last == std::string_view::npos ? 0 : last + 1);
  return number;
}

// "007": a code, not a number.
bool HasLeadingZero(const NumberText& number) {
  return number.whole.size() > 1 && number.whole[0] == '0';
}

// "1,200": digits in groups of three, as spreadsheets show them.
bool IsGrouped(std::string_view text) {
  const std::vector<std::string_view> groups = Split(text.substr(0, text.find('.')), ',');
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!AreDigits(groups[i]) || groups[i].size() > 3) return false;
    if (i > 0 && groups[i].size() != 3) return false;
  }
  return groups.size() > 1;
}

// "1,200", "¥1200", "12%": numbers to a person.
bool LooksLikeNumber(std::string_view text) {
  const std::string_view as_written = text;
  if (text.starts_with('-')) text.remove_prefix(1);
  for (const std::string_view unit : {"¥", "￥"}) {
    if (text.starts_with(unit)) text.remove_prefix(unit.size());
  }
  if (text.ends_with('%')) text.remove_suffix(1);
  if (IsGrouped(text)) return true;
  return text.size() != as_written.size() && !text.starts_with('-') && ScanNumber(text) &&
         !ScanNumber(as_written);
}

std::string Shown(std::string_view cell) {
  std::string text = ReplaceAll(ReplaceAll(cell, "\r", "⏎"), "\n", "⏎");
  if (text.size() <= kShownBytesMax) return "'" + text + "'";
  std::size_t end = 0;
  while (end < kShownBytesMax) end += DecodeRune(text, end).size_bytes;
  return "'" + text.substr(0, end) + "…'";
}

template <typename T>
void AppendFixed(T value, BatchColumn* column) {
  const std::size_t at = column->fixed.size();
  column->fixed.resize(at + sizeof(T));
  std::memcpy(column->fixed.data() + at, &value, sizeof(T));
  column->valid.push_back(1);
}

CellProblem NotOf(std::string_view cell, const sql::Type& type, std::string hint) {
  if (Trim(cell) != cell) hint = "take the white space around it away";
  return {Shown(cell) + " is not " + SeedTypeWords(type), std::move(hint)};
}

std::optional<CellProblem> AppendText(std::string_view cell, BatchColumn* column) {
  if (cell.find('\0') != std::string_view::npos) {
    return CellProblem{"the cell holds a byte 0", "take it out"};
  }
  column->bytes.append(cell);
  column->ends.push_back(static_cast<std::uint32_t>(column->bytes.size()));
  column->valid.push_back(1);
  return std::nullopt;
}

std::optional<CellProblem> AppendBoolean(std::string_view cell, BatchColumn* column) {
  const bool is_true = EqualsIgnoreCase(cell, "true") || cell == "1";
  if (!is_true && !EqualsIgnoreCase(cell, "false") && cell != "0") {
    return NotOf(cell, column->type, "write true or false (or 1 or 0)");
  }
  AppendFixed<std::uint8_t>(is_true ? 1 : 0, column);
  return std::nullopt;
}

std::optional<CellProblem> AppendInteger(std::string_view cell, BatchColumn* column) {
  const std::optional<NumberText> number = ScanNumber(cell);
  if (!number || !number->fraction.empty() || number->written_scale > 0) {
    return NotOf(cell, column->type, "write digits only, for example 1200 or -5");
  }
  std::int64_t value = 0;
  if (!ParseInt(cell, &value)) {
    return CellProblem{Shown(cell) + " is too large for an integer",
                       "declare the column as decimal(38,0)"};
  }
  AppendFixed(value, column);
  return std::nullopt;
}

// The scaled integer, in as many bytes as the precision needs.
void AppendScaled(const NumberText& number, BatchColumn* column) {
  __extension__ using Wide = __int128;
  Wide value = 0;
  for (const char digit : number.whole) value = value * 10 + (digit - '0');
  for (int i = 0; i < column->type.scale; ++i) {
    const auto at = static_cast<std::size_t>(i);
    value = value * 10 + (at < number.fraction.size() ? number.fraction[at] - '0' : 0);
  }
  if (number.negative) value = -value;
  const std::size_t width = warehouse::WidthBytes(column->type);
  const std::size_t at = column->fixed.size();
  column->fixed.resize(at + width);
  std::memcpy(column->fixed.data() + at, &value, width);  // Little-endian: the low bytes are first.
  column->valid.push_back(1);
}

std::optional<CellProblem> AppendDecimal(std::string_view cell, BatchColumn* column) {
  const sql::Type& type = column->type;
  std::optional<NumberText> number = ScanNumber(cell);
  if (!number) return NotOf(cell, type, "write digits and a point, for example 1200 or -0.5");
  if (static_cast<int>(number->fraction.size()) > type.scale) {
    return CellProblem{
        fmt::format("{} has more than {} digits behind the point", Shown(cell), type.scale),
        "round it, or declare a column with more digits"};
  }
  const std::size_t zeros = std::min(number->whole.find_first_not_of('0'), number->whole.size());
  number->whole.remove_prefix(zeros);
  if (static_cast<int>(number->whole.size()) > type.precision - type.scale) {
    return CellProblem{
        fmt::format("{} does not fit into decimal({},{})", Shown(cell), type.precision, type.scale),
        "declare a column with more digits"};
  }
  AppendScaled(*number, column);
  return std::nullopt;
}

std::optional<CellProblem> AppendDouble(std::string_view cell, BatchColumn* column) {
  double value = 0;
  const char* const end = cell.data() + cell.size();
  const auto [stopped, error] = std::from_chars(cell.data(), end, value);
  if (error != std::errc() || stopped != end || !std::isfinite(value)) {
    return NotOf(cell, column->type, "write for example 0.5 or 1e-3");
  }
  AppendFixed(value, column);
  return std::nullopt;
}

std::optional<CellProblem> AppendTime(std::string_view cell, BatchColumn* column) {
  const ScannedTime time = ScanTime(cell);
  const TypeKind kind = column->type.kind;
  if (time.form != TimeForm::kNone && !time.problem.empty()) {
    return CellProblem{Shown(cell) + " " + time.problem, ""};
  }
  if (kind == TypeKind::kDate) {
    if (time.form != TimeForm::kDate) {
      return NotOf(cell, column->type, "write 2026-04-01 or 2026/4/1");
    }
    AppendFixed(DayOf(time.local), column);
    return std::nullopt;
  }
  const bool is_instant = kind == TypeKind::kTimestampTz;
  const bool fits = is_instant ? time.form == TimeForm::kInstant
                               : time.form == TimeForm::kDate || time.form == TimeForm::kTimestamp;
  if (!fits) {
    return NotOf(cell,
                 column->type,
                 is_instant ? "write 2026-04-01T09:00:00+09:00" : "write 2026-04-01 09:00:00");
  }
  AppendFixed(time.local - time.offset, column);
  return std::nullopt;
}

}  // namespace

std::optional<sql::Type> ParseSeedType(std::string_view text) {
  const std::string name = ReplaceAll(ToLower(Trim(text)), " ", "");
  if (name == "text") return sql::Type{TypeKind::kVarchar, 0, 0};
  if (name == "integer") return sql::Type{TypeKind::kBigInt, 0, 0};
  if (name == "double") return sql::Type{TypeKind::kDouble, 0, 0};
  if (name == "boolean") return sql::Type{TypeKind::kBoolean, 0, 0};
  if (name == "date") return sql::Type{TypeKind::kDate, 0, 0};
  if (name == "timestamp") return sql::Type{TypeKind::kTimestamp, 0, 0};
  if (name == "timestamptz") return sql::Type{TypeKind::kTimestampTz, 0, 0};
  if (!name.starts_with("decimal(") || !name.ends_with(')')) return std::nullopt;
  const std::string inside = name.substr(8, name.size() - 9);
  const std::vector<std::string_view> parts = Split(inside, ',');
  std::int64_t precision = 0;
  std::int64_t scale = 0;
  if (parts.size() > 2 || !ParseInt(parts[0], &precision)) return std::nullopt;
  if (parts.size() == 2 && !ParseInt(parts[1], &scale)) return std::nullopt;
  if (precision < 1 || precision > kDecimalDigitsMax || scale < 0 || scale > precision) {
    return std::nullopt;
  }
  return sql::Type{TypeKind::kDecimal, static_cast<int>(precision), static_cast<int>(scale)};
}

std::string SeedTypeWords(const sql::Type& type) {
  switch (type.kind) {
    case TypeKind::kBigInt:
      return "a whole number";
    case TypeKind::kDecimal:
    case TypeKind::kDouble:
      return "a number";
    case TypeKind::kBoolean:
      return "true or false";
    case TypeKind::kDate:
      return "a date";
    case TypeKind::kTimestamp:
      return "a time";
    case TypeKind::kTimestampTz:
      return "a time with its offset";
    default:
      return "a text";
  }
}

std::optional<CellProblem> AppendCell(std::string_view cell, BatchColumn* column) {
  switch (column->type.kind) {
    case TypeKind::kBoolean:
      return AppendBoolean(cell, column);
    case TypeKind::kBigInt:
      return AppendInteger(cell, column);
    case TypeKind::kDecimal:
      return AppendDecimal(cell, column);
    case TypeKind::kDouble:
      return AppendDouble(cell, column);
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz:
      return AppendTime(cell, column);
    default:
      return AppendText(cell, column);
  }
}

void AppendNullCell(BatchColumn* column) {
  column->valid.push_back(0);
  const std::size_t width = warehouse::WidthBytes(column->type);
  if (width == 0) {
    column->ends.push_back(static_cast<std::uint32_t>(column->bytes.size()));
  } else {
    column->fixed.resize(column->fixed.size() + width);
  }
}

void TypeGuess::See(std::string_view cell) {
  ++cells_;
  if (EqualsIgnoreCase(cell, "true") || EqualsIgnoreCase(cell, "false")) ++booleans_;
  SeeNumber(cell);
  if (LooksLikeNumber(cell)) ++like_numbers_;
  const ScannedTime time = ScanTime(cell);
  if (time.form == TimeForm::kNone) return;
  if (!time.problem.empty()) {
    ++like_times_;
  } else if (time.form == TimeForm::kDate) {
    ++dates_;
  } else {
    ++(time.form == TimeForm::kTimestamp ? timestamps_ : instants_);
  }
}

void TypeGuess::SeeNumber(std::string_view cell) {
  const std::optional<NumberText> number = ScanNumber(cell);
  if (!number) return;
  if (HasLeadingZero(*number)) {
    has_code_ = true;
    return;
  }
  ++numbers_;
  whole_digits_ =
      std::max(whole_digits_, static_cast<int>(std::min<std::size_t>(number->whole.size(), 1000)));
  scale_ = std::max(scale_, static_cast<int>(std::min<std::size_t>(number->fraction.size(), 1000)));
  if (number->written_scale > 0) return;
  ++integers_;
  std::int64_t value = 0;
  beyond_int64_ = beyond_int64_ || !ParseInt(cell, &value);
}

// DECIMAL(18,s) where that is enough, so that a larger number tomorrow does not change the type.
sql::Type TypeGuess::NumberType() const {
  if (integers_ == numbers_ && !beyond_int64_) return {TypeKind::kBigInt, 0, 0};
  const int digits = whole_digits_ + scale_;
  if (digits > kDecimalDigitsMax) return {TypeKind::kVarchar, 0, 0};
  return {TypeKind::kDecimal,
          std::max(digits, kDecimalDigitsUsual) == kDecimalDigitsUsual ? kDecimalDigitsUsual
                                                                       : kDecimalDigitsMax,
          scale_};
}

sql::Type TypeGuess::Type() const {
  const sql::Type text{TypeKind::kVarchar, 0, 0};
  if (cells_ == 0 || has_code_) return text;
  // Whether a column is of a type: what is like one counts, since it is one to a person.
  const auto is_most = [this](std::int64_t count, std::int64_t alike) {
    return count + alike == cells_ || (cells_ - count) * kMistakesOneIn <= cells_;
  };
  if (is_most(numbers_, like_numbers_)) return NumberType();
  if (is_most(dates_, like_times_)) return {TypeKind::kDate, 0, 0};
  if (is_most(timestamps_, like_times_)) return {TypeKind::kTimestamp, 0, 0};
  if (is_most(instants_, like_times_)) return {TypeKind::kTimestampTz, 0, 0};
  if (is_most(booleans_, 0)) return {TypeKind::kBoolean, 0, 0};
  return text;
}

}  // namespace kura::sync
