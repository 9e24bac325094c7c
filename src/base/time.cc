// Civil dates by Howard Hinnant's public algorithms; zones by his tz library on the system's
// tzdata.
#include "base/time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace kura {
namespace {

using SysMicros = date::sys_time<std::chrono::microseconds>;
using LocalMicros = date::local_time<std::chrono::microseconds>;

Micros FloorDiv(Micros a, Micros b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

// Reads exactly `count` digits at `*at`.
bool Digits(std::string_view text, std::size_t* at, std::size_t count, int* value) {
  if (*at + count > text.size()) return false;
  *value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[*at + i];
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + (c - '0');
  }
  *at += count;
  return true;
}

bool Letter(std::string_view text, std::size_t* at, char wanted) {
  if (*at >= text.size() || text[*at] != wanted) return false;
  ++*at;
  return true;
}

// The fraction of a second behind the dot: one to six digits.
bool Fraction(std::string_view text, std::size_t* at, Micros* micros) {
  Micros scale = 100'000;
  const std::size_t begin = *at;
  for (*micros = 0; *at < text.size() && text[*at] >= '0' && text[*at] <= '9'; ++*at, scale /= 10) {
    *micros += (text[*at] - '0') * scale;
  }
  return *at > begin && *at - begin <= 6;
}

struct Parsed {
  Micros local = 0;
  std::size_t at = 0;
};

Result<Parsed> ParseLocal(std::string_view text) {
  Parsed parsed;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  Micros fraction = 0;
  std::size_t& at = parsed.at;
  const bool dated = Digits(text, &at, 4, &year) && Letter(text, &at, '-') &&
                     Digits(text, &at, 2, &month) && Letter(text, &at, '-') &&
                     Digits(text, &at, 2, &day);
  if (!dated || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) {
    return Fail(Code::kInvalid, "'{}' is not a date (YYYY-MM-DD)", text);
  }
  if (at < text.size() && (text[at] == ' ' || text[at] == 'T')) {
    ++at;
    bool timed =
        Digits(text, &at, 2, &hour) && Letter(text, &at, ':') && Digits(text, &at, 2, &minute);
    if (timed && Letter(text, &at, ':')) {
      timed = Digits(text, &at, 2, &second);
      if (timed && Letter(text, &at, '.')) timed = Fraction(text, &at, &fraction);
    }
    if (!timed || hour > 23 || minute > 59 || second > 59) {
      return Fail(Code::kInvalid, "'{}' is not a time (YYYY-MM-DD HH:MM:SS)", text);
    }
  }
  parsed.local = ToDays({year, month, day}) * kMicrosPerDay + hour * kMicrosPerHour +
                 minute * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
  return parsed;
}

const date::time_zone* Data(const void* data) {
  return static_cast<const date::time_zone*>(data);
}

SysMicros At(Micros utc) {
  return SysMicros(std::chrono::microseconds(utc));
}

}  // namespace

Days ToDays(const CivilDate& date) {
  const int y = date.year - (date.month <= 2 ? 1 : 0);
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate ToCivil(Days days) {
  days += 719468;
  const int era = (days >= 0 ? days : days - 146096) / 146097;
  const int day_of_era = days - era * 146097;
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_part = (5 * day_of_year + 2) / 153;
  const int month = month_part + (month_part < 10 ? 3 : -9);
  const int year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * month_part + 2) / 5 + 1};
}

int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

int WeekdayIndex(Days days) {
  return ((days % 7) + 7 + 3) % 7;
}

Days DayOf(Micros local) {
  return static_cast<Days>(FloorDiv(local, kMicrosPerDay));
}

