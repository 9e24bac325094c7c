// server/cache_key_test.cc: what makes two answers different ones.
#include "server/cache_key.h"

#include <doctest/doctest.h>

#include <set>

namespace kura::server {
namespace {

struct Fixture {
  query::Compiled compiled;
  execute::Snapshot snapshot;
  execute::RunInput input;
  std::shared_ptr<sql::Catalogue> catalogue = std::make_shared<sql::Catalogue>();
  std::set<std::string> keys;

  Fixture() {
    compiled.sql = "SELECT 1";
    compiled.tables = {"raw_shop.users"};
    catalogue->tables["raw_shop.users"].times = sql::TableTimes{1, 2};
    snapshot.catalogue = catalogue;
  }
  /// True when the key is another one than all before.
  bool IsNew(Format format = Format::kJson, std::int64_t generation = 1) {
    return keys.insert(CacheKey({&compiled, &snapshot, &input, format, generation})).second;
  }
};

TEST_CASE_FIXTURE(Fixture, "everything that an answer shows is in its key") {
  CHECK(IsNew());
  CHECK_FALSE(IsNew());
  CHECK(IsNew(Format::kCsv));
  CHECK(IsNew(Format::kJson, 2));
  catalogue->tables["raw_shop.users"].version = 7;
  CHECK(IsNew());
  catalogue->tables["raw_shop.users"].times->complete_through = 3;
  CHECK(IsNew());
  input.access.attributes["country"] = "JP";
  CHECK(IsNew());
  input.access.attributes["country"] = "JP\"\nrole=\"x";
  CHECK(IsNew());
  input.query.limit = 7;
  CHECK(IsNew());
  compiled.sql = "SELECT 2";
  CHECK(IsNew());
  compiled.timezone = "Asia/Tokyo";
  CHECK(IsNew());
  input.now = 1;  // only what the SQL makes of it counts
  CHECK_FALSE(IsNew());
}

TEST_CASE("SQL that gives something else each time is not kept") {
  CHECK(IsVolatile("SELECT CURRENT_DATE"));
  CHECK(IsVolatile("SELECT random() < 0.5"));
  CHECK_FALSE(IsVolatile("SELECT users.prefecture, count(*) FROM raw_shop.users"));
}

}  // namespace
}  // namespace kura::server
