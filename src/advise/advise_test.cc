// What golden files do not show: names, guesses of zones and references, personal marks, and
// quoting of what a source's comments hold.
#include <doctest/doctest.h>

#include "advise/fields.h"
#include "advise/joins.h"
#include "advise/lookml_text.h"
#include "advise/names.h"
#include "advise/personal.h"
#include "advise/rules.h"
#include "advise/zone.h"

namespace kura::advise {
namespace {

ColumnShape Column(const std::string& name, sql::TypeKind kind = sql::TypeKind::kVarchar) {
  ColumnShape column;
  column.name = name;
  column.type = {kind, 0, 0};
  column.source_type = kind == sql::TypeKind::kVarchar ? "varchar(20)" : "";
  return column;
}

TableShape Table(const std::string& name, std::vector<ColumnShape> columns) {
  TableShape table;
  table.name = name;
  table.columns = std::move(columns);
  table.primary_key = {table.columns.front().name};
  return table;
}

const Micros kNow = ParseInstant("2026-11-25T03:00:00Z").value();

// A source whose newest row says `wall`.
SourceShape Clocked(const std::string& wall, Micros server_offset) {
  SourceShape shape;
  shape.now = kNow;
  shape.zone_offset = server_offset;
  shape.tables.push_back(Table("orders", {Column("updated_at", sql::TypeKind::kTimestamp)}));
  shape.newest.push_back({"orders", "updated_at", ParseDateTime(wall).value()});
  return shape;
}

}  // namespace

TEST_CASE("plurals of table names") {
  for (const auto& [plural, singular] :
       std::vector<std::pair<std::string, std::string>>{{"users", "user"},
                                                        {"companies", "company"},
                                                        {"statuses", "status"},
                                                        {"status", "status"},
                                                        {"addresses", "address"},
                                                        {"boxes", "box"},
                                                        {"branches", "branch"},
                                                        {"people", "person"},
                                                        {"funding_offers", "funding_offer"},
                                                        {"houses", "house"},
                                                        {"news", "news"},
                                                        {"会員", "会員"}}) {
    CHECK(Singular(plural) == singular);
  }
  CHECK(Plural("company") == "companies");
  CHECK(Plural("day") == "days");
  CHECK(Plural("box") == "boxes");
  CHECK(Plural("users") == "users");
  CHECK(BareTableName("m_shops") == "shops");
  CHECK(BareTableName("T_OrderDetail") == "order_detail");
  CHECK(BareTableName("tbl") == "tbl");
}

TEST_CASE("names for SQL and for LookML") {
  CHECK(SqlName("users") == "users");
  CHECK(SqlName("order") == "\"order\"");
  CHECK(SqlName("a\"b") == "\"a\"\"b\"");
  CHECK(SqlName("2nd") == "\"2nd\"");
  CHECK(SqlName("") == "\"\"");
  CHECK(IsWritable("a b"));
  CHECK_FALSE(IsWritable("a;;b"));
  CHECK_FALSE(IsWritable("a\"b"));
  CHECK(FieldName("createdAt") == "created_at");
  CHECK(FieldName("Order No.") == "order_no");
  CHECK(FieldName("---") == "field");
  CHECK(TimeStem("deleted_at") == "deleted");
  CHECK(TimeStem("登録日時") == "登録");
  CHECK(TimeStem("date") == "date");
}

TEST_CASE("comments cannot leave their quotes") {
  CHECK(QuoteLookml("a\"b\\c\nd") == "\"a\\\"b\\\\c d\"");
  CHECK(QuoteLookml("{{ x }} {% y %} @{z}").find("{{") == std::string::npos);
  CHECK(QuoteLookml("@{z}").find("@{") == std::string::npos);
}

TEST_CASE("values of enums") {
  CHECK(EnumValues("enum('a','it''s','日')") == std::vector<std::string>{"a", "it's", "日"});
  CHECK(EnumValues("ENUM('a')") == std::vector<std::string>{"a"});
  CHECK(EnumValues("varchar(20)").empty());
}

TEST_CASE("code lists in comments") {
  using Codes = std::vector<std::pair<std::string, std::string>>;
  CHECK(CodesInComment("状態 0:有効 9:退会") == Codes{{"0", "有効"}, {"9", "退会"}});
  CHECK(CodesInComment("（1＝承認、2＝取消）") == Codes{{"1", "承認"}, {"2", "取消"}});
  CHECK(CodesInComment("up to 10 digits").empty());
  CHECK(CodesInComment("").empty());
}

TEST_CASE("the zone is decided only by evidence that decides") {
  const Micros tokyo = 9 * kMicrosPerHour;
  CHECK(GuessZone(Clocked("2026-11-25 11:59:00", tokyo), "").zone == "Asia/Tokyo");
  CHECK(GuessZone(Clocked("2026-11-25 02:59:00", tokyo), "").zone == "UTC");
  // Three hours old in UTC, twelve in Tokyo: both can be.
  CHECK(GuessZone(Clocked("2026-11-25 00:00:00", tokyo), "").zone == "");
  // Of this morning in Tokyo; in UTC it would be in the future.
  CHECK(GuessZone(Clocked("2026-11-25 09:00:00", 0), "").zone == "Asia/Tokyo");
  // Last year: nothing is decided.
  CHECK(GuessZone(Clocked("2025-11-25 11:59:00", tokyo), "").zone == "");
  // In the future everywhere.
  CHECK(GuessZone(Clocked("2030-01-01 00:00:00", tokyo), "").zone == "");
}

TEST_CASE("rows with both kinds of time are the stronger evidence") {
  SourceShape shape = Clocked("2026-11-25 02:59:00", 0);
  shape.clock_pairs.push_back({"orders", "ordered_at", "paid_at", 9 * kMicrosPerHour, 90, 100});
  CHECK(GuessZone(shape, "").zone == "Asia/Tokyo");
  CHECK(GuessZone(shape, "Asia/Seoul").zone == "Asia/Seoul");
  shape.clock_pairs[0].agreeing = 40;  // Most rows say something else.
  CHECK(GuessZone(shape, "").zone == "UTC");
  shape.clock_pairs[0].agreeing = 3;
  shape.clock_pairs[0].compared = 3;  // Too few rows.
  CHECK(GuessZone(shape, "").zone == "UTC");
}

TEST_CASE("a name that fits two tables is no reference") {
  SourceShape shape;
  const auto integer = sql::TypeKind::kBigInt;
  shape.tables = {Table("shop_plans", {Column("id", integer)}),
                  Table("user_plans", {Column("id", integer)}),
                  Table("users", {Column("id", integer)}),
                  Table("contracts",
                        {Column("id", integer),
                         Column("plan_id", integer),
                         Column("userId", integer),
                         Column("user_id")})};
  const auto guesses = GuessReferences(shape);
  REQUIRE(guesses.size() == 1);  // plan_id is ambiguous, and user_id is a text here.
  CHECK(guesses[0].second.columns[0] == "userId");
  CHECK(guesses[0].second.parent == "users");
}

TEST_CASE("what the data contradicts is no reference") {
  Reference reference;
  reference.guessed = true;
  CHECK_FALSE(IsRefuted(reference));  // Nothing was looked up.
  reference.sampled = 200;
  reference.found = 99;
  CHECK(IsRefuted(reference));
  reference.guessed = false;  // A foreign key is no guess.
  CHECK_FALSE(IsRefuted(reference));
}

TEST_CASE("personal data by name, comment and content") {
  const TableShape users = Table("users", {Column("id")});
  const TableShape shops = Table("shops", {Column("id")});
  const auto what = [](const TableShape& table, const ColumnShape& column) {
    const auto mark = RecognisePersonal(table, column);
    return mark ? mark->what : "";
  };
  CHECK(what(users, Column("name")) == "person's name");
  CHECK(what(shops, Column("name")) == "");
  CHECK(what(shops, Column("contact_email")) == "email");
  CHECK(what(shops, Column("email_verified_at", sql::TypeKind::kTimestamp)) == "");
  CHECK(what(users, Column("mail_flag", sql::TypeKind::kTinyInt)) == "");
  ColumnShape column = Column("c1");
  column.comment = "お届け先住所";
  CHECK(what(shops, column) == "address");
  column.comment = "";
  column.values = {"a@b.jp", "c@d.com", "e@f.net", "x", "g@h.org", "i@j.org"};
  CHECK(what(shops, column) == "email");
  column.values = {
      "090-1234-5678", "0312345678", "03-1234-5678", "+81 90 1234 5678", "0120-000-000"};
  CHECK(what(shops, column) == "phone");
  column.values = {"12345", "67890", "11111", "22222", "33333"};
  CHECK(what(shops, column) == "");
}

TEST_CASE("test data by name only when it is rare") {
  TableShape shops = Table("shops", {Column("id"), Column("name")});
  for (int i = 0; i < 19; ++i) shops.columns[1].values.push_back("店" + std::to_string(i));
  CHECK(RecogniseRules(shops, TableRole::kEntity).empty());
  shops.columns[1].values.push_back("テスト店");
  REQUIRE(RecogniseRules(shops, TableRole::kEntity).size() == 1);
  for (int i = 0; i < 9; ++i) shops.columns[1].values.push_back("test " + std::to_string(i));
  CHECK(RecogniseRules(shops, TableRole::kEntity).empty());
  shops.columns[1].values = {
      "greatest hits", "contest", "latest", "testing", "a", "b", "c", "d", "e", "f"};
  CHECK(RecogniseRules(shops, TableRole::kEntity).empty());
}

TEST_CASE("labels from comments") {
  CHECK(ShortLabel("所在地の都道府県(未登録はNULL)") == "所在地の都道府県");
  CHECK(ShortLabel("Shop id") == "Shop id");
  CHECK(ShortLabel("the id of the shop that the customer bought at") == "");
  CHECK(ShortLabel("") == "");
}

}  // namespace kura::advise
