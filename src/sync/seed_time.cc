// A cursor over the text; each step takes what it knows or stops.
#include "sync/seed_time.h"

namespace kura::sync {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }

  // A number of `low` to `high` digits; -1 when there is none.
  int Number(std::size_t low, std::size_t high) {
    std::size_t digits = 0;
    int value = 0;
    while (digits < rest_.size() && digits <= high && IsDigit(rest_[digits])) {
      if (digits < high) value = value * 10 + (rest_[digits] - '0');
      ++digits;
    }
    if (digits < low || digits > high) return -1;
    rest_.remove_prefix(digits);
    return value;
  }

  // Takes one of `characters`; 0 when something else is next.
  char OneOf(std::string_view characters) {
    if (done() || characters.find(rest_.front()) == std::string_view::npos) return 0;
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  // The digits of a second's fraction as microseconds; -1 when there are none or too many.
  Micros Fraction() {
    const std::string_view before = rest_;
    const int value = Number(1, 6);
    if (value < 0) return -1;
    Micros micros = value;
    for (std::size_t i = before.size() - rest_.size(); i < 6; ++i) micros *= 10;
    return micros;
  }

 private:
  std::string_view rest_;
};

// "-" goes with two digits for month and day, "/" with one or two.
bool ScanDay(Scanner& scanner, ScannedTime* time) {
  CivilDate date;
  date.year = scanner.Number(4, 4);
  const char separator = scanner.OneOf("-/");
  if (date.year < 0 || separator == 0) return false;
  const std::size_t low = separator == '-' ? 2 : 1;
  date.month = scanner.Number(low, 2);
  if (date.month < 0 || scanner.OneOf("-/") != separator) return false;
  date.day = scanner.Number(low, 2);
  if (date.day < 0) return false;
  const bool is_month = date.month >= 1 && date.month <= 12;
  if (date.year == 0 || !is_month || date.day < 1 ||
      date.day > DaysInMonth(date.year, date.month)) {
    time->problem = "is not a day of the calendar";
  } else {
    time->local = ToDays(date) * kMicrosPerDay;
  }
  return true;
}

bool ScanClock(Scanner& scanner, ScannedTime* time) {
  const int hour = scanner.Number(1, 2);
  if (hour < 0 || scanner.OneOf(":") == 0) return false;
  const int minute = scanner.Number(2, 2);
  if (minute < 0) return false;
  int second = 0;
  Micros fraction = 0;
  if (scanner.OneOf(":") != 0) {
    second = scanner.Number(2, 2);
    if (second < 0) return false;
    if (scanner.OneOf(".") != 0) fraction = scanner.Fraction();
    if (fraction < 0) return false;
  }
  if (hour > 23 || minute > 59 || second > 59) {
    if (time->problem.empty()) time->problem = "is not a time of the day";
  }
  time->local +=
      hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
  return true;
}

bool ScanOffset(Scanner& scanner, ScannedTime* time) {
  const char sign = scanner.OneOf("Z+-");
  if (sign == 'Z') return true;
  const int hours = sign == 0 ? -1 : scanner.Number(2, 2);
  if (hours < 0 || scanner.OneOf(":") == 0) return false;
  const int minutes = scanner.Number(2, 2);
  if (minutes < 0) return false;
  if ((hours > 14 || minutes > 59) && time->problem.empty()) {
    time->problem = "has an offset that no zone has";
  }
  time->offset = hours * kMicrosPerHour + minutes * kMicrosPerMinute;
  if (sign == '-') time->offset = -time->offset;
  return true;
}

}  // namespace

ScannedTime ScanTime(std::string_view text) {
  ScannedTime time;
  Scanner scanner(text);
  if (!ScanDay(scanner, &time)) return {};
  time.form = TimeForm::kDate;
  if (scanner.done()) return time;
  if (scanner.OneOf("T ") == 0 || !ScanClock(scanner, &time)) return {};
  time.form = TimeForm::kTimestamp;
  if (scanner.done()) return time;
  if (!ScanOffset(scanner, &time) || !scanner.done()) return {};
  time.form = TimeForm::kInstant;
  return time;
}

}  // namespace kura::sync
