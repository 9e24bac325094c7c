// Every type at its edges, inserted with a server that lets everything in, copied, and compared
// with the server's own text cell by cell; and the comparison itself, which must notice the
// smallest wrong value of every type.
#include <doctest/doctest.h>

#include "sync/type_tables_for_test.h"

namespace kura::sync {
namespace {

using testing::TestServer;
using testing::TypeTable;

constexpr std::size_t kColumnsPerTable = 8;  // a row of InnoDB holds that much of the large ones

std::vector<TypeTable> EdgeTables(const std::vector<testing::TypeSpec>& specs) {
  std::vector<TypeTable> tables;
  for (const testing::TypeSpec& spec : specs) {
    if (tables.empty() || tables.back().columns.size() == kColumnsPerTable) {
      tables.push_back({fmt::format("t{}", tables.size()), {}, "PRIMARY KEY (row_no)", {}, {}});
    }
    tables.back().columns.push_back(spec);
  }
  for (TypeTable& table : tables) {
    std::size_t longest = 0;
    for (const auto& spec : table.columns) longest = std::max(longest, spec.edges.size());
    for (std::size_t row = 0; row < longest; ++row) {
      table.rows.emplace_back();
      for (const auto& spec : table.columns) {
        table.rows.back().push_back(spec.edges[row % spec.edges.size()]);
      }
    }
    table.rows.emplace_back(table.columns.size(), "NULL");
  }
  return tables;
}

// The smallest change of one value per column; the comparison must name just these cells.
std::size_t CheckNotices(const std::string& database, const TypeTable& table,
                         warehouse::Warehouse& warehouse) {
  const auto connection = warehouse.Connect();
  REQUIRE(connection.has_value());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string column = fmt::format("c{}", i);
    const std::string changed = testing::In(table.columns[i].wrong, i);
    const std::string name = "raw_t." + table.name;
    const Status done = (*connection)
                            ->Execute(fmt::format("UPDATE {0} SET {1} = {2} WHERE row_no = (SELECT "
                                                  "min(row_no) FROM {0} WHERE {1} IS NOT NULL "
                                                  "AND {1} <> {2})",
                                                  name,
                                                  column,
                                                  changed));
    REQUIRE_MESSAGE(done.has_value(), done.error().message);
  }
  const auto differences = testing::Differences(database, table, warehouse);
  CAPTURE(Join(differences, "\n"));
  CHECK(differences.size() == table.columns.size());
  return differences.size();
}

TEST_CASE("every type arrives as the server prints it, at its edges") {
  const std::string database = "sync_torture";
  TestServer::Get().Create(database);
  const auto admin = TestServer::Get().Admin(database);
  TestServer::Run(*admin, "SET time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES'");
  const std::vector<testing::TypeSpec> specs = testing::KnownSpecs(*admin);
  const std::vector<TypeTable> tables = EdgeTables(specs);
  for (const TypeTable& table : tables) testing::CreateTable(*admin, table);
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  const SyncReport report = testing::MustSync(testing::SourceOf(database), *warehouse);
  std::size_t noticed = 0;
  for (const TypeTable& table : tables) {
    CAPTURE(table.name);
    (void)testing::TableOf(report, table.name);
    CHECK(Join(testing::Differences(database, table, *warehouse), "\n") == "");
    const auto [expected, actual] = testing::CoercionsOf(database, table, *warehouse);
    CHECK(actual == expected);
    noticed += CheckNotices(database, table, *warehouse);
  }
  CHECK(noticed == specs.size());
}

}  // namespace
}  // namespace kura::sync
