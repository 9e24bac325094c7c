// Questions from LookML to rows in a real DuckDB: freshness, limits, mistakes, time and cancelling.
#include "execute/execute.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "execute/format.h"
#include "lookml/load.h"
#include "warehouse/duckdb.h"
#include "warehouse/state.h"

namespace kura::execute {
namespace {

constexpr const char* kModel = R"(
connection: "duckdb"
view: users {
  sql_table_name: raw_shop.users ;;
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: prefecture { type: string sql: ${TABLE}.prefecture ;; }
}
view: orders {
  sql_table_name: raw_shop.orders ;;
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: user_id { type: number sql: ${TABLE}.user_id ;; }
  dimension_group: ordered { type: time timeframes: [raw, date, month] sql: ${TABLE}.ordered_at ;; }
  measure: count { type: count }
  measure: total { type: sum sql: ${TABLE}.amount ;; value_format_name: decimal_0 }
  measure: endless {
    type: sum
    sql: (SELECT count(*) FROM range(10000000) a, range(10000000) b
          WHERE hash(a.range, b.range, ${TABLE}.id) = 1) ;;
  }
  measure: broken { type: sum sql: CAST('x' || ${TABLE}.id AS INTEGER) ;; }
}
explore: orders {
  join: users { relationship: many_to_one sql_on: ${orders.user_id} = ${users.id} ;; }
}
)";

constexpr const char* kTables = R"(
CREATE SCHEMA raw_shop;
CREATE TABLE raw_shop.users (id BIGINT, prefecture VARCHAR);
INSERT INTO raw_shop.users VALUES (1, '東京都'), (2, '大阪府');
CREATE TABLE raw_shop.orders (id BIGINT, user_id BIGINT, amount DECIMAL(12,2),
                              ordered_at TIMESTAMPTZ);
INSERT INTO raw_shop.orders VALUES
  (1, 1, 1000.50, '2026-11-22 15:00:00+00'), (2, 1, 200, '2026-11-23 02:00:00+00'),
  (3, 2, 30, '2026-11-24 01:00:00+00');
)";

Micros At(const char* instant) {
  return *ParseInstant(instant);
}

// A shop of three orders, synced through the noon of 2026-11-24 in Tokyo; users a day earlier.
struct Shop {
  std::unique_ptr<warehouse::Warehouse> warehouse = *warehouse::OpenDuckDb({});
  Snapshot snapshot;
  Diagnostics diagnostics;

  Shop() {
    const auto connection = *warehouse->Connect();
    CHECK(connection->Execute(kTables));
    CHECK(warehouse::PrepareState(*connection));
    Record(*connection, "orders", At("2026-11-24T03:00:00Z"));
    Record(*connection, "users", At("2026-11-23T03:00:00Z"));
    const auto file = std::make_shared<SourceFile>("shop.model.lkml", kModel);
    snapshot.project = lookml::Load({"", {file}, {}}, diagnostics);
    CHECK(diagnostics.items().empty());
    snapshot.catalogue = std::make_shared<sql::Catalogue>(*warehouse->ReadCatalogue());
    snapshot.warehouse = warehouse.get();
    snapshot.timezone = "Asia/Tokyo";
  }

  static void Record(warehouse::Connection& connection, const char* table, Micros through) {
    warehouse::TableState state;
    state.source = "shop";
    state.table = table;
    state.mode = "full";
    state.complete_through = through;
    state.read_at = through + kMicrosPerSecond;
    CHECK(warehouse::WriteTableState(connection, state));
  }

  static RunInput Input(std::vector<std::string> fields) {
    RunInput input;
    input.query.explore = "orders";
    input.query.fields = std::move(fields);
    input.access.local_administrator = true;
    input.now = At("2026-11-24T04:00:00Z");
    return input;
  }

  Result<Answer> Ask(std::vector<std::string> fields) {
    return Run(snapshot, Input(std::move(fields)), diagnostics);
  }
};