std::string FormatDate(Days days) {
  const CivilDate date = ToCivil(days);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string FormatDateTime(Micros local) {
  const Days days = DayOf(local);
  const Micros rest = local - days * kMicrosPerDay;
  const Micros seconds = rest / kMicrosPerSecond;
  std::string out = fmt::format(
      "{} {:02}:{:02}:{:02}", FormatDate(days), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (rest % kMicrosPerSecond != 0) out += fmt::format(".{:06}", rest % kMicrosPerSecond);
  return out;
}

std::string FormatInstant(Micros utc) {
  std::string text = FormatDateTime(utc);
  text[text.find(' ')] = 'T';
  return text + "Z";
}

Result<Days> ParseDate(std::string_view text) {
  if (text.size() != 10) return Fail(Code::kInvalid, "'{}' is not a date (YYYY-MM-DD)", text);
  TRY(const Parsed parsed, ParseLocal(text));
  return DayOf(parsed.local);
}

Result<Micros> ParseDateTime(std::string_view text) {
  TRY(const Parsed parsed, ParseLocal(text));
  if (parsed.at == text.size()) return parsed.local;
  return Fail(Code::kInvalid, "'{}' goes on behind the time", text);
}

Result<Micros> ParseInstant(std::string_view text) {
  TRY(const Parsed parsed, ParseLocal(text));
  std::size_t at = parsed.at;
  if (at == text.size() || (text[at] == 'Z' && at + 1 == text.size())) return parsed.local;
  const bool minus = text[at] == '-';
  if (!minus && text[at] != '+') return Fail(Code::kInvalid, "'{}' is not an instant", text);
  ++at;
  int hours = 0, minutes = 0;
  bool good = Digits(text, &at, 2, &hours);
  if (good && at < text.size()) {
    (void)Letter(text, &at, ':');  // "+09:00" and "+0900" are both in use.
    good = Digits(text, &at, 2, &minutes);
  }
  if (!good || at != text.size() || hours > 23 || minutes > 59) {
    return Fail(Code::kInvalid, "'{}' has no valid offset such as +09:00", text);
  }
  const Micros offset = hours * kMicrosPerHour + minutes * kMicrosPerMinute;
  return parsed.local - (minus ? -offset : offset);
}

Result<Zone> Zone::Find(std::string_view name) {
  try {
    return Zone(std::string(name), date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return FailWithHint(Code::kNotFound,
                        fmt::format("there is no time zone '{}'", name),
                        "zones are named as in tzdata, for example Asia/Tokyo or UTC");
  }
}

Zone Zone::Utc() {
  Result<Zone> utc = Find("UTC");
  if (utc) return *utc;
  return Zone("UTC", nullptr);  // A machine without tzdata still knows UTC.
}

Micros Zone::OffsetAt(Micros utc) const {
  if (data_ == nullptr) return 0;
  return std::chrono::microseconds(Data(data_)->get_info(At(utc)).offset).count();
}

Micros Zone::ToUtc(Micros local) const {
  if (data_ == nullptr) return local;
  const auto info = Data(data_)->get_info(LocalMicros(std::chrono::microseconds(local)));
  if (info.result == date::local_info::nonexistent) {
    return std::chrono::microseconds(info.first.end.time_since_epoch()).count();
  }
  return local - std::chrono::microseconds(info.first.offset).count();
}

std::vector<Zone::Piece> Zone::PiecesBetween(Micros begin, Micros end) const {
  std::vector<Piece> pieces;
  for (Micros at = begin; at < end;) {
    Piece piece{at, end, 0};
    if (data_ != nullptr) {
      const auto info = Data(data_)->get_info(At(at));
      piece.offset = std::chrono::microseconds(info.offset).count();
      // The last stretch ends beyond what microseconds can say; seconds are compared first.
      const std::int64_t last_second = info.end.time_since_epoch().count();
      if (last_second < end / kMicrosPerSecond) piece.end = last_second * kMicrosPerSecond;
    }
    at = piece.end;
    if (!pieces.empty() && pieces.back().offset == piece.offset) {
      pieces.back().end = piece.end;
    } else {
      pieces.push_back(piece);
    }
  }
  return pieces;
}

}  // namespace kura
