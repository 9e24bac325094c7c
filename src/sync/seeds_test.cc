// Seeds in a warehouse: loaded once, left alone when unchanged or wrong, never late, dropped on
// request.
#include "sync/seeds.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/file.h"
#include "sync/test_server.h"
#include "warehouse/state.h"

namespace kura::sync {
namespace {

class World {
 public:
  World() : warehouse_(testing::OpenIn(folder_.path())) {
    input_.folder = folder_.path() + "/seeds";
    input_.timezone = "Asia/Tokyo";
    REQUIRE(MakeFolder(input_.folder).has_value());
  }

  void Write(const std::string& name, const std::string& bytes) {
    REQUIRE(WriteFile(input_.folder + "/" + name, bytes).has_value());
  }
  void Remove(const std::string& name) { std::filesystem::remove(input_.folder + "/" + name); }

  SeedsReport Sync(const SeedsOptions& options = {}) {
    Result<SeedsReport> done = SyncSeeds(input_, *warehouse_, clock_, options);
    REQUIRE(done.has_value());
    return *std::move(done);
  }

  // All rows, cells joined by "|"; the error's message when there is none.
  std::string Rows(const std::string& sql) {
    const auto connection = warehouse_->Connect();
    REQUIRE(connection.has_value());
    const auto stream = (*connection)->Query(sql, {});
    if (!stream) return stream.error().message;
    std::string out;
    std::vector<warehouse::Value> row;
    while (true) {
      const Result<bool> more = (*stream)->Next(&row);
      if (!more) return more.error().message;
      if (!*more) return out;
      for (const warehouse::Value& value : row) {
        const auto* text = std::get_if<std::string>(&value);
        out += (text == nullptr ? "NULL" : *text) + "|";
      }
    }
  }

  sql::Catalogue Catalogue() {
    auto catalogue = warehouse_->ReadCatalogue();
    REQUIRE(catalogue.has_value());
    return *std::move(catalogue);
  }

  SeedsInput& input() { return input_; }

 private:
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  SeedsInput input_;
  FixedClock clock_{1'700'000'000'000'000};
};

constexpr const char* kAll = "SELECT CAST(n AS VARCHAR), CAST(x AS VARCHAR) FROM raw_seeds.t";

TEST_CASE("a file lands, is left alone when unchanged, and is loaded again when changed") {
  World world;
  world.Write("t.csv", "n,x\n1,2026/4/1\n-2.5,\n");
  CHECK(world.Sync().report.tables[0].rows == 2);
  CHECK(world.Rows(kAll) == "1.0|2026-04-01|-2.5|NULL|");
  CHECK(world.Sync().report.tables[0].note == "unchanged");
  SeedsOptions full;
  full.full = true;
  CHECK(world.Sync(full).report.tables[0].note.empty());
  world.Write("t.csv", "n,x\n1,abc\n");
  CHECK(world.Sync().report.tables[0].rows == 1);
  CHECK(world.Rows(kAll) == "1|abc|");
  // The declaration and the zone are part of what a table is.
  world.input().seeds["t"].columns["n"] = {{sql::TypeKind::kVarchar, 0, 0}, {}};
  CHECK(world.Sync().report.tables[0].note.empty());
  CHECK(world.Sync().report.tables[0].note == "unchanged");
  CHECK(world.Rows("SELECT CAST(count(*) AS VARCHAR) FROM _kura.sync_runs WHERE mode = 'seed'") ==
        "4|");
}

TEST_CASE("a bad file changes nothing and does not stop the others") {
  World world;
  world.Write("t.csv", "n,x\n1,a\n");
  (void)world.Sync();
  world.Write("t.csv", "n,x\n1\n");
  world.Write("u.csv", "n\n7\n");
  const SeedsReport report = world.Sync();
  REQUIRE(report.report.tables.size() == 2);
  REQUIRE(report.report.tables[0].error.has_value());
  CHECK(report.report.tables[0].error->message == "seeds/t.csv has 1 mistake");
  CHECK_FALSE(report.report.tables[1].error.has_value());
  CHECK(report.diagnostics.error_count() == 1);
  CHECK(world.Rows(kAll) == "1|a|");
  CHECK(world.Rows("SELECT CAST(n AS VARCHAR) FROM raw_seeds.u") == "7|");
  // It is tried again, and lands once it is right.
  CHECK(world.Sync().report.tables[0].error.has_value());
  world.Write("t.csv", "n,x\n1,b\n");
  CHECK_FALSE(world.Sync().report.tables[0].error.has_value());
  CHECK(world.Rows(kAll) == "1|b|");
}

TEST_CASE("CP932 and more rows than a batch") {
  World world;
  std::string bytes = "n,x\r\n";
  for (int i = 0; i < 5'000; ++i) bytes += std::to_string(i) + ",\x93\x8C\x81\x60\r\n";
  world.Write("t.csv", bytes);
  CHECK(world.Sync().report.tables[0].rows == 5'000);
  CHECK(world.Rows("SELECT CAST(count(DISTINCT n) AS VARCHAR), min(x), max(x) FROM raw_seeds.t") ==
        "5000|東～|東～|");
}

TEST_CASE("the catalogue has keys and zones, and no times: seeds are never late") {
  World world;
  world.Write("t.csv", "n,x\n1,2026-04-01 09:00\n");
  world.input().seeds["t"].primary_key = {{"n", {}}};
  (void)world.Sync();
  const sql::Catalogue catalogue = world.Catalogue();
  const sql::CatalogueTable* table = catalogue.Find("raw_seeds.t");
  REQUIRE(table != nullptr);
  CHECK_FALSE(table->times.has_value());
  CHECK(table->version == 1);
  CHECK(table->primary_key == std::vector<std::string>{"n"});
  CHECK(table->Find("x")->zone == "Asia/Tokyo");
  // What the files alone say is the same.
  sql::Catalogue checked;
  Diagnostics diagnostics;
  CheckSeeds(world.input(), &checked, diagnostics);
  CHECK_FALSE(diagnostics.has_errors());
  REQUIRE(checked.Find("raw_seeds.t") != nullptr);
  CHECK(checked.Find("raw_seeds.t")->Find("x")->type == table->Find("x")->type);
  CHECK(checked.Find("raw_seeds.t")->primary_key == table->primary_key);
}

TEST_CASE("a table outlives its file until it is dropped on request") {
  World world;
  world.Write("t.csv", "n,x\n1,a\n");
  world.Write("u.csv", "n\n7\n");
  (void)world.Sync();
  world.Remove("t.csv");
  const SeedsReport kept = world.Sync();
  REQUIRE(kept.report.warnings.size() == 1);
  CHECK(kept.report.warnings[0].find("raw_seeds.t keeps its 1 row") != std::string::npos);
  CHECK(world.Rows(kAll) == "1|a|");
  SeedsOptions drop;
  drop.drop_gone = true;
  CHECK(world.Sync(drop).report.warnings.size() == 1);
  CHECK(world.Catalogue().Find("raw_seeds.t") == nullptr);
  CHECK(world.Catalogue().Find("raw_seeds.u") != nullptr);
  CHECK(world.Sync().report.warnings.empty());
}

TEST_CASE("without files nothing is made") {
  World world;
  CHECK(world.Sync().report.tables.empty());
  CHECK(world.Catalogue().Find("raw_seeds.t") == nullptr);
  CHECK(world.Rows("SELECT schema_name FROM duckdb_schemas() WHERE schema_name = 'raw_seeds'") ==
        "");
}

}  // namespace
}  // namespace kura::sync