TEST_CASE("a question gives typed rows, the proof, and times of the tables that count") {
  Shop shop;
  RunInput input = Shop::Input({"users.prefecture", "orders.total"});
  input.query.sorts = {"orders.total desc"};
  const Result<Answer> answer = Run(shop.snapshot, input, shop.diagnostics);
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(ToTable(*answer, "ja") ==
        "users.prefecture  orders.total\n"
        "東京都                   1,201\n"
        "大阪府                      30\n");
  CHECK(answer->types[1].type.kind == sql::TypeKind::kDecimal);
  CHECK(answer->compiled.proof.size() == 1);
  CHECK_FALSE(answer->truncated);
  CHECK(answer->runtime_s > 0);
  CHECK(answer->freshness.tables.size() == 2);
  // The users only label the orders, so their age does not count.
  CHECK(answer->freshness.complete_through == At("2026-11-24T03:00:00Z"));
  CHECK(answer->freshness.read_at == At("2026-11-24T03:00:01Z"));
}

TEST_CASE("on a filled axis the current day is incomplete, and the next one has not arrived") {
  Shop shop;
  RunInput input = Shop::Input({"orders.ordered_date", "orders.count"});
  input.query.fill_fields = {"orders.ordered_date"};
  input.query.filters = {{"orders.ordered_date", "2026-11-22 to 2026-11-26"}};
  input.query.sorts = {"orders.ordered_date"};
  const Result<Answer> answer = Run(shop.snapshot, input, shop.diagnostics);
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(ToTable(*answer, "en") ==
        "orders.ordered_date  orders.count\n"
        "2026-11-22                      0\n"
        "2026-11-23                      2\n"
        "2026-11-24                     1*\n"
        "2026-11-25            not arrived\n"
        "* the data does not cover the whole period\n");
}

TEST_CASE("the server's limit cuts and says so, the question's own does not") {
  Shop shop;
  shop.snapshot.row_limit = 2;
  RunInput input = Shop::Input({"orders.id"});
  input.query.limit = -1;
  const Result<Answer> cut = Run(shop.snapshot, input, shop.diagnostics);
  REQUIRE_MESSAGE(cut, cut.error().message);
  CHECK(cut->rows.size() == 2);
  CHECK(cut->row_states.size() == 2);
  CHECK(cut->truncated);
  input.query.limit = 1;
  const Result<Answer> asked = Run(shop.snapshot, input, shop.diagnostics);
  REQUIRE(asked);
  CHECK(asked->rows.size() == 1);
  CHECK_FALSE(asked->truncated);
  shop.snapshot.row_limit = 3;
  input.query.limit = -1;
  CHECK_FALSE(Run(shop.snapshot, input, shop.diagnostics)->truncated);
}

TEST_CASE("mistakes of the question are findings, failures of the data are errors") {
  Shop shop;
  const Result<Answer> unknown = shop.Ask({"users.prefectur"});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == Code::kInvalid);
  REQUIRE(shop.diagnostics.items().size() == 1);
  CHECK(unknown.error().message == shop.diagnostics.items()[0].message);
  Diagnostics none;
  const Result<Answer> broken = Run(shop.snapshot, Shop::Input({"orders.broken"}), none);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == Code::kInvalid);
  CHECK(broken.error().message.find("Conversion Error") != std::string::npos);
  CHECK(none.items().empty());
  CHECK_FALSE(CompileOnly(shop.snapshot, Shop::Input({"orders.absent"}), none));
  CHECK(CompileOnly(shop.snapshot, Shop::Input({"orders.count"}), none));
}

TEST_CASE("a question ends at its time limit") {
  Shop shop;
  shop.snapshot.timeout_s = 0.1;
  const Result<Answer> answer = shop.Ask({"orders.endless"});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == Code::kConflict);
  CHECK(answer.error().message.find("0.1 s") != std::string::npos);
}

TEST_CASE("another thread cancels, before and while it runs") {
  Shop shop;
  CancelToken token;
  RunInput input = Shop::Input({"orders.endless"});
  input.cancel = &token;
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    token.Cancel();
  });
  const double begin_s = MonotonicSeconds();
  const Result<Answer> running = Run(shop.snapshot, input, shop.diagnostics);
  other.join();
  REQUIRE_FALSE(running);
  CHECK(running.error().code == Code::kConflict);
  CHECK(MonotonicSeconds() - begin_s < 5);
  const Result<Answer> before = Run(shop.snapshot, input, shop.diagnostics);
  REQUIRE_FALSE(before);
  CHECK(before.error().message == "the question was cancelled");
}

}  // namespace
}  // namespace kura::execute
