// Answers as JSON, CSV and a table: exact numbers, states of late periods, and awkward texts.
#include "execute/format.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "execute/value_format.h"

namespace kura::execute {
namespace {

using query::Completeness;
using sql::TypeKind;
using warehouse::Value;

// Builds answers column by column; keeps their fields alive.
class AnswerBuilder {
 public:
  lookml::Field& Column(const std::string& name, TypeKind kind, bool is_measure = false) {
    fields_.push_back(std::make_unique<lookml::Field>());
    answer_.compiled.columns.push_back({name, fields_.back().get(), "", is_measure, false});
    answer_.types.push_back({name, {kind, 18, 2}});
    return *fields_.back();
  }
  AnswerBuilder& Row(std::vector<Value> row, Completeness state = Completeness::kComplete) {
    answer_.rows.push_back(std::move(row));
    answer_.row_states.push_back(state);
    return *this;
  }
  Answer& answer() { return answer_; }

 private:
  std::vector<std::unique_ptr<lookml::Field>> fields_;
  Answer answer_;
};

// The JSON of one cell.
std::string Json(TypeKind kind, Value value) {
  AnswerBuilder builder;
  builder.Column("x", kind, true);
  const std::string json = ToJson(builder.Row({std::move(value)}).answer());
  return json.substr(6, json.size() - 8);
}

TEST_CASE("JSON has numbers only where a double holds them exactly") {
  CHECK(Json(TypeKind::kBigInt, std::int64_t{9007199254740992}) == "9007199254740992");
  CHECK(Json(TypeKind::kBigInt, std::int64_t{9007199254740993}) == "\"9007199254740993\"");
  CHECK(Json(TypeKind::kBigInt, std::numeric_limits<std::int64_t>::min()) ==
        "\"-9223372036854775808\"");
  CHECK(Json(TypeKind::kUBigInt, std::numeric_limits<std::uint64_t>::max()) ==
        "\"18446744073709551615\"");
  CHECK(Json(TypeKind::kDecimal, std::string("-1204.50")) == "-1204.50");
  CHECK(Json(TypeKind::kDecimal, std::string("12345678901234567.89")) ==
        "\"12345678901234567.89\"");
  CHECK(Json(TypeKind::kHugeInt, std::string("170141183460469231731687303715884105727")) ==
        "\"170141183460469231731687303715884105727\"");
  CHECK(Json(TypeKind::kDouble, 0.1) == "0.1");
  CHECK(Json(TypeKind::kFloat, double{0.1F}) == "0.1");
  CHECK(Json(TypeKind::kDouble, std::nan("")) == "\"nan\"");
  CHECK(Json(TypeKind::kDouble, std::numeric_limits<double>::infinity()) == "\"inf\"");
}

TEST_CASE("JSON texts, booleans and NULL") {
  CHECK(Json(TypeKind::kVarchar, std::string("12")) == "\"12\"");
  CHECK(Json(TypeKind::kVarchar, std::string("a\"\\\n\t\x01日")) == "\"a\\\"\\\\\\n\\t\\u0001日\"");
  CHECK(Json(TypeKind::kBoolean, true) == "true");
  CHECK(Json(TypeKind::kVarchar, std::monostate()) == "null");
  AnswerBuilder builder;
  builder.Column("a.is", TypeKind::kBoolean).type = "yesno";
  builder.Row({true}).Row({false}).Row({std::monostate()});
  CHECK(ToJson(builder.answer()) == "[{\"a.is\":\"Yes\"},\n{\"a.is\":\"No\"},\n{\"a.is\":null}]");
  CHECK(ToJson(AnswerBuilder().answer()) == "[]");
}

AnswerBuilder Days() {
  AnswerBuilder builder;
  builder.Column("d.date", TypeKind::kDate);
  builder.Column("d.users", TypeKind::kBigInt, true);
  builder.Row({std::string("2026-11-23"), std::int64_t{1204}});
  builder.Row({std::string("2026-11-24"), std::int64_t{7}}, Completeness::kIncomplete);
  builder.Row({std::string("2026-11-25"), std::monostate()}, Completeness::kNotArrived);
  return builder;
}

TEST_CASE("json_detail has value, rendered and state side by side, and where it comes from") {
  AnswerBuilder builder = Days();
  Answer& answer = builder.answer();
  answer.compiled.sql = "SELECT \"1\"";
  answer.compiled.timezone = "Asia/Tokyo";
  answer.compiled.applied_filters = {{"d.date", "7 days"}};
  answer.compiled.proof = {{"d.users", "d", "plain", "counts each row once"}};
  answer.freshness.complete_through = 0;
  answer.freshness.tables = {{"raw_shop.d", 0, kMicrosPerSecond}};
  answer.runtime_s = 0.25;
  const std::string json = ToJsonDetail(answer, "{}", "2026-11-25T00:00:00Z");
  const auto has = [&](std::string_view part) { return json.find(part) != std::string::npos; };
  CHECK(
      has("\"data\":[{\"d.date\":{\"value\":\"2026-11-23\"},"
          "\"d.users\":{\"value\":1204,\"rendered\":\"1,204\"}},"));
  CHECK(has("\"d.users\":{\"value\":7,\"state\":\"incomplete\"}"));
  CHECK(has("\"d.users\":{\"value\":null,\"state\":\"not_arrived\"}"));
  CHECK(has("\"sql\":\"SELECT \\\"1\\\"\""));
  CHECK(has("\"runtime\":0.250000,\"truncated\":false"));
  CHECK(has("\"applied_filters\":{\"d.date\":\"7 days\"}"));
  CHECK(
      has("\"freshness\":{\"complete_through\":\"1970-01-01T00:00:00Z\",\"read_at\":null,"
          "\"tables\":[{\"table\":\"raw_shop.d\",\"complete_through\":\"1970-01-01T00:00:00Z\","
          "\"read_at\":\"1970-01-01T00:00:01Z\"}]}"));
  CHECK(has("\"proof\":[{\"measure\":\"d.users\",\"view\":\"d\",\"verdict\":\"plain\","));
  answer.freshness = {};
  CHECK(ToJsonDetail(answer, "{}", "").find("\"freshness\":null") != std::string::npos);
}

TEST_CASE("CSV quotes what needs it, and leaves NULL empty") {
  AnswerBuilder builder;
  builder.Column("a.name", TypeKind::kVarchar);
  builder.Column("a.is", TypeKind::kBoolean).type = "yesno";
  builder.Column("a.sum", TypeKind::kDecimal, true).value_format_name = "usd";
  builder.Row({std::string("say \"hi\", twice\n"), true, std::string("-1204.50")});
  builder.Row({std::monostate(), false, std::monostate()});
  CHECK(ToCsv(builder.answer()) ==
        "a.name,a.is,a.sum\r\n\"say \"\"hi\"\", twice\n\",Yes,-1204.50\r\n,No,\r\n");
}

TEST_CASE("the table aligns Japanese, and tells late from missing") {
  AnswerBuilder builder = Days();
  CHECK(ToTable(builder.answer(), "ja") ==
        "d.date      d.users\n"
        "2026-11-23    1,204\n"
        "2026-11-24       7*\n"
        "2026-11-25   未到着\n"
        "* 期間の途中までのデータ\n");
  const std::string english = ToTable(builder.answer(), "en");
  CHECK(english.find("not arrived\n* the data does not") != std::string::npos);
  AnswerBuilder texts;
  texts.Column("p", TypeKind::kVarchar);
  texts.Column("n", TypeKind::kInteger);
  texts.Row({std::string("東京都"), std::int64_t{10000}});
  texts.Row({std::string("a\n\x1b[31mb"), std::monostate()});
  CHECK(ToTable(texts.answer(), "ja", true) ==
        "\033[2mp             n\033[0m\n東京都    10000\na  [31mb      –\n");
}

// A value as a measure with a format.
std::string Show(Value value, TypeKind kind, const std::string& name, const std::string& pattern) {
  AnswerBuilder builder;
  lookml::Field& field = builder.Column("x", kind, true);
  field.value_format_name = name;
  field.value_format = pattern;
  return Rendered(builder.Row({std::move(value)}).answer(), 0, 0, "ja");
}

TEST_CASE("named formats") {
  const Value value = std::string("1234567.895");
  const auto show = [&](const char* name) { return Show(value, TypeKind::kDecimal, name, ""); };
  CHECK(show("decimal_0") == "1,234,568");
  CHECK(show("decimal_2") == "1,234,567.90");
  CHECK(show("decimal_4") == "1,234,567.8950");
  CHECK(show("usd") == "$1,234,567.90");
  CHECK(show("eur_0") == "€1,234,568");
  CHECK(show("percent_1") == "123,456,789.5%");
  CHECK(Show(0.055, TypeKind::kDouble, "percent_0", "") == "6%");
  CHECK(Show(std::int64_t{-1234567}, TypeKind::kBigInt, "id", "") == "-1234567");
  CHECK(Show(std::string("-0.004"), TypeKind::kDecimal, "decimal_2", "") == "0.00");
  CHECK(Show(std::string("-999.995"), TypeKind::kDecimal, "usd", "") == "-$1,000.00");
}

TEST_CASE("patterns") {
  const auto show = [](Value value, const char* pattern) {
    return Show(std::move(value), TypeKind::kDouble, "", pattern);
  };
  CHECK(show(1234.5, "#,##0") == "1,235");
  CHECK(show(1234.5, "0") == "1235");
  CHECK(show(0.1234, "0.0%") == "12.3%");
  CHECK(show(1234.0, "\"¥\"#,##0") == "¥1,234");
  CHECK(show(1234.0, "#,##0\" 円\"") == "1,234 円");
  CHECK(show(-1.005, "$#,##0.00") == "-$1.01");
}

TEST_CASE("what a format does not say stays as it is") {
  CHECK(Show(1234.5, TypeKind::kDouble, "", "0.0,,\"M\"") == "1,234.5");
  CHECK(Show(1234.5, TypeKind::kDouble, "", "#,##0;(#,##0)") == "1,234.5");
  CHECK(Show(1234.5, TypeKind::kDouble, "unheard_of", "") == "1,234.5");
  CHECK(Show(1234.5, TypeKind::kDouble, "decimal_2", "0.0,,\"M\"") == "1,234.50");
  CHECK(Show(1e300, TypeKind::kDouble, "", "") == "1e+300");
  CHECK(Show(std::nan(""), TypeKind::kDouble, "usd", "") == "nan");
  CHECK(Show(std::string("9876543210.00"), TypeKind::kDecimal, "", "") == "9,876,543,210.00");
  CHECK(Show(std::string("text"), TypeKind::kVarchar, "usd", "") == "text");
  CHECK(Show(std::monostate(), TypeKind::kDouble, "usd", "") == "–");
  CHECK_FALSE(NamedFormat("decimal_9"));
  CHECK_FALSE(NamedFormat("usd_x"));
  CHECK_FALSE(PatternFormat("yyyy-mm-dd"));
  CHECK_FALSE(PatternFormat("\"never closed#0"));
  CHECK_FALSE(PatternFormat(""));
}

}  // namespace
}  // namespace kura::execute
