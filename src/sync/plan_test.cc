// Which tables are copied by a cursor, which whole, and why.
#include "sync/plan.h"

#include <doctest/doctest.h>

namespace kura::sync {
namespace {

SourceTable Orders() {
  SourceTable table;
  table.name = "orders";
  table.columns = {
      {"id", {sql::TypeKind::kBigInt, 0, 0}, "bigint(20)", "", false, ClockKind::kNone},
      {"amount", {sql::TypeKind::kDecimal, 12, 2}, "decimal(12,2)", "", true, ClockKind::kNone},
      {"updated_at",
       {sql::TypeKind::kTimestamp, 0, 0},
       "datetime(6)",
       "",
       false,
       ClockKind::kWallClock}};
  table.primary_key = {"id"};
  table.indexed_columns = {"id", "updated_at"};
  return table;
}

struct Given {
  SourceConfig source;
  warehouse::TableState state;
  bool has_state = false;
  bool exists = true;
  bool full = false;

  Result<TablePlan> Plan(const SourceTable& table) {
    return PlanTable(table, {&source, has_state ? &state : nullptr, exists, full, "server 1"});
  }

  // As after a first run over `table`.
  void Synced(const SourceTable& table) {
    const auto plan = Plan(table);
    REQUIRE(plan);
    has_state = true;
    state.cursor = plan->cursor;
    state.watermark = 1'000'000 * kMicrosPerSecond;
    state.server_id = "server 1";
    state.columns_json = plan->columns_json;
  }
};

TEST_CASE("the first run copies, the next ones read from the watermark less the lookback") {
  Given given;
  CHECK(given.Plan(Orders())->mode() == "copy");
  given.Synced(Orders());
  const auto plan = given.Plan(Orders());
  CHECK(plan->mode() == "delta");
  CHECK(plan->since == given.state.watermark - 10 * kMicrosPerMinute);
  given.full = true;
  CHECK(given.Plan(Orders())->mode() == "copy");
}

TEST_CASE("what makes a delta unsafe leads to a whole copy that says why") {
  Given given;
  given.Synced(Orders());
  SourceTable changed = Orders();
  changed.columns[1].source_type = "decimal(14,2)";
  CHECK(given.Plan(changed)->note == "columns changed: copied whole");
  changed = Orders();
  changed.columns.push_back(changed.columns[1]);
  changed.columns.back().name = "tax";
  CHECK(given.Plan(changed)->mode() == "copy");
  changed = Orders();
  changed.columns[1].comment = "only words";
  CHECK(given.Plan(changed)->mode() == "delta");
  changed.comment = "only words";
  changed.primary_key = {"id", "amount"};
  CHECK(given.Plan(changed)->mode() == "copy");
  given.state.server_id = "server 2";
  CHECK(given.Plan(Orders())->note == "the source is another server now: copied whole");
  given.exists = false;
  CHECK(given.Plan(Orders())->note == "the table was missing in the warehouse: copied whole");
}

TEST_CASE("tables without what a cursor needs are copied whole") {
  Given given;
  SourceTable table = Orders();
  table.primary_key.clear();
  CHECK(given.Plan(table)->mode() == "full");
  CHECK(given.Plan(table)->note == "no primary key: copied whole");
  table = Orders();
  table.indexed_columns = {"id"};
  CHECK(given.Plan(table)->note == "updated_at has no index: copied whole");
  given.source.tables["orders"].mode = TableMode::kIncremental;
  CHECK(given.Plan(table)->mode() == "copy");
}

TEST_CASE("mistakes of the configuration name what was meant") {
  Given given;
  TableConfig& config = given.source.tables["orders"];
  config.exclude = {"amuont"};
  CHECK(given.Plan(Orders()).error().hint == "did you mean 'amount'?");
  config.exclude = {};
  config.cursor = "update_at";
  CHECK(given.Plan(Orders()).error().hint == "did you mean 'updated_at'?");
  config.cursor = "amount";
  config.mode = TableMode::kIncremental;
  CHECK(given.Plan(Orders()).error().message == "cursor: 'amount' is decimal(12,2), not a time");
  config = {};
  config.datetime_zone = "Asia/Tokio";
  CHECK_FALSE(given.Plan(Orders()));
}

TEST_CASE("excluded columns are not in the projection") {
  Given given;
  given.source.tables["orders"].exclude = {"amount"};
  const auto plan = given.Plan(Orders());
  CHECK(plan->table.Find("amount") == nullptr);
  CHECK(plan->columns_json.find("amount") == std::string::npos);
}

}  // namespace
}  // namespace kura::sync
