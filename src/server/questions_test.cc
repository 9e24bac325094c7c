// server/questions_test.cc: questions over real sockets against a warehouse that can be held and
// failed: shapes, mistakes, the cache, single flight, limits, and clients that go away.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "lookml/load.h"
#include "server/client_for_test.h"
#include "server/fake_warehouse_for_test.h"
#include "server/server.h"

namespace kura::server {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr const char* kModel = R"(
connection: "duckdb"
view: users {
  sql_table_name: raw_shop.users ;;
  dimension: id { primary_key: yes type: number hidden: yes }
  dimension: prefecture { description: "where they live" }
  dimension: is_test { type: yesno }
  dimension_group: created { type: time timeframes: [raw, date, month, hour_of_day] }
  measure: count { type: count value_format_name: decimal_0 }
}
explore: users { label: "People" always_filter: { filters: [is_test: "No"] } }
)";

std::shared_ptr<const lookml::Project> LoadText(const std::string& text) {
  Diagnostics diagnostics;
  lookml::LoadInput input;
  input.files.push_back(std::make_shared<const SourceFile>("shop.model.lkml", text));
  auto project = lookml::Load(input, diagnostics);
  REQUIRE_MESSAGE(!diagnostics.has_errors(), Render(diagnostics));
  return project;
}

std::shared_ptr<const sql::Catalogue> CatalogueOf(std::int64_t version) {
  sql::CatalogueTable table;
  table.schema = "raw_shop";
  table.name = "users";
  const auto text = sql::Type{sql::TypeKind::kVarchar};
  table.columns = {{"id", {sql::TypeKind::kBigInt}, false, "", ""},
                   {"prefecture", text, true, "", ""},
                   {"is_test", {sql::TypeKind::kBoolean}, true, "", ""},
                   {"created", {sql::TypeKind::kTimestamp}, true, "UTC", ""}};
  table.primary_key = {"id"};
  table.times = sql::TableTimes{1'764'000'000'000'000, 1'764'000'002'000'000};
  table.rows = 2;
  table.version = version;
  auto catalogue = std::make_shared<sql::Catalogue>();
  catalogue->tables["raw_shop.users"] = std::move(table);
  return catalogue;
}

