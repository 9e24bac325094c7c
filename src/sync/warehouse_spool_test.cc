// What staging promises beyond what whole syncs show: a stage that is begun anew belongs to no
// copy.
#include "sync/warehouse_spool.h"

#include <doctest/doctest.h>

#include "sync/test_server.h"

namespace kura::sync {
namespace {

SourceTable Orders() {
  SourceTable table;
  table.name = "orders";
  table.columns = {{"id", {sql::TypeKind::kBigInt}, "bigint(20)", "", false}};
  table.primary_key = {"id"};
  return table;
}

TEST_CASE("a stage that is made anew is not taken for the one of a ranged copy") {
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  const auto spool = MakeWarehouseSpool("t", *warehouse);
  REQUIRE(spool->Prepare().has_value());
  const SourceTable table = Orders();
  const auto opened = spool->Open(table);
  REQUIRE(opened.has_value());
  Copy copy;
  copy.ranges = {{{}, {"10"}}, {{"10"}, {}}};
  REQUIRE((*opened)->BeginCopy(copy).has_value());
  {
    const auto writer = (*opened)->Write(Part::kStage);
    REQUIRE(writer.has_value());
    REQUIRE((*writer)->CommitRange(0, {}).has_value());
  }
  const auto begun = (*opened)->ReadCopy();
  REQUIRE(begun.has_value());
  REQUIRE(begun->has_value());
  CHECK((*begun)->done.size() == 1);
  // The table looks small enough now to be copied at one go; that run may be cut short.
  REQUIRE((*opened)->Create(Part::kStage).has_value());
  const auto left = (*opened)->ReadCopy();
  REQUIRE(left.has_value());
  CHECK_FALSE(left->has_value());
}

}  // namespace
}  // namespace kura::sync
