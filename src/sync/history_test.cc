// Histories on a real server: `history: true` beside deltas, whole copies, masks and other columns.
// After each sync the versions must follow from what the table was after each of them.
#include "sync/history.h"

#include <doctest/doctest.h>

#include "base/hash.h"
#include "sync/test_server.h"
#include "sync/verify.h"

namespace kura::sync {
namespace {

using testing::TestServer;

constexpr const char* kSalt = "0123456789abcdef0123456789abcdef";

// `users` with 3,000 rows whose stamps are an hour old, and a history.
class Users {
 public:
  explicit Users(const std::string& database, bool history = true) : database_(database) {
    TestServer::Get().Create(database);
    admin_ = TestServer::Get().Admin(database);
    Run("SET time_zone = '+09:00'");
    Run("CREATE TABLE users (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT, email VARCHAR(50), "
        "plan VARCHAR(20), points INT, born DATE, score DOUBLE, photo VARBINARY(20), worked TIME, "
        "updated_at DATETIME(6) NOT NULL DEFAULT NOW(6) ON UPDATE NOW(6), KEY (updated_at))");
    Run("INSERT INTO users SELECT seq, CONCAT('u', seq, '@example.jp'), 'free', NULLIF(seq % 5, "
        "0), '1980-01-01' + INTERVAL seq DAY, seq / 7, UNHEX(MD5(seq)), SEC_TO_TIME(seq * 100), "
        "NOW(6) - INTERVAL 1 HOUR FROM seq_1_to_3000");
    warehouse_ = testing::OpenIn(folder_.path());
    source_ = testing::SourceOf(database);
    source_.salt = kSalt;
    config().history = history;
  }

  void Run(const std::string& sql) { TestServer::Run(*admin_, sql); }
  TableReport Sync(const SyncOptions& options = {}) {
    return testing::TableOf(testing::MustSync(source_, *warehouse_, options), "users");
  }
  Error Fails(const std::string& table = "users") {
    const SyncReport report = testing::MustSync(source_, *warehouse_);
    for (const TableReport& one : report.tables) {
      if (one.table == table && one.error) return *one.error;
    }
    FAIL("it did not fail");
    return {};
  }
  std::vector<std::string> Rows(const std::string& sql) {
    return testing::RowsOf(*warehouse_, sql);
  }
  std::string Row(const std::string& sql) {
    const auto rows = Rows(sql);
    REQUIRE(rows.size() == 1);
    return rows[0];
  }
  // Versions, those of them that are open, and keys.
  std::string Counts() {
    return Row(
        "SELECT count(*), count(*) FILTER (valid_to IS NULL), count(DISTINCT id) FROM "
        "raw_t.users__history");
  }
  // Whether open versions are the table's rows, and the intervals of each key follow each other.
  bool Sound(const std::string& columns = "*") {
    const std::string live = columns == "*" ? "* EXCLUDE (valid_from, valid_to)" : columns;
    const std::string open =
        "(SELECT " + live + " FROM raw_t.users__history WHERE valid_to IS NULL)";
    const std::string now = "(SELECT " + columns + " FROM raw_t.users)";
    return Rows(open + " EXCEPT ALL " + now).empty() && Rows(now + " EXCEPT ALL " + open).empty() &&
           Rows("SELECT id FROM raw_t.users__history WHERE valid_to <= valid_from").empty() &&
           Rows(
               "SELECT id FROM (SELECT id, valid_from, lag(coalesce(valid_to, 'infinity')) OVER "
               "(PARTITION BY id ORDER BY valid_from) AS before FROM raw_t.users__history) WHERE "
               "before > valid_from")
               .empty();
  }
  void Reopen() {
    warehouse_.reset();
    warehouse_ = testing::OpenIn(folder_.path());
  }
  TableConfig& config() { return source_.tables["users"]; }
  SourceConfig& source() { return source_; }
  warehouse::Warehouse& warehouse() { return *warehouse_; }
  const std::string& folder() const { return folder_.path(); }