struct Fixture {
  FakeWarehouse warehouse;
  FixedClock clock{1'764'043'929'000'000};  // 2025-11-25T04:12:09Z
  std::mutex mutex;
  execute::Snapshot snapshot;
  std::unique_ptr<Server> server;

  Fixture() {
    warehouse.state.columns = {{"users.prefecture", {sql::TypeKind::kVarchar}},
                               {"users.count", {sql::TypeKind::kBigInt}}};
    warehouse.state.rows = {{std::string("東京都"), std::int64_t{1204}},
                            {std::monostate{}, std::int64_t{3}}};
    snapshot.project = LoadText(kModel);
    snapshot.catalogue = CatalogueOf(1);
    snapshot.warehouse = &warehouse;
    snapshot.timezone = "Asia/Tokyo";
    Restart(4);
  }
  ~Fixture() { warehouse.state.Release(); }

  void Restart(int threads) {
    ServerOptions options;
    options.port = 0;
    options.threads = threads;
    options.project_name = "shop";
    options.version = "0.1.0";
    server = Server::Start(
                 options, [this] { return Take(); }, clock)
                 .value();
  }
  Result<std::shared_ptr<const execute::Snapshot>> Take() {
    const std::scoped_lock lock(mutex);
    return std::make_shared<const execute::Snapshot>(snapshot);
  }
  void Change(const std::function<void(execute::Snapshot&)>& change) {
    const std::scoped_lock lock(mutex);
    change(snapshot);
  }
  int statements() const { return warehouse.state.statements; }
  std::uint16_t port() const { return server->port(); }
  Reply Ask(const std::string& format, const std::string& body) const {
    return Post(port(), "/api/4.0/queries/run/" + format, body);
  }
};

std::string Question(int limit = 500) {
  return fmt::format(
      R"({{"view":"users","fields":["users.prefecture","users.count"],"limit":"{}"}})", limit);
}

bool WaitUntil(const std::function<bool()>& condition) {
  for (int at = 0; at < 1000 && !condition(); ++at) std::this_thread::sleep_for(milliseconds(5));
  return condition();
}

/// A question whose client waits for the answer later.
struct Asked {
  TestClient client;
  Asked(const Fixture& fixture, const std::string& body) : client(fixture.port()) {
    client.Send(
        fmt::format("POST /api/4.0/queries/run/json HTTP/1.1\r\nHost: localhost\r\n"
                    "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    body.size(),
                    body));
  }
};

TEST_CASE_FIXTURE(Fixture, "an answer in each format") {
  const Reply json = Ask("json", Question());
  CHECK(json.status == 200);
  CHECK(Json::parse(json.body) == Json::parse(R"([{"users.prefecture":"東京都","users.count":1204},
                        {"users.prefecture":null,"users.count":3}])"));
  const Reply csv = Ask("csv", Question());
  CHECK(csv.headers.at("content-type") == "text/csv; charset=utf-8");
  CHECK(csv.headers.at("kura-complete-through") == "2025-11-24T16:00:00Z");
  CHECK(csv.body.find("users.prefecture,users.count") == 0);
  const Reply sql = Ask("sql", Question());
  CHECK(sql.headers.at("content-type") == "text/plain; charset=utf-8");
  CHECK(sql.body.find("SELECT") != std::string::npos);
  const Json detail = Json::parse(Ask("json_detail", Question()).body);
  CHECK(detail["fields"]["dimensions"][0]["name"] == "users.prefecture");
  CHECK(detail["fields"]["measures"][0]["name"] == "users.count");
  CHECK(detail["data"][0]["users.count"]["rendered"] == "1,204");
  CHECK(detail["ran_at"] == "2025-11-25T04:12:09Z");
  CHECK(detail["timezone"] == "Asia/Tokyo");
}

TEST_CASE_FIXTURE(Fixture, "mistakes come with status, code, place and hint") {
  CHECK(Ask("json", "{").status == 400);
  CHECK(Ask("json", R"({"view":"users","fields":[1]})").status == 400);
  const Reply unknown = Ask("json", R"({"view":"usres","fields":["users.count"]})");
  CHECK(unknown.status == 404);
  const Reply field = Ask("json", R"({"view":"users","fields":["users.prefectur"]})");
  CHECK(field.status == 422);
  const Json body = Json::parse(field.body);
  const Json& error = body["errors"][0];
  CHECK(body["message"] == error["message"]);
  CHECK(error["code"] == "unknown-field");
  CHECK(error["field"] == "fields[0]");
  CHECK(error["hint"].get<std::string>().find("users.prefecture") != std::string::npos);
  CHECK(error["span"]["length"].get<int>() > 0);
  CHECK(statements() == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "what the warehouse says becomes a status, and our faults have no words") {
  const auto status_of = [&](Code code) {
    warehouse.state.error = Error{code, "secret words", ""};
    return Ask("json", Question());
  };
  CHECK(status_of(Code::kUnavailable).status == 503);
  CHECK(status_of(Code::kInvalid).status == 422);
  CHECK(status_of(Code::kConflict).status == 504);
  const Reply internal = status_of(Code::kInternal);
  CHECK(internal.status == 500);
  CHECK(internal.body.find("secret") == std::string::npos);
  warehouse.state.error.reset();
  CHECK(Ask("json", Question()).status == 200);  // no failure was kept
  Change([](execute::Snapshot& now) { now.warehouse = nullptr; });
  CHECK(Ask("json", Question()).status == 503);
}

TEST_CASE_FIXTURE(Fixture, "a repeated question is answered without the warehouse") {
  const Reply first = Ask("json", Question());
  CHECK(Ask("json", Question()).body == first.body);
  CHECK(statements() == 1);
  CHECK(Ask("json", Question(7)).status == 200);
  CHECK(statements() == 2);
  Change([](execute::Snapshot& now) { now.catalogue = CatalogueOf(2); });
  CHECK(Ask("json", Question()).status == 200);
  CHECK(statements() == 3);
}

TEST_CASE_FIXTURE(Fixture, "a label that changed is seen in the next answer") {
  const auto label = [&] {
    return Json::parse(Ask("json_detail", Question()).body)["fields"]["measures"][0]["label"];
  };
  CHECK(label() == "Users Count");
  std::string changed = kModel;
  changed.replace(changed.find("type: count"), 11, "label: \"人数\" type: count");
  Change([&](execute::Snapshot& now) { now.project = LoadText(changed); });
  CHECK(label() == "Users 人数");
}

TEST_CASE_FIXTURE(Fixture, "equal questions at the same time run once") {
  warehouse.state.Hold();
  std::vector<std::unique_ptr<Asked>> asked;
  for (int at = 0; at < 6; ++at) asked.push_back(std::make_unique<Asked>(*this, Question()));
  CHECK(WaitUntil([&] { return statements() == 1; }));
  asked.pop_back();  // one who goes does not stop it for the others
  std::this_thread::sleep_for(milliseconds(300));
  warehouse.state.Release();
  for (const auto& one : asked) CHECK(one->client.Read().status == 200);
  CHECK(statements() == 1);
}

TEST_CASE_FIXTURE(Fixture, "too many different questions at once are turned away") {
  Restart(1);
  warehouse.state.Hold();
  std::vector<std::unique_ptr<Asked>> asked;
  for (int at = 1; at <= 40; ++at) asked.push_back(std::make_unique<Asked>(*this, Question(at)));
  std::multiset<int> statuses;
  CHECK(WaitUntil([&] {
    return Get(port(), "/metrics").body.find("run/{format}\",status=\"429\"} 7\n") !=
           std::string::npos;
  }));
  warehouse.state.Release();
  for (const auto& one : asked) {
    const Reply reply = one->client.Read();
    statuses.insert(reply.status);
    if (reply.status == 429) CHECK(reply.headers.at("retry-after") == "1");
  }
  CHECK(statuses.count(200) == 33);
  CHECK(statuses.count(429) == 7);
}

TEST_CASE_FIXTURE(Fixture, "a client that goes stops its question") {
  warehouse.state.Hold();
  {
    const Asked gone(*this, Question());
    CHECK(WaitUntil([&] { return statements() == 1; }));
  }
  CHECK(WaitUntil([&] { return warehouse.state.cancelled == 1; }));
  warehouse.state.Release();
  CHECK(Ask("json", Question()).status == 200);
  CHECK(statements() == 2);
}

TEST_CASE_FIXTURE(Fixture, "stopping the server stops its questions") {
  warehouse.state.Hold();
  Asked asked(*this, Question());
  CHECK(WaitUntil([&] { return statements() == 1; }));
  server->Stop();
  CHECK(warehouse.state.cancelled == 1);
}

TEST_CASE_FIXTURE(Fixture, "status, models and explores") {
  const Json status = Json::parse(Get(port(), "/api/v1/status").body);
  CHECK(status == Json::parse(R"({"name":"shop","version":"0.1.0","timezone":"Asia/Tokyo",
    "model_errors":0,"tables":[{"table":"raw_shop.users","rows":2,
    "complete_through":"2025-11-24T16:00:00Z","read_at":"2025-11-24T16:00:02Z"}]})"));
  CHECK(Get(port(), "/readyz").status == 200);
  const Json models = Json::parse(Get(port(), "/api/4.0/lookml_models").body);
  CHECK(models == Json::parse(R"([{"name":"shop","label":"Shop","explores":[{"name":"users",
    "label":"People","description":"","hidden":false,"group_label":"Shop"}]}])"));
  const std::string explores = "/api/4.0/lookml_models/shop/explores/";
  CHECK(Get(port(), explores + "usres").body.find("did you mean 'users'?") != std::string::npos);
  CHECK(Get(port(), explores + "us%65rs").status == 200);
  CHECK(Get(port(), explores + "us%6").status == 404);
  CHECK(Get(port(), "/api/4.0/lookml_models/shpo/explores/users").status == 404);
}

