// Random schemas and rows, copied and compared with the server's own text cell by cell. A failure
// prints its seed: KURA_SEED=… runs the same tables again.
#include <doctest/doctest.h>

#include <random>

#include "sync/type_tables_for_test.h"

namespace kura::sync {
namespace {

using testing::Below;
using testing::Random;
using testing::TestServer;
using testing::TypeSpec;
using testing::TypeTable;

constexpr std::size_t kTables = 24;
constexpr std::size_t kColumnsMax = 10;
constexpr std::size_t kRowsMax = 40;

// A key of its own columns beside row_no, which stays unique: "PRIMARY KEY (c0, row_no)".
std::string RandomKey(Random& random, TypeTable* table) {
  const std::vector<TypeSpec> parts = {
      testing::IntegerSpec("BIGINT", 64, true),
      testing::DecimalSpec(20, 5),
      testing::DateSpec(),
      testing::DateTimeSpec(6),
      testing::BytesSpec("BINARY(16)", 16),
      testing::TextSpec("VARCHAR(40)", {"a", "B", "日", "🍣"}),
      testing::TextSpec("VARCHAR(40) CHARACTER SET cp932", {"a", "日", "①", "～"})};
  if (Below(random, 4) == 0) return "";
  if (Below(random, 3) == 0) return "PRIMARY KEY (row_no)";
  table->columns.insert(table->columns.begin(), parts[Below(random, parts.size())]);
  return "PRIMARY KEY (c0, row_no)";
}

std::string RandomLiteral(Random& random, const TypeSpec& spec, bool not_null) {
  if (!not_null && Below(random, 6) == 0) return "NULL";
  if (Below(random, 3) == 0) return spec.edges[Below(random, spec.edges.size())];
  return spec.literal(random);
}

TypeTable RandomTable(Random& random, const std::vector<TypeSpec>& all, std::size_t number) {
  TypeTable table{fmt::format("t{}", number), {}, "", {}, {}};
  for (std::uint64_t i = 1 + Below(random, kColumnsMax); i > 0; --i) {
    table.columns.push_back(all[Below(random, all.size())]);
  }
  table.key = RandomKey(random, &table);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    table.not_null.push_back((i == 0 && table.key.find("c0") != std::string::npos) ||
                             Below(random, 3) == 0);
  }
  for (std::uint64_t row = Below(random, kRowsMax); row > 0; --row) {
    table.rows.emplace_back();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      table.rows.back().push_back(RandomLiteral(random, table.columns[i], table.not_null[i]));
    }
  }
  return table;
}

std::uint64_t Seed() {
  const char* chosen = std::getenv("KURA_SEED");
  return chosen == nullptr ? std::random_device()() : std::strtoull(chosen, nullptr, 10);
}

TEST_CASE("random tables arrive as the server prints them") {
  const std::uint64_t seed = Seed();
  INFO("again with: KURA_SEED=" << seed);
  Random random(seed);
  const std::string database = "sync_property";
  TestServer::Get().Create(database);
  const auto admin = TestServer::Get().Admin(database);
  TestServer::Run(*admin, "SET time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES'");
  const std::vector<TypeSpec> specs = testing::KnownSpecs(*admin);
  std::vector<TypeTable> tables;
  for (std::size_t i = 0; i < kTables; ++i) tables.push_back(RandomTable(random, specs, i));
  for (const TypeTable& table : tables) testing::CreateTable(*admin, table);
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  const SyncReport report = testing::MustSync(testing::SourceOf(database), *warehouse);
  for (const TypeTable& table : tables) {
    CAPTURE(table.name);
    (void)testing::TableOf(report, table.name);
    CHECK(Join(testing::Differences(database, table, *warehouse), "\n") == "");
    const auto [expected, actual] = testing::CoercionsOf(database, table, *warehouse);
    CHECK(actual == expected);
  }
}

}  // namespace
}  // namespace kura::sync
