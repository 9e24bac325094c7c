// The statements of a landing, with names that need quoting and a key that can hold NULL.
#include "sql/staging.h"

#include <doctest/doctest.h>

namespace kura::sql {
namespace {

StagingText Days() {
  return StagingText({"raw_shop",
                      "user \"days\"",
                      "it's a log",
                      {{"user", {TypeKind::kUBigInt, 0, 0}},
                       {"day", {TypeKind::kDate, 0, 0}},
                       {"total", {TypeKind::kDecimal, 12, 2}}},
                      {{"user", false}, {"day", true}}});
}

TEST_CASE("staging tables lie beside the target, with its columns and comment") {
  const StagingText text = Days();
  const auto created = text.CreateRows(text.stage());
  REQUIRE(created.size() == 2);
  CHECK(created[0] == R"(CREATE OR REPLACE TABLE "raw_shop"."_kura_stage__user ""days""" )"
                      R"(("user" UBIGINT, "day" DATE, "total" DECIMAL(12,2)))");
  CHECK(created[1] ==
        R"(COMMENT ON TABLE "raw_shop"."_kura_stage__user ""days""" IS 'it''s a log')");
  CHECK(text.CreateKeys() == R"(CREATE OR REPLACE TABLE "raw_shop"."_kura_keys__user ""days""" )"
                             R"(("user" UBIGINT, "day" DATE))");
}

TEST_CASE("a row is the same when its key is, NULL included where it can be") {
  const StagingText text = Days();
  const auto merged = text.Merge(text.changes(), text.table());
  REQUIRE(merged.size() == 2);
  CHECK(merged[0] == R"(DELETE FROM "raw_shop"."user ""days""" AS t USING )"
                     R"("raw_shop"."_kura_changes__user ""days""" AS s WHERE )"
                     R"(t."user" = s."user" AND t."day" IS NOT DISTINCT FROM s."day")");
  CHECK(merged[1] == R"(INSERT INTO "raw_shop"."user ""days""" SELECT * FROM )"
                     R"("raw_shop"."_kura_changes__user ""days""")");
  CHECK(text.FindGone(text.table()) ==
        R"(CREATE OR REPLACE TABLE "raw_shop"."_kura_gone__user ""days""" AS )"
        R"(SELECT t."user", t."day" FROM "raw_shop"."user ""days""" AS t WHERE NOT EXISTS )"
        R"((SELECT 1 FROM "raw_shop"."_kura_keys__user ""days""" AS o WHERE )"
        R"(o."user" = t."user" AND o."day" IS NOT DISTINCT FROM t."day"))");
  CHECK(text.DeleteGone(text.table(), "") ==
        R"(DELETE FROM "raw_shop"."user ""days""" AS t USING )"
        R"("raw_shop"."_kura_gone__user ""days""" AS g WHERE )"
        R"(t."user" = g."user" AND t."day" IS NOT DISTINCT FROM g."day")");
}

TEST_CASE("a swap drops the target and renames within the schema") {
  const StagingText text({"raw_shop", "orders", "", {{"id", {TypeKind::kBigInt, 0, 0}}}, {}});
  CHECK(text.CreateRows(text.stage()).size() == 1);
  const auto swapped = text.Swap(text.stage());
  REQUIRE(swapped.size() == 2);
  CHECK(swapped[0] == R"(DROP TABLE IF EXISTS "raw_shop"."orders")");
  CHECK(swapped[1] == R"(ALTER TABLE "raw_shop"."_kura_stage__orders" RENAME TO "orders")");
}

}  // namespace
}  // namespace kura::sql