TEST_CASE_FIXTURE(Fixture, "the fields of an explore") {
  const Json explore = Json::parse(Get(port(), "/api/4.0/lookml_models/shop/explores/users").body);
  CHECK(explore["id"] == "shop::users");
  CHECK(explore["always_filter"] == Json::parse(R"([{"name":"users.is_test","value":"No"}])"));
  const Json& dimensions = explore["fields"]["dimensions"];
  CHECK(dimensions.size() == 7);
  CHECK(dimensions[0]["hidden"] == true);
  CHECK(dimensions[4] == Json::parse(R"({"name":"users.created_date",
    "label":"Users Created Date","label_short":"Created Date","description":"","view":"users",
    "view_label":"Users","field_group_label":"Created","field_group_variant":"Date",
    "dimension_group":"users.created","type":"date_date","category":"dimension","measure":false,
    "is_numeric":false,"is_timeframe":true,"is_filter":false,"hidden":false,"fill_style":"range",
    "value_format":null,"value_format_name":null,"suggestions":[],"unavailable":null})"));
  CHECK(dimensions[3]["fill_style"].is_null());
  CHECK(dimensions[6]["type"] == "date_hour_of_day");
  CHECK(dimensions[6]["is_numeric"] == true);
  const Json& count = explore["fields"]["measures"][0];
  CHECK(count["type"] == "count");
  CHECK(count["is_numeric"] == true);
  CHECK(count["value_format_name"] == "decimal_0");
}

}  // namespace
}  // namespace kura::server
