// Decimal text is shifted and rounded digit by digit.
#include "execute/value_format.h"

#include <fmt/format.h>

#include <cmath>

#include "base/match.h"
#include "base/text.h"

namespace kura::execute {
namespace {

// Digits without sign: "1234" . "5600".
struct Decimal {
  bool negative = false;
  std::string whole;
  std::string fraction;
};

std::optional<Decimal> ParseDecimal(std::string_view text) {
  Decimal decimal;
  if (text.starts_with('-')) {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  const std::size_t dot = text.find('.');
  decimal.whole = std::string(text.substr(0, dot));
  if (dot != std::string_view::npos) decimal.fraction = std::string(text.substr(dot + 1));
  const bool digits =
      (decimal.whole + decimal.fraction).find_first_not_of("0123456789") == std::string::npos;
  if (!digits || decimal.whole.empty()) return std::nullopt;
  return decimal;
}

// Moves the point two places to the right.
void TimesHundred(Decimal* decimal) {
  decimal->fraction.append(2, '0');
  decimal->whole += decimal->fraction.substr(0, 2);
  decimal->fraction.erase(0, 2);
  const std::size_t first = decimal->whole.find_first_not_of('0');
  decimal->whole.erase(0, std::min(first, decimal->whole.size() - 1));
}

// Keeps `places` digits behind the point, rounding half away from zero.
void Round(Decimal* decimal, std::size_t places) {
  if (decimal->fraction.size() <= places) {
    decimal->fraction.append(places - decimal->fraction.size(), '0');
    return;
  }
  const bool up = decimal->fraction[places] >= '5';
  decimal->fraction.resize(places);
  if (!up) return;
  std::string digits = decimal->whole + decimal->fraction;
  std::size_t at = digits.size();
  while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
  if (at > 0)
    ++digits[at - 1];
  else
    digits.insert(0, "1");
  decimal->whole = digits.substr(0, digits.size() - places);
  decimal->fraction = digits.substr(digits.size() - places);
}

std::string Grouped(std::string digits) {
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

// The value as decimal digits; doubles with more digits than any format shows.
std::optional<Decimal> Digits(const warehouse::Value& value) {
  return Match(
      value,
      [](std::monostate) { return std::optional<Decimal>(); },
      [](bool) { return std::optional<Decimal>(); },
      [](std::int64_t number) { return ParseDecimal(std::to_string(number)); },
      [](std::uint64_t number) { return ParseDecimal(std::to_string(number)); },
      [](double number) {
        if (!std::isfinite(number)) return std::optional<Decimal>();
        // The shortest digits that read back as the same number; huge and tiny ones in full.
        const std::string shortest = fmt::format("{}", number);
        return ParseDecimal(
            shortest.find('e') == std::string::npos ? shortest : fmt::format("{:.12f}", number));
      },
      [](const std::string& text) { return ParseDecimal(text); });
}

bool IsZero(const Decimal& decimal) {
  return (decimal.whole + decimal.fraction).find_first_not_of('0') == std::string::npos;
}

// Reads a literal in front of or behind the digits of a pattern: "text", or plain symbols.
bool Literal(std::string_view text, std::string* out, bool* percent) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      const std::size_t end = text.find('"', i + 1);
      if (end == std::string_view::npos) return false;
      out->append(text.substr(i + 1, end - i - 1));
      i = end + 1;
      continue;
    }
    if (text[i] == '%') *percent = true;
    // Letters and signs outside quotes mean dates, sections, scaling: not understood.
    const Rune rune = DecodeRune(text, i);
    const bool symbol = text[i] == '%' || text[i] == ' ' || text[i] == '$' || rune.code_point > 127;
    if (!symbol) return false;
    out->append(text.substr(i, rune.size_bytes));
    i += rune.size_bytes;
  }
  return true;
}

}  // namespace

std::optional<NumberFormat> NamedFormat(std::string_view name) {
  if (name == "id") return NumberFormat{"", "", false, 0, false};
  const auto with_places = [](std::string_view word, NumberFormat format) {
    format.decimals = 2;
    if (word.empty()) return std::optional<NumberFormat>(format);
    if (word.size() != 2 || word[0] != '_' || word[1] < '0' || word[1] > '4') {
      return std::optional<NumberFormat>();
    }
    format.decimals = word[1] - '0';
    return std::optional<NumberFormat>(format);
  };
  struct Known {
    std::string_view name;
    NumberFormat format;
  };
  const Known known[] = {{"decimal", {}},
                         {"percent", {"", "%", true, 0, true}},
                         {"usd", {"$", "", true, 2, false}},
                         {"eur", {"€", "", true, 2, false}},
                         {"gbp", {"£", "", true, 2, false}}};
  for (const Known& candidate : known) {
    if (name.starts_with(candidate.name)) {
      return with_places(name.substr(candidate.name.size()), candidate.format);
    }
  }
  return std::nullopt;
}

std::optional<NumberFormat> PatternFormat(std::string_view pattern) {
  std::size_t begin = 0;
  for (bool quoted = false; begin < pattern.size(); ++begin) {
    if (pattern[begin] == '"') quoted = !quoted;
    if (!quoted && (pattern[begin] == '#' || pattern[begin] == '0')) break;
  }
  if (begin >= pattern.size()) return std::nullopt;
  std::size_t end = pattern.find_first_not_of("#0,.", begin);
  if (end == std::string_view::npos) end = pattern.size();
  const std::string_view digits = pattern.substr(begin, end - begin);
  const std::size_t dot = digits.find('.');
  NumberFormat format;
  format.group = digits.find(',') != std::string_view::npos;
  if (digits.ends_with(',')) return std::nullopt;  // Scaling by thousands.
  if (dot != std::string_view::npos) format.decimals = static_cast<int>(digits.size() - dot - 1);
  if (!Literal(pattern.substr(0, begin), &format.prefix, &format.percent)) return std::nullopt;
  if (!Literal(pattern.substr(end), &format.suffix, &format.percent)) return std::nullopt;
  return format;
}

std::optional<std::string> FormatNumber(const warehouse::Value& value, const NumberFormat& format) {
  // A number in powers of ten has no digits of its own to group.
  if (format.decimals < 0 && PlainNumber(value).find('e') != std::string::npos) return std::nullopt;
  std::optional<Decimal> decimal = Digits(value);
  if (!decimal) return std::nullopt;
  if (format.percent) TimesHundred(&*decimal);
  if (format.decimals >= 0) Round(&*decimal, static_cast<std::size_t>(format.decimals));
  std::string out = decimal->negative && !IsZero(*decimal) ? "-" : "";
  out += format.prefix + (format.group ? Grouped(decimal->whole) : decimal->whole);
  if (!decimal->fraction.empty()) out += "." + decimal->fraction;
  return out + format.suffix;
}

std::string PlainNumber(const warehouse::Value& value, bool is_float) {
  return Match(
      value,
      [](std::monostate) { return std::string(); },
      [](bool truth) { return std::string(truth ? "true" : "false"); },
      [](std::int64_t number) { return std::to_string(number); },
      [](std::uint64_t number) { return std::to_string(number); },
      [&](double number) {
        return is_float ? fmt::format("{}", static_cast<float>(number)) : fmt::format("{}", number);
      },
      [](const std::string& text) { return text; });
}

}  // namespace kura::execute
