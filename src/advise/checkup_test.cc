// The doctor's lines: what is fine, what is not, and the fix that is proposed.
#include "advise/checkup.h"

#include <doctest/doctest.h>

namespace kura::advise {
namespace {

ServerCheck Good() {
  ServerCheck check;
  check.name = "shop";
  check.address = "db:3306";
  check.database = "shop";
  check.server = "mysql 8.0.36";
  check.account = "kura_reader@10.0.3.%";
  check.tls = "verify";
  check.tls_cipher = "TLS_AES_256_GCM_SHA384";
  check.time_zone = "SYSTEM (JST)";
  check.grants = {"GRANT USAGE ON *.* TO `kura_reader`@`10.0.3.%`",
                  "GRANT SELECT ON `shop`.* TO `kura_reader`@`10.0.3.%`"};
  check.sees_transactions = true;
  return check;
}

// The first line of this level whose text has `part`; an empty one when there is none.
CheckLine Find(const std::vector<CheckLine>& lines, Level level, const std::string& part) {
  for (const CheckLine& line : lines) {
    if (line.level == level && line.text.find(part) != std::string::npos) return line;
  }
  return {};
}

std::size_t Count(const std::vector<CheckLine>& lines, Level level) {
  std::size_t count = 0;
  for (const CheckLine& line : lines) count += line.level == level ? 1 : 0;
  return count;
}

TableCheck Orders() {
  TableCheck table;
  table.name = "orders";
  table.rows = 4'000'000;
  table.has_key = true;
  table.cursor = "updated_at";
  table.has_cursor = true;
  table.cursor_is_indexed = true;
  table.is_compared = true;
  table.is_synced = true;
  return table;
}

}  // namespace

TEST_CASE("a server as it should be gives only ok") {
  const auto lines = CheckServer(Good());
  CHECK(Count(lines, Level::kOk) == lines.size());
  CHECK(lines.size() >= 4);
}

TEST_CASE("each shortcoming of a server is a line with its fix") {
  ServerCheck check = Good();
  check.sees_transactions = false;
  CHECK(Find(CheckServer(check), Level::kWarning, "open transactions")
            .fix.find("GRANT PROCESS ON *.* TO 'kura_reader'@'10.0.3.%';") == 0);
  check = Good();
  check.refused = {"payouts"};
  const CheckLine refused = Find(CheckServer(check), Level::kError, "payouts");
  CHECK(refused.outside);
  CHECK(refused.fix == "GRANT SELECT ON shop.* TO 'kura_reader'@'10.0.3.%';");
  check = Good();
  check.grants.push_back("GRANT INSERT, UPDATE ON `shop`.* TO `kura_reader`@`10.0.3.%`");
  CHECK(Find(CheckServer(check), Level::kWarning, "INSERT, UPDATE").level == Level::kWarning);
  check = Good();
  check.tls_cipher.clear();
  CHECK(Find(CheckServer(check), Level::kWarning, "not encrypted").fix != "");
  check.is_local = true;
  CHECK(Count(CheckServer(check), Level::kWarning) == 0);
  check = Good();
  check.clock_ahead = -90 * kMicrosPerSecond;
  CHECK(Find(CheckServer(check), Level::kWarning, "90 s behind").fix != "");
  check = Good();
  check.server = "mysql 5.5.62";
  CHECK(Count(CheckServer(check), Level::kWarning) == 1);
  check.server = "mariadb 10.11.14";
  CHECK(Count(CheckServer(check), Level::kWarning) == 0);
}

TEST_CASE("a cursor without an index comes with the DDL") {
  TableCheck table = Orders();
  CHECK(Count(CheckTables("shop", {table}, {}), Level::kWarning) == 0);
  table.cursor_is_indexed = false;
  CHECK(Find(CheckTables("shop", {table}, {}), Level::kWarning, "orders").fix ==
        "CREATE INDEX orders_updated_at ON orders (updated_at);");
  table.copied_whole = true;  // The user says that it is meant.
  CHECK(Count(CheckTables("shop", {table}, {}), Level::kWarning) == 0);
  table = Orders();
  table.has_cursor = false;
  CHECK(Find(CheckTables("shop", {table}, {}), Level::kWarning, "no updated_at").fix != "");
  table.rows = 50;  // Copying it whole costs nothing.
  CHECK(Count(CheckTables("shop", {table}, {}), Level::kWarning) == 0);
  table = Orders();
  table.has_key = false;
  CHECK(Find(CheckTables("shop", {table}, {}), Level::kWarning, "no primary key").fix != "");
}

TEST_CASE("changes since the last sync are named") {
  TableCheck orders = Orders();
  TableCheck users = Orders();
  users.name = "users";
  users.is_synced = false;
  orders.new_columns = {"coupon_id"};
  orders.gone_columns = {"memo"};
  const CheckLine line =
      Find(CheckTables("shop", {orders, users}, {"old"}), Level::kWarning, "changed since");
  CHECK(line.text ==
        "changed since the last sync: + orders.coupon_id, - orders.memo, - old, + users");
  orders.is_synced = false;
  CHECK(Find(CheckTables("shop", {orders, users}, {}), Level::kWarning, "nothing").fix ==
        "kura sync");
  orders.is_compared = users.is_compared = false;  // There is no warehouse.
  CHECK(Count(CheckTables("shop", {orders, users}, {}), Level::kWarning) == 0);
}

TEST_CASE("names that the source does not have") {
  CHECK(CheckNames("shop", {}).empty());
  const auto lines = CheckNames("shop", {{"tables", "ordrs", {"orders", "users"}}});
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].level == Level::kError);
  CHECK_FALSE(lines[0].outside);
  CHECK(lines[0].text.find("did you mean 'orders'?") != std::string::npos);
  CHECK(lines[0].fix == "it has: orders, users");
}

TEST_CASE("an undecided DATETIME is an error, a contradicted one a warning") {
  ZoneGuess guess{"Asia/Tokyo", {"because"}};
  const CheckLine undecided = CheckZone("shop", "", {"orders"}, guess);
  CHECK(undecided.level == Level::kError);
  CHECK_FALSE(undecided.outside);
  CHECK(undecided.fix.find("datetime_zone: Asia/Tokyo") != std::string::npos);
  CHECK(undecided.fix.find("because") != std::string::npos);
  CHECK(CheckZone("shop", "Asia/Tokyo", {}, guess).level == Level::kOk);
  CHECK(CheckZone("shop", "Asia/Seoul", {}, guess).level == Level::kOk);
  CHECK(CheckZone("shop", "UTC", {}, guess).level == Level::kWarning);
  CHECK(CheckZone("shop", "UTC", {}, {"", {}}).level == Level::kOk);
}

TEST_CASE("freshness and disk") {
  const Micros now = 100 * kMicrosPerDay;
  CHECK(CheckFreshness({}, now, Zone::Utc()).empty());
  const auto lines = CheckFreshness(
      {{"raw.a", now - kMicrosPerHour}, {"raw.b", now - 3 * kMicrosPerDay}}, now, Zone::Utc());
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].level == Level::kOk);
  CHECK(lines[1].text == "older than a day: raw.b (1970-04-08 00:00:00)");
  CHECK(CheckDisk(50'000'000, 0).level == Level::kError);
  CHECK(CheckDisk(1'000'000'000, 900'000'000).level == Level::kWarning);
  CHECK(CheckDisk(50'000'000'000, 900'000'000).level == Level::kOk);
}

}  // namespace kura::advise
