// The statements of a comparison: what makes two values the same, and which rows are left out.
// What they find is tested with real tables by the sync's verify_test.
#include "sql/comparison.h"

#include <doctest/doctest.h>

namespace kura::sql {
namespace {

ComparisonText Days() {
  return ComparisonText({"raw_shop",
                         "it's a log",
                         "",
                         {{"user", {TypeKind::kUBigInt, 0, 0}},
                          {"day \"x\"", {TypeKind::kDate, 0, 0}},
                          {"rate", {TypeKind::kDouble, 0, 0}}},
                         {{"user", false}, {"day \"x\"", true}}});
}

TEST_CASE("every column is compared, floating point with its sign") {
  const std::string text = Days().CompareRows();
  CHECK(text.find(R"(t."user" IS NOT DISTINCT FROM s."user")") != std::string::npos);
  CHECK(text.find(R"(t."day ""x""" IS NOT DISTINCT FROM s."day ""x""")") != std::string::npos);
  CHECK(text.find(R"(t."rate" IS NOT DISTINCT FROM s."rate" AND )"
                  R"(signbit(t."rate") IS NOT DISTINCT FROM signbit(s."rate"))") !=
        std::string::npos);
  CHECK(text.find(R"(ON t."user" = s."user" AND t."day ""x""" IS NOT DISTINCT FROM)") !=
        std::string::npos);
  CHECK(text.ends_with(R"(NOT EXISTS (SELECT 1 FROM "_kura_verify_recent" AS o WHERE )"
                       R"(o."user" = s."user" AND o."day ""x""" IS NOT DISTINCT FROM )"
                       R"(s."day ""x"""))"));
}

TEST_CASE("nothing of the source is kept in the warehouse's file") {
  for (const std::string& statement : Days().CreateTables()) {
    CHECK(statement.starts_with("CREATE OR REPLACE TEMP TABLE \"_kura_verify_"));
  }
  CHECK(Days().CreateTables().size() == 4);
  CHECK(ComparisonText({"s", "t", "", {{"a", {TypeKind::kInteger, 0, 0}}}, {}})
            .CreateTables()
            .size() == 1);
}

TEST_CASE("a composite key is shown as a tuple") {
  CHECK(Days().ShowDiffering(kExtra, 10) ==
        R"(SELECT '(' || coalesce(CAST("user" AS VARCHAR), 'NULL') || ', ' || )"
        R"(coalesce(CAST("day ""x""" AS VARCHAR), 'NULL') || ')', _kura_columns )"
        R"(FROM "_kura_verify_differing" AS d WHERE _kura_kind = 'extra' )"
        R"(ORDER BY d."user", d."day ""x""" LIMIT 10)");
}

}  // namespace
}  // namespace kura::sql
