// Literals, names and parentheses of the printer; whole statements are golden files of query.
#include "sql/print.h"

#include <doctest/doctest.h>

#include "sql/catalogue.h"

namespace kura::sql {
namespace {

std::string Text1(const Expr& expr) {
  return Print(expr, kDuckDb);
}

TEST_CASE("a user's text cannot leave its literal") {
  CHECK(Text1(Txt("it's")) == "'it''s'");
  CHECK(Text1(Txt("'; DROP TABLE x; --")) == "'''; DROP TABLE x; --'");
  CHECK(Text1(Txt("\\")) == "'\\'");
  CHECK(Text1(Col("a\"b", "c")) == "\"a\"\"b\".\"c\"");
}

TEST_CASE("literals of time") {
  CHECK(Text1({DateLiteral{0}}) == "DATE '1970-01-01'");
  CHECK(Text1({TimestampLiteral{1}}) == "TIMESTAMP '1970-01-01 00:00:00.000001'");
  CHECK(Text1({InstantLiteral{0}}) == "TIMESTAMPTZ '1970-01-01 00:00:00+00'");
}

TEST_CASE("parentheses stand only where they are needed") {
  const Expr sum = Op("+", Num(1), Num(2));
  CHECK(Text1(sum) == "1 + 2");
  CHECK(Text1(Op("*", sum, Num(3))) == "(1 + 2) * 3");
  CHECK(Text1(AllOf({Op("=", Num(1), Num(2)), AnyOf({IsNull(Num(1)), Not(sum)})})) ==
        "1 = 2 AND (1 IS NULL OR NOT (1 + 2))");
  CHECK(Text1(Op("=", {Raw{{std::string("a.b")}}}, Num(1))) == "a.b = 1");
  CHECK(Text1(Op("=", {Raw{{std::string("a OR b")}}}, Num(1))) == "(a OR b) = 1");
  CHECK(Text1(AllOf({})) == "TRUE");
  CHECK(Text1(AnyOf({})) == "FALSE");
}

TEST_CASE("user SQL stays byte for byte and a comment at its end swallows nothing") {
  const Expr raw{Raw{{std::string("  x  +  /* a */ 1 -- note ")}}};
  CHECK(Text1(raw) == "x  +  /* a */ 1 -- note\n");
  CHECK(Text1(Fn("SUM", {raw})) == "SUM(x  +  /* a */ 1 -- note\n)");
  const Expr nested{Raw{{Col("t", "a"), std::string(" / "), Expr{Raw{{std::string("b + c")}}}}}};
  CHECK(Text1(nested) == "\"t\".\"a\" / (b + c)");
}

TEST_CASE("a statement has one clause per line") {
  Select select;
  select.columns.push_back({Col("t", "a"), "t.a"});
  select.columns.push_back({{Call{"COUNT", {{Star{}}}, false, {IsNotNull(Col("t", "b"))}}}, "n"});
  select.from = Source{Raw{{std::string("s.t")}}, {}, "t"};
  select.joins.push_back({"LEFT JOIN",
                          Source{Raw{{std::string("u")}}, {}, "u"},
                          {},
                          {Op("=", Col("u", "id"), Col("t", "id"))}});
  select.where.push_back({Raw{{std::string("a = 1 OR b = 2")}}});
  select.group_by.push_back({1, {}, false});
  select.order_by.push_back({2, {}, true});
  select.limit = 5;
  CHECK(Print(select, kDuckDb) ==
        "SELECT\n  \"t\".\"a\" AS \"t.a\",\n"
        "  COUNT(*) FILTER (WHERE \"t\".\"b\" IS NOT NULL) AS \"n\"\n"
        "FROM s.t AS \"t\"\nLEFT JOIN u AS \"u\" ON \"u\".\"id\" = \"t\".\"id\"\n"
        "WHERE a = 1 OR b = 2\nGROUP BY 1\nORDER BY 2 DESC NULLS LAST\nLIMIT 5");
}

TEST_CASE("type names are read and written") {
  for (const char* name : {"BOOLEAN", "UBIGINT", "DECIMAL(18,2)", "TIMESTAMP WITH TIME ZONE"}) {
    CHECK(TypeName(ParseTypeName(name)) == name);
  }
  CHECK(ParseTypeName("INTEGER[]").kind == TypeKind::kUnknown);
  CHECK(ParseTypeName("timestamptz").kind == TypeKind::kTimestampTz);
}

TEST_CASE("tables are found by their name without regard to case, bare names in main") {
  Catalogue catalogue;
  catalogue.tables["raw_shop.Orders"] = {"raw_shop", "Orders", {}, {}, {}, 0, 0, ""};
  catalogue.tables["main.t"] = {"main", "t", {}, {}, {}, 0, 0, ""};
  CHECK(catalogue.Find("\"raw_shop\".\"orders\"") != nullptr);
  CHECK(catalogue.Find("t") != nullptr);
  CHECK(catalogue.Find("orders") == nullptr);
}

}  // namespace
}  // namespace kura::sql