 private:
  std::string database_;
  std::unique_ptr<MysqlConnection> admin_;
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  SourceConfig source_;
};

SyncOptions Full() {
  SyncOptions options;
  options.full = true;
  return options;
}

TEST_CASE("each observed version of a row stays, with its time") {
  Users users("history_delta");
  CHECK(users.Sync().mode == "copy");
  CHECK(users.Counts() == "3000|3000|3000");
  CHECK(users.Row("SELECT count(DISTINCT valid_from), (min(valid_from) = (SELECT read_at FROM "
                  "_kura.sync_state))::VARCHAR FROM raw_t.users__history") == "1|true");
  // A change, a touch that changes only its stamp, a delete, an insert, and another key.
  users.Run("UPDATE users SET plan = 'gold' WHERE id BETWEEN 11 AND 20");
  users.Run("DELETE FROM users WHERE id BETWEEN 31 AND 33");
  users.Run("INSERT INTO users (plan) VALUES ('new')");
  users.Run("UPDATE users SET id = 9000 WHERE id = 41");
  CHECK(users.Sync().mode == "delta");
  CHECK(users.Counts() == "3012|2998|3002");
  CHECK(users.Sound());
  CHECK(users.Rows("SELECT plan, (valid_to IS NULL)::VARCHAR FROM raw_t.users__history WHERE id = "
                   "11 ORDER BY "
                   "valid_from") == std::vector<std::string>{"free|false", "gold|true"});
  CHECK(
      users.Row(
          "SELECT count(*), (max(valid_to) = (SELECT read_at FROM _kura.sync_state))::VARCHAR FROM "
          "raw_t.users__history WHERE id IN (31, 32, 33, 41)") == "4|true");
  // What is read again and is the same makes no version.
  CHECK(users.Sync().rows > 0);
  CHECK(users.Sync(Full()).mode == "copy");
  CHECK(users.Counts() == "3012|2998|3002");
  // One comes back, as it was.
  users.Run(
      "INSERT INTO users SELECT 31, 'u31@example.jp', 'free', 1, '1980-02-01', 31 / 7, "
      "UNHEX(MD5(31)), SEC_TO_TIME(3100), NOW(6)");
  users.Sync();
  CHECK(users.Counts() == "3013|2999|3002");
  CHECK(users.Sound());
  CHECK(users.Rows(
            "SELECT (valid_to IS NULL)::VARCHAR FROM raw_t.users__history WHERE id = 31 ORDER BY "
            "valid_from") == std::vector<std::string>{"false", "true"});
}

TEST_CASE("every kind of value counts as a change, and only that") {
  Users users("history_values");
  users.Sync();
  for (const char* change : {"email = NULL",
                             "points = points + 1",
                             "born = NULL",
                             "born = '0000-00-00'",  // NULL in the warehouse: no other version

                             "score = 0.0",
                             "photo = 0x00",
                             "photo = 0x0000",
                             "worked = '-838:59:59'",
                             "worked = NULL",
                             "points = NULL",
                             "points = 0",
                             "email = ''"}) {
    CAPTURE(std::string(change));
    const std::string before = users.Counts();
    users.Run("SET sql_mode = ''");
    users.Run("UPDATE users SET updated_at = updated_at, " + std::string(change) + " WHERE id = 1");
    users.Sync(Full());
    CHECK((users.Counts() == before) == (std::string(change) == "born = '0000-00-00'"));
    CHECK(users.Sound());
  }
}

TEST_CASE("whole copies, in ranges or not, record what is another row") {
  Users users("history_whole");
  users.Sync();
  const auto change = [&](int id) {
    const std::string at = std::to_string(id);
    users.Run("UPDATE users SET plan = 'p" + at + "', updated_at = updated_at WHERE id = " + at);
    users.Run("DELETE FROM users WHERE id = 100 + " + at);
    users.Run("INSERT INTO users (plan) VALUES ('new')");
  };
  change(1);
  users.Sync(Full());
  CHECK(users.Counts() == "3002|3000|3001");
  CHECK(users.Sound());
  change(2);
  SyncOptions ranges = Full();
  ranges.ranges_from = 100;
  ranges.range_rows = 500;
  CHECK(users.Sync(ranges).mode == "copy");
  CHECK(users.Counts() == "3004|3000|3002");
  CHECK(users.Sound());
  change(3);
  users.config().mode = TableMode::kFull;
  CHECK(users.Sync().mode == "full");
  CHECK(users.Counts() == "3006|3000|3003");
  CHECK(users.Sound());
  CHECK(users.Sync().mode == "full");
  CHECK(users.Counts() == "3006|3000|3003");
}

TEST_CASE("kept rows are closed in the history all the same") {
  Users users("history_kept");
  users.config().deletes = Deletes::kKeep;
  users.Sync();
  users.Run("DELETE FROM users WHERE id BETWEEN 1 AND 3");
  users.Sync();
  CHECK(users.Counts() == "3000|2997|3000");
  CHECK(users.Row("SELECT count(*) FROM raw_t.users JOIN raw_t.users__history USING (id) WHERE "
                  "_deleted_at = valid_to") == "3");
  users.Sync(Full());
  CHECK(users.Counts() == "3000|2997|3000");
  users.Run("INSERT INTO users (id, plan) VALUES (2, 'back')");
  users.Sync();
  CHECK(users.Counts() == "3001|2998|3000");
}

TEST_CASE("a history that was off goes on with what it finds") {
  Users users("history_off");
  users.Sync();
  users.config().history = false;
  users.Run("UPDATE users SET plan = 'missed' WHERE id = 1");
  CHECK(users.Sync().note == "history is off: users__history stays as it is");
  CHECK(users.Sync().note == "");
  CHECK(users.Counts() == "3000|3000|3000");
  users.Run("UPDATE users SET plan = 'gold' WHERE id = 2");
  users.config().history = true;
  const TableReport report = users.Sync();
  CHECK(report.mode == "delta");
  CHECK(report.note == "");
  CHECK(users.Counts() == "3002|3000|3000");
  CHECK(users.Sound());
}

TEST_CASE("a history that is begun later starts with the table as it is") {
  Users users("history_later", false);
  users.Sync();
  CHECK(users.Row("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%__history'") ==
        "0");
  users.config().history = true;
  users.Run("UPDATE users SET plan = 'gold' WHERE id = 2");
  CHECK(users.Sync().mode == "delta");
  CHECK(users.Counts() == "3000|3000|3000");
  CHECK(users.Sound());
}

TEST_CASE("other columns at the source do not lose a version") {
  Users users("history_drift");
  users.Sync();
  users.Run("ALTER TABLE users ADD COLUMN rank_name VARCHAR(9), ADD COLUMN bonus INT DEFAULT 3");
  users.Run("UPDATE users SET updated_at = updated_at, bonus = NULL WHERE id > 10");
  CHECK(users.Sync().note == "columns changed: copied whole");
  CHECK(users.Counts() == "3010|3000|3000");
  CHECK(users.Sound());
  CHECK(users.Rows("SELECT bonus FROM raw_t.users__history WHERE id = 1 ORDER BY valid_from") ==
        std::vector<std::string>{"NULL", "3"});
  // Dropped: NULL from then on; the versions that had a value keep it.
  users.Run("ALTER TABLE users DROP COLUMN bonus, DROP COLUMN rank_name");
  users.Sync();
  CHECK(users.Counts() == "3020|3000|3000");
  CHECK(users.Sound("id, email, plan, points, born, score, photo, worked, updated_at"));
  CHECK(users.Rows("SELECT bonus FROM raw_t.users__history WHERE id = 1 ORDER BY valid_from") ==
        std::vector<std::string>{"NULL", "3", "NULL"});
  users.Run("UPDATE users SET plan = 'gold' WHERE id = 1");
  CHECK(users.Sync().mode == "delta");
  CHECK(users.Counts() == "3021|3000|3000");
  // Another type that holds every value, and one that does not.
  users.Run("ALTER TABLE users MODIFY points BIGINT, MODIFY plan VARCHAR(99)");
  CHECK(users.Sync().note == "columns changed: copied whole");
  CHECK(users.Counts() == "3021|3000|3000");
  CHECK(users.Sound("id, email, plan, points, born, score, photo, worked, updated_at"));
  users.Run("ALTER TABLE users DROP COLUMN score, ADD COLUMN score VARCHAR(20)");
  CHECK(users.Sync().note ==
        "columns changed: copied whole; users__history: older values kept as score__was_double");
  CHECK(users.Counts() == "6021|3000|3000");
  CHECK(users.Sound("id, email, plan, points, born, photo, worked, updated_at, score"));
  CHECK(users.Row("SELECT count(score), count(score__was_double), count(score__was_double) FILTER "
                  "(valid_to IS NULL) FROM raw_t.users__history") == "0|3021|0");
  // Another key.
  users.Run(
      "ALTER TABLE users MODIFY id BIGINT UNSIGNED NOT NULL, DROP PRIMARY KEY, ADD COLUMN "
      "shop INT NOT NULL DEFAULT 1, ADD PRIMARY KEY (shop, id)");
  users.Sync();
  CHECK(users.Counts() == "9021|3000|3000");
  users.Run("UPDATE users SET plan = 'red' WHERE id = 5");
  CHECK(users.Sync().mode == "delta");
  CHECK(users.Counts() == "9022|3000|3000");
}

MaskConfig MaskOf(MaskKind kind, int last = 0) {
  MaskConfig mask;
  mask.kind = kind;
  mask.last = last;
  return mask;
}

TEST_CASE("a mask that comes later is applied to every version") {
  Users users("history_mask");
  users.Sync();
  users.Run("UPDATE users SET email = CONCAT('old-', email) WHERE id <= 10");
  users.Run("UPDATE users SET email = '' WHERE id = 11");
  users.Run("UPDATE users SET email = NULL WHERE id = 12");
  users.Sync();
  CHECK(users.Counts() == "3012|3000|3000");
  MaskConfig pattern = MaskOf(MaskKind::kRegex);
  pattern.pattern = "(e+).";
  pattern.replacement = "\\1#";
  users.config().masks = {{"email", MaskOf(MaskKind::kSha256)},
                          {"plan", pattern},
                          {"points", MaskOf(MaskKind::kLast, 1)},
                          {"born", MaskOf(MaskKind::kSha256)},
                          {"worked", MaskOf(MaskKind::kNull)}};
  CHECK(users.Sync().note == "mask changed: copied whole");
  // The masked forms are those that a copy makes: no version more.
  CHECK(users.Counts() == "3012|3000|3000");
  CHECK(users.Sound());
  CHECK(users.Rows("SELECT email FROM raw_t.users__history WHERE id = 1 ORDER BY valid_from") ==
        std::vector<std::string>{Sha256(kSalt).Hex("u1@example.jp"),
                                 Sha256(kSalt).Hex("old-u1@example.jp")});
  CHECK(users.Row("SELECT count(*) FROM raw_t.users__history WHERE worked IS NOT NULL") == "0");
  // Bytes, times and what is masked already cannot be masked here: NULL in older versions.
  users.config().masks["photo"] = MaskOf(MaskKind::kSha256);
  users.config().masks["email"] = MaskOf(MaskKind::kLast, 4);
  CHECK(users.Sync().note ==
        "mask changed: copied whole; users__history: older values are NULL: email, photo");
  CHECK(users.Counts() == "6012|3000|3000");
  CHECK(users.Row("SELECT count(email), count(photo) FROM raw_t.users__history WHERE valid_to IS "
                  "NOT NULL") == "0|0");
  CHECK(users.Sound());
  // Without the mask again: what was hashed stays hashed, beside.
  users.config().masks.erase("photo");
  CHECK(users.Sync().note ==
        "mask changed: copied whole; users__history: older values kept as photo__was_masked");
  CHECK(users.Sound("id, email, plan, points, born, score, worked, updated_at, photo"));
  users.config().masks["photo"] = MaskOf(MaskKind::kNull);
  CHECK(users.Sync().note ==
        "mask changed: copied whole; users__history: removed: photo__was_masked");
}

bool Shows(const std::string& folder, const std::string& text) {
  bool shows = false;
  for (const char* name : {"/warehouse.duckdb", "/warehouse.duckdb.wal"}) {
    const auto content = ReadFile(folder + name, std::size_t{1} << 31U);
    shows = shows || (content && content->find(text) != std::string::npos);
  }
  return shows;
}

TEST_CASE("what is masked or left out later is in no version and in no block of the file") {
  for (const bool on : {true, false}) {
    CAPTURE(on);
    Users users(on ? "history_scrub_on" : "history_scrub_off");
    users.Run(
        "UPDATE users SET email = CONCAT('sentinel', id, REPEAT('x', 30)), plan = "
        "CONCAT('secret', id)");
    users.Sync();
    users.Run("UPDATE users SET email = CONCAT('later', id), plan = 'free'");
    users.Sync();
    CHECK(users.Counts() == "6000|3000|3000");
    users.Reopen();
    CHECK(Shows(users.folder(), "sentinel"));
    CHECK(Shows(users.folder(), "secret"));
    users.config().history = on;
    users.Sync();
    users.config().masks = {{"email", MaskOf(MaskKind::kSha256)}};
    users.config().exclude = {"plan"};
    CHECK(users.Sync().note == "mask changed: copied whole; users__history: removed: plan");
    CHECK(users.Counts() == "6000|3000|3000");
    CHECK(users.Row("SELECT count(*) FROM raw_t.users__history WHERE length(email) = 64") ==
          "6000");
    CHECK_FALSE(Shows(users.folder(), "sentinel"));
    CHECK_FALSE(Shows(users.folder(), "secret"));
    users.Reopen();
    CHECK_FALSE(Shows(users.folder(), "sentinel"));
    CHECK_FALSE(Shows(users.folder(), "secret"));
    CHECK_FALSE(Shows(users.folder(), kSalt));
    CHECK(users.Sync().note == "");
  }
}

TEST_CASE("a source's table of a history's name is refused, and the history stays") {
  Users users("history_name");
  users.Sync();
  users.Run("CREATE TABLE users__history (id INT PRIMARY KEY)");
  users.source().tables["users__history"];
  CHECK(users.Fails("users__history").message ==
        "the history of 'users' is called 'users__history' in the warehouse, so the source's table "
        "of that name cannot be copied there");
  CHECK(users.Counts() == "3000|3000|3000");
  users.config().history = false;
  CHECK(users.Fails("users__history").message.find("the history of 'users'") == 0);
  Users first("history_name_first", false);
  first.Run("CREATE TABLE users__history (id INT PRIMARY KEY)");
  first.source().tables["users__history"];
  first.Sync();
  first.source().tables.erase("users__history");
  first.config().history = true;
  CHECK(first.Fails().message ==
        "history: true of 'users' needs the name 'users__history', and "
        "the warehouse has the source's table of that name");
}

TEST_CASE("what has no history is an error that says why and where") {
  Users users("history_errors");
  users.config().history_place = "kura.yaml:9:14";
  users.Run("ALTER TABLE users ADD COLUMN Valid_From DATE");
  CHECK(users.Fails().message ==
        "kura.yaml:9:14: history: true needs the name valid_from for "
        "itself, and 'users' has a column of that name");
  users.Run("ALTER TABLE users DROP COLUMN Valid_From");
  users.config().mode = TableMode::kAppend;
  CHECK(users.Fails().message ==
        "kura.yaml:9:14: history: true is of no use in 'users', whose mode is append");
  users.config().mode = TableMode::kAuto;
  users.config().exclude = {"id"};
  CHECK(users.Fails().hint == "its key is left out by  exclude: copy id too");
  users.config().exclude = {};
  users.Run("ALTER TABLE users MODIFY id BIGINT NOT NULL, DROP PRIMARY KEY");
  CHECK(users.Fails().message == "kura.yaml:9:14: history: true needs a primary key in 'users'");
}

TEST_CASE("a repair is recorded with its rows") {
  Users users("history_repair");
  users.Sync();
  // A change that no delta sees, a row that was lost here, and one that was changed here.
  users.Run("UPDATE users SET plan = 'gold', updated_at = updated_at WHERE id = 5");
  const auto connection = users.warehouse().Connect();
  REQUIRE((*connection)->Execute("DELETE FROM raw_t.users WHERE id = 6"));
  REQUIRE((*connection)->Execute("UPDATE raw_t.users SET plan = 'wrong' WHERE id = 7"));
  VerifyOptions options;
  options.repair = true;
  const auto report = VerifySource(users.source(), users.warehouse(), SystemClock(), options);
  REQUIRE(report);
  CHECK(report->tables[0].repaired == 3);
  CHECK(users.Counts() == "3001|3000|3000");
  CHECK(users.Sound());
  CHECK(users.Sync().mode == "delta");
  CHECK(users.Counts() == "3001|3000|3000");
}

TEST_CASE("rows that have one key here have a version each") {
  Users users("history_twins");
  users.Run("SET sql_mode = ''");
  users.Run("CREATE TABLE days (id INT, day DATE, n INT, PRIMARY KEY (id, day))");
  users.Run(
      "INSERT INTO days VALUES (1, '0000-00-00', 1), (1, '2020-00-00', 2), (2, '2020-01-01', "
      "3)");
  users.source().tables["days"].history = true;
  users.Sync();
  users.Run("UPDATE days SET n = 9 WHERE n = 1");
  users.Sync();
  CHECK(
      users.Rows("SELECT day::VARCHAR, n, (valid_to IS NULL)::VARCHAR FROM raw_t.days__history "
                 "ORDER BY n") ==
      std::vector<std::string>{"NULL|1|false", "NULL|2|true", "2020-01-01|3|true", "NULL|9|true"});
}

TEST_CASE("questions know the times, zones and key of a history") {
  Users users("history_catalogue");
  users.Sync();
  const auto catalogue = users.warehouse().ReadCatalogue();
  REQUIRE(catalogue);
  const sql::CatalogueTable* table = catalogue->Find("raw_t.users__history");
  REQUIRE(table != nullptr);
  CHECK(table->primary_key == std::vector<std::string>{"id", "valid_from"});
  CHECK(table->Find("updated_at")->zone == "Asia/Tokyo");
  REQUIRE(table->times);
  CHECK(table->times->complete_through == catalogue->Find("raw_t.users")->times->complete_through);
  const auto version = table->version;
  users.Sync();
  CHECK(users.warehouse().ReadCatalogue()->Find("raw_t.users__history")->version > version);
}

}  // namespace
}  // namespace kura::sync
