// Filter expressions: what is read, what is refused, and where the error points. The SQL they
// become is in tests/golden/query/filter_*.test.
#include "query/filter.h"

#include <doctest/doctest.h>

#include "query/compile.h"

namespace kura::query {
namespace {

// Wednesday.
Micros Now() {
  return *ParseDateTime("2026-11-25 13:45:10");
}

std::string Show(const std::optional<Micros>& time) {
  return time ? FormatDateTime(*time) : "-";
}

std::string Date(std::string_view text, const CalendarRules& rules = {}) {
  const auto parsed = ParseDateFilter(text, Now(), rules);
  if (const auto* error = std::get_if<FilterError>(&parsed)) {
    return "error at " + std::to_string(error->begin);
  }
  const auto& filter = std::get<DateFilter>(parsed);
  std::string out = filter.is_null ? "null" : filter.not_null ? "not null" : "";
  for (const DateRange& range : filter.ranges) {
    out += (out.empty() ? "" : " | ") + Show(range.begin) + " .. " + Show(range.end);
  }
  return out;
}

std::string Days2(const char* begin, const char* end) {
  return std::string(begin) + " 00:00:00 .. " + end + " 00:00:00";
}

TEST_CASE("n units are the current unit and those before it") {
  CHECK(Date("90 days") == Days2("2026-08-28", "2026-11-26"));
  CHECK(Date("1 day") == Days2("2026-11-25", "2026-11-26"));
  CHECK(Date("3 months") == Days2("2026-09-01", "2026-12-01"));
  CHECK(Date("2 weeks") == Days2("2026-11-16", "2026-11-30"));
  CHECK(Date("2 Weeks", {6, 0}) == Days2("2026-11-15", "2026-11-29"));
  CHECK(Date("1 hour") == "2026-11-25 13:00:00 .. 2026-11-25 14:00:00");
}

TEST_CASE("ago, from now and for") {
  CHECK(Date("3 days ago") == Days2("2026-11-22", "2026-11-23"));
  CHECK(Date("3 months ago for 2 days") == Days2("2026-08-01", "2026-08-03"));
  CHECK(Date("3 days ago for 3 days") == Days2("2026-11-22", "2026-11-25"));
  CHECK(Date("2 weeks from now") == Days2("2026-12-07", "2026-12-14"));
  CHECK(Date("monday for 2 days") == Days2("2026-11-23", "2026-11-25"));
}

TEST_CASE("last, this, next and single days") {
  CHECK(Date("last month") == Days2("2026-10-01", "2026-11-01"));
  CHECK(Date("last 3 months") == Days2("2026-08-01", "2026-11-01"));
  CHECK(Date("this week") == Days2("2026-11-23", "2026-11-30"));
  CHECK(Date("next quarter") == Days2("2027-01-01", "2027-04-01"));
  CHECK(Date("this year to day") == Days2("2026-01-01", "2026-11-25"));
  CHECK(Date("this fiscal year", {0, 3}) == Days2("2026-04-01", "2027-04-01"));
  CHECK(Date("this fiscal quarter", {0, 3}) == Days2("2026-10-01", "2027-01-01"));
  CHECK(Date("yesterday") == Days2("2026-11-24", "2026-11-25"));
  CHECK(Date("wednesday") == Days2("2026-11-25", "2026-11-26"));
  CHECK(Date("thursday") == Days2("2026-11-19", "2026-11-20"));
}

TEST_CASE("absolute dates and periods") {
  CHECK(Date("2026-11-24") == Days2("2026-11-24", "2026-11-25"));
  CHECK(Date("2026/11/24") == Days2("2026-11-24", "2026-11-25"));
  CHECK(Date("2026-11") == Days2("2026-11-01", "2026-12-01"));
  CHECK(Date("2026") == Days2("2026-01-01", "2027-01-01"));
  CHECK(Date("2026-Q4") == Days2("2026-10-01", "2027-01-01"));
  CHECK(Date("FY2026-Q1", {0, 3}) == Days2("2026-04-01", "2026-07-01"));
  CHECK(Date("2026-11-01 to 2026-11-10") == Days2("2026-11-01", "2026-11-10"));
  CHECK(Date("2026-02 for 2 months") == Days2("2026-02-01", "2026-04-01"));
  CHECK(Date("2026-11-24 12:00 to 2026-11-24 14:30") ==
        "2026-11-24 12:00:00 .. 2026-11-24 14:30:00");
}

TEST_CASE("before, after, NULL and lists") {
  CHECK(Date("before 2026-11-01") == "- .. 2026-11-01 00:00:00");
  CHECK(Date("after 3 days ago") == "2026-11-22 00:00:00 .. -");
  CHECK(Date("NULL") == "null");
  CHECK(Date("not null") == "not null");
  CHECK(Date("") == "");
  CHECK(Date("2026-11-01, yesterday") ==
        Days2("2026-11-01", "2026-11-02") + " | " + Days2("2026-11-24", "2026-11-25"));
}

TEST_CASE("broken dates say where") {
  CHECK(Date("90 dasy") == "error at 3");
  CHECK(Date("2026-13") == "error at 0");
  CHECK(Date("2026-02-30") == "error at 0");
  CHECK(Date("last") == "error at 4");
  CHECK(Date("3 days ago yes") == "error at 11");
  CHECK(Date("0 days") == "error at 6");
  CHECK(Date("2026-11-10 to 2026-11-01") == "error at 14");
  CHECK(Date("99999999 days") == "error at 0");
}

std::string Number(std::string_view text) {
  const auto parsed = ParseNumberFilter(text);
  if (const auto* error = std::get_if<FilterError>(&parsed)) {
    return "error at " + std::to_string(error->begin);
  }
  const auto show = [](const std::vector<NumberRange>& ranges) {
    std::string out;
    for (const NumberRange& range : ranges) {
      if (range.is_null) {
        out += "null ";
        continue;
      }
      out += range.low ? (range.low->inclusive ? "[" : "(") + range.low->digits : "(";
      out += ",";
      out += range.high ? range.high->digits + (range.high->inclusive ? "]" : ")") : ")";
      out += " ";
    }
    return out;
  };
  const auto& filter = std::get<NumberFilter>(parsed);
  return show(filter.include) + (filter.exclude.empty() ? "" : "not " + show(filter.exclude));
}

TEST_CASE("numbers, ranges and their negations") {
  CHECK(Number("5") == "[5,5] ");
  CHECK(Number("1, 3,5") == "[1,1] [3,3] [5,5] ");
  CHECK(Number("NOT 5") == "not [5,5] ");
  CHECK(Number("<>5") == "not [5,5] ");
  CHECK(Number("23, not 42, 43") == "not [23,23] [42,42] [43,43] ");
  CHECK(Number(">=5 AND <90") == "[5,90) ");
  CHECK(Number("<5 OR >90") == "(,5) (90,) ");
  CHECK(Number("5.5 to 10") == "[5.5,10] ");
  CHECK(Number("10 to") == "[10,) ");
  CHECK(Number("to 10") == "(,10] ");
  CHECK(Number("[1,100)") == "[1,100) ");
  CHECK(Number("(1, inf)") == "(1,) ");
  CHECK(Number("(-inf,100]") == "(,100] ");
  CHECK(Number("[0,9],[20,29]") == "[0,9] [20,29] ");
  CHECK(Number("NOT (3,12)") == "not (3,12) ");
  CHECK(Number("NULL") == "null ");
  CHECK(Number("NOT NULL") == "not null ");
  CHECK(Number("18446744073709551615") == "[18446744073709551615,18446744073709551615] ");
}

TEST_CASE("broken numbers are refused") {
  for (const char* text :
       {"(,)", "AND", "OR", "[inf,10", "5 6", "1;DROP", "five", ">", "1e5", "5,"}) {
    CHECK_MESSAGE(Number(text).starts_with("error"), text);
  }
}

std::string Text(std::string_view text) {
  const auto parsed = ParseStringFilter(text);
  if (const auto* error = std::get_if<FilterError>(&parsed)) {
    return "error at " + std::to_string(error->begin);
  }
  const auto show = [](const std::vector<StringTerm>& terms) {
    constexpr const char* kKinds[] = {
        "=", "contains ", "starts ", "ends ", "like ", "empty", "null"};
    std::string out;
    for (const StringTerm& term : terms) {
      out += kKinds[static_cast<int>(term.kind)] + term.text + ";";
    }
    return out;
  };
  const auto& filter = std::get<StringFilter>(parsed);
  return show(filter.include) + (filter.exclude.empty() ? "" : "not " + show(filter.exclude));
}

TEST_CASE("texts, patterns, escapes and quotes") {
  CHECK(Text("FOO") == "=FOO;");
  CHECK(Text("東京都, 大阪府") == "=東京都;=大阪府;");
  CHECK(Text("-FOO,-BAR") == "not =FOO;=BAR;");
  CHECK(Text("%FOO%") == "contains FOO;");
  CHECK(Text("FOO%,-FOOD") == "starts FOO;not =FOOD;");
  CHECK(Text("%FOO") == "ends FOO;");
  CHECK(Text("F%OD") == "like F%OD;");
  CHECK(Text("_UF") == "like _UF;");
  CHECK(Text("EMPTY") == "empty;");
  CHECK(Text("-NULL") == "not null;");
  CHECK(Text("\"a,b\"") == "=a,b;");
  CHECK(Text("\"NULL\"") == "=NULL;");
  CHECK(Text("100^%") == "=100%;");
  CHECK(Text("a^,b") == "=a,b;");
  CHECK(Text("^-5") == "=-5;");
  CHECK(Text("^%a%b") == "like ^%a%b;");
  CHECK(Text("^ a^ ") == "= a ;");
  CHECK(Text("") == "");
}

TEST_CASE("broken texts are refused") {
  CHECK(Text("\"a") == "error at 0");
  CHECK(Text("a^") == "error at 1");
  CHECK(Text("-") == "error at 0");
  CHECK(Text("\"a\" b") == "error at 4");
}

TEST_CASE("yes and no") {
  CHECK(std::get<YesNoFilter>(ParseYesNoFilter("YES")).value == true);
  CHECK(std::get<YesNoFilter>(ParseYesNoFilter(" no ")).value == false);
  CHECK(!std::get<YesNoFilter>(ParseYesNoFilter("")).value);
  CHECK(std::holds_alternative<FilterError>(ParseYesNoFilter("maybe")));
}

}  // namespace
}  // namespace kura::query
