// Masks and row conditions on a real server: what is masked is nowhere under the warehouse's
// folder, not in its log, not in staging, not after a kill; what lands is the declared projection.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/hash.h"
#include "sync/kill_point.h"
#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;
namespace fs = std::filesystem;

constexpr const char* kSalt = "0123456789abcdef0123456789abcdef";
constexpr const char* kSecret = "sentinel";  // in every value that must not be seen
constexpr const char* kKillDatabase = "privacy_kill";

MaskConfig MaskOf(MaskKind kind, int last = 0) {
  MaskConfig mask;
  mask.kind = kind;
  mask.last = last;
  return mask;
}

MaskConfig Pattern(const std::string& pattern, const std::string& replacement) {
  MaskConfig mask;
  mask.kind = MaskKind::kRegex;
  mask.pattern = pattern;
  mask.replacement = replacement;
  return mask;
}

std::string HashOf(const std::string& text) {
  return Sha256(kSalt).Hex(text);
}

// Files below `folder` that hold `text`.
std::vector<std::string> FilesWith(const std::string& folder, const std::string& text) {
  std::vector<std::string> found;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const auto content = ReadFile(entry.path().string(), std::size_t{1} << 31U);
    REQUIRE(content.has_value());
    if (content->find(text) != std::string::npos) found.push_back(entry.path().string());
  }
  CHECK(files > 0);
  return found;
}

// `users` with personal columns, 3,000 rows, and `logins` that share their addresses.
void CreateUsers(MysqlConnection& admin) {
  TestServer::Run(admin, "SET time_zone = '+09:00'");
  TestServer::Run(admin,
                  "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(99), phone VARCHAR(40), "
                  "card VARCHAR(40), note TEXT, token VARBINARY(40), born DATE, shop_id INT NOT "
                  "NULL, deleted_at DATETIME, updated_at DATETIME(6) NOT NULL DEFAULT NOW(6) ON "
                  "UPDATE NOW(6), KEY (updated_at))");
  TestServer::Run(admin,
                  "INSERT INTO users SELECT seq, CONCAT('sentinel', seq, '@example.jp'), "
                  "CONCAT('sentinel-', seq), CONCAT('sentinel-', 1000 + seq), CONCAT('call "
                  "sentinel ', seq), CONCAT('sentinel', seq), '1980-01-01' + INTERVAL seq DAY, "
                  "seq % 3, NULL, NOW(6) - INTERVAL 1 HOUR FROM seq_1_to_3000");
  TestServer::Run(admin, "UPDATE users SET email = NULL, born = '0000-00-00' WHERE id = 1");
  TestServer::Run(admin, "UPDATE users SET email = '' WHERE id = 2");
  TestServer::Run(admin,
                  "CREATE TABLE logins (email VARCHAR(99) CHARACTER SET cp932 PRIMARY KEY, n INT, "
                  "updated_at DATETIME(6) NOT NULL DEFAULT NOW(6) ON UPDATE NOW(6), "
                  "KEY (updated_at))");
  TestServer::Run(admin,
                  "INSERT INTO logins (email, n) SELECT CONCAT('sentinel', seq, '@example.jp'), "
                  "seq FROM seq_3_to_500");
}

SourceConfig MaskedSource(const std::string& database) {
  SourceConfig source = testing::SourceOf(database);
  source.salt = kSalt;
  source.tables["users"].masks = {{"email", MaskOf(MaskKind::kSha256)},
                                  {"phone", MaskOf(MaskKind::kNull)},
                                  {"card", MaskOf(MaskKind::kLast, 4)},
                                  {"note", Pattern("[a-z]*inel", "…")},
                                  {"token", MaskOf(MaskKind::kSha256)},
                                  {"born", MaskOf(MaskKind::kSha256)}};
  source.tables["logins"].masks = {{"EMAIL", MaskOf(MaskKind::kSha256)}};
  return source;
}

class Users {
 public:
  explicit Users(const std::string& database) : source_(MaskedSource(database)) {
    TestServer::Get().Create(database);
    admin_ = TestServer::Get().Admin(database);
    Run("SET sql_mode = ''");
    CreateUsers(*admin_);
    warehouse_ = testing::OpenIn(folder_.path());
  }
  void Run(const std::string& sql) { TestServer::Run(*admin_, sql); }
  TableReport Sync(const std::string& table = "users") {
    return testing::TableOf(testing::MustSync(source_, *warehouse_), table);
  }
  Error Fails(const std::string& table = "users") {
    const SyncReport report = testing::MustSync(source_, *warehouse_);
    for (const TableReport& one : report.tables) {
      if (one.table == table && one.error) return *one.error;
    }
    FAIL("no error of " << table);
    return {};
  }
  std::vector<std::string> Rows(const std::string& sql) {
    return testing::RowsOf(*warehouse_, sql);
  }
  std::vector<std::string> Leaks(const std::string& text = kSecret) {
    return FilesWith(folder_.path(), text);
  }
  void Close() { warehouse_.reset(); }
  void Checkpoint() {
    const auto connection = warehouse_->Connect();
    REQUIRE((*connection)->Execute("CHECKPOINT"));
  }
  SourceConfig& source() { return source_; }
  TableConfig& users() { return source_.tables["users"]; }
  warehouse::Warehouse& warehouse() { return *warehouse_; }

 private:
  SourceConfig source_;
  std::unique_ptr<MysqlConnection> admin_;
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
};

TEST_CASE("masked values land masked") {
  Users users("privacy_mask");
  const TableReport report = users.Sync();
  CHECK(report.mode == "copy");
  CHECK(users.Rows("SELECT email, phone, card, note, token FROM raw_t.users WHERE id = 7") ==
        std::vector<std::string>{HashOf("sentinel7@example.jp") + "|NULL|*********1007|call … 7|" +
                                 HashOf("sentinel7")});
  CHECK(users.Rows("SELECT born FROM raw_t.users WHERE id = 7") ==
        std::vector<std::string>{HashOf("1980-01-08")});
  // NULL stays NULL, so does a date that is none; an empty text is a text.
  CHECK(users.Rows("SELECT email, born FROM raw_t.users WHERE id = 1") ==
        std::vector<std::string>{"NULL|NULL"});
  CHECK(users.Rows("SELECT email FROM raw_t.users WHERE id = 2") ==
        std::vector<std::string>{HashOf("")});
  CHECK(users.Rows("SELECT \"column\", reason, count, sample_keys FROM _kura.coercions") ==
        std::vector<std::string>{"born|zero_date|1|1"});
  // The same salt gives the same hash in every table, whatever the character set is.
  CHECK(users.Rows("SELECT count(*) FROM raw_t.users JOIN raw_t.logins USING (email)") ==
        std::vector<std::string>{"498"});
  const auto catalogue = users.warehouse().ReadCatalogue();
  const sql::CatalogueTable* table = catalogue->Find("raw_t.users");
  CHECK(table->Find("born")->type.kind == sql::TypeKind::kVarchar);
  CHECK(table->Find("token")->type.kind == sql::TypeKind::kVarchar);
  CHECK(table->Find("phone")->nullable);
  CHECK(catalogue->Find("raw_t.logins")->primary_key == std::vector<std::string>{"email"});
}

TEST_CASE("a masked value is in no file: not in the log, not after a checkpoint") {
  Users users("privacy_files");
  users.Run("INSERT INTO users (id, email, shop_id) VALUES (9001, REPEAT('sentinel ', 11), 1)");
  users.Sync();
  CHECK(users.Leaks() == std::vector<std::string>{});
  CHECK(users.Leaks(HashOf("sentinel7@example.jp").substr(0, 20)).size() == 1);  // It would see it.
  users.Run("UPDATE users SET email = 'sentinel new' WHERE id = 5");
  users.Run("DELETE FROM users WHERE id BETWEEN 10 AND 20");
  CHECK(users.Sync().deleted == 11);
  CHECK(users.Leaks() == std::vector<std::string>{});
  users.Checkpoint();
  CHECK(users.Leaks() == std::vector<std::string>{});
  users.Close();
  CHECK(users.Leaks() == std::vector<std::string>{});
}

TEST_CASE("a masked key is reconciled by its hash") {
  Users users("privacy_key");
  users.Sync("logins");
  users.Run("DELETE FROM logins WHERE n BETWEEN 100 AND 109");
  users.Run("UPDATE logins SET email = 'sentinel moved' WHERE n = 200");
  users.Run("INSERT INTO logins (email, n) VALUES ('sentinel new', 9000)");
  TableReport report = users.Sync("logins");
  CHECK(report.mode == "delta");
  CHECK(report.deleted == 11);
  CHECK(users.Rows("SELECT count(*), count(DISTINCT email) FROM raw_t.logins") ==
        std::vector<std::string>{"489|489"});
  // A row behind the cursor cannot be asked for by its hash.
  users.Run("INSERT INTO logins VALUES ('sentinel late', 9001, '2001-01-01')");
  report = users.Sync("logins");
  CHECK(report.note == "rows were missing behind the cursor: copied whole");
  CHECK(users.Rows("SELECT n FROM raw_t.logins WHERE n = 9001") ==
        std::vector<std::string>{"9001"});
  CHECK(users.Leaks() == std::vector<std::string>{});
}

TEST_CASE("samples of values that could not be represented do not tell a masked key") {
  Users users("privacy_samples");
  users.Run("ALTER TABLE logins ADD COLUMN seen DATE");
  users.Run("UPDATE logins SET seen = '0000-00-00' WHERE n = 77");
  CHECK(users.Sync("logins").coerced == 1);
  CHECK(users.Rows("SELECT sample_keys FROM _kura.coercions WHERE \"column\" = 'seen'") ==
        std::vector<std::string>{HashOf("sentinel77@example.jp")});
  users.Run("UPDATE logins SET seen = '2024-01-01' WHERE n = 77");
  users.Sync("logins");
  CHECK(users.Rows("SELECT count(*) FROM _kura.coercions WHERE \"column\" = 'seen'") ==
        std::vector<std::string>{"0"});
  CHECK(users.Leaks() == std::vector<std::string>{});
}

TEST_CASE("a large table with a masked key keeps no bounds of ranges") {
  Users users("privacy_ranges");
  SyncOptions options;
  options.ranges_from = 100;
  options.range_rows = 50;
  const SyncReport report = testing::MustSync(users.source(), users.warehouse(), options);
  CHECK(testing::TableOf(report, "logins").rows == 498);
  CHECK(testing::TableOf(report, "users").rows == 3000);
  CHECK(users.Leaks() == std::vector<std::string>{});
}

TEST_CASE("masks that cannot be are errors that say what can") {
  Users users("privacy_errors");
  users.source().tables["logins"].masks = {{"email", MaskOf(MaskKind::kLast, 4)}};
  CHECK(users.Fails("logins").message.find("primary key of 'logins'") != std::string::npos);
  users.source().tables["logins"].masks = {{"emial", MaskOf(MaskKind::kNull)}};
  users.source().tables["logins"].masks["emial"].place = "kura.yaml:9:14";
  const Error unknown = users.Fails("logins");
  CHECK(unknown.message == "kura.yaml:9:14: mask of 'emial': table 'logins' has no column 'emial'");
  CHECK(unknown.hint == "did you mean 'email'?");
  users.users().masks = {{"updated_at", MaskOf(MaskKind::kSha256)}};
  CHECK(users.Fails().message ==
        "mask: 'updated_at' is the cursor of 'users', which cannot be masked");
  users.users().masks = {{"token", MaskOf(MaskKind::kLast, 4)}};
  CHECK(users.Fails().message.find("holds bytes") != std::string::npos);
}

TEST_CASE("a changed mask or salt copies the table whole, and the old values leave the file") {
  Users users("privacy_change");
  users.users().masks.clear();
  users.source().tables["logins"].masks.clear();
  users.Sync();
  users.Checkpoint();
  CHECK_FALSE(users.Leaks().empty());
  users.source().tables = MaskedSource("privacy_change").tables;
  const TableReport report = users.Sync();
  CHECK(report.mode == "copy");
  CHECK(report.note == "mask changed: copied whole");
  CHECK(users.Leaks() == std::vector<std::string>{});
  CHECK(users.Rows("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%scrub%'") ==
        std::vector<std::string>{"0"});
  CHECK(users.Sync().mode == "delta");
  users.users().exclude = {"shop_id"};
  CHECK(users.Sync().note == "columns changed: copied whole");
  users.source().salt = "another salt of enough characters";
  CHECK(users.Sync().note == "mask changed: copied whole");
}

TEST_CASE("old values leave the file too when the process ended before") {
  const char* database = kKillDatabase;
  TestServer::Get().Create(database);
  const auto admin = TestServer::Get().Admin(database);
  TestServer::Run(*admin, "SET sql_mode = ''");
  CreateUsers(*admin);
  const testing::TestFolder folder;
  {
    const auto warehouse = testing::OpenIn(folder.path());
    testing::MustSync(testing::SourceOf(database), *warehouse);
  }
  CHECK_FALSE(FilesWith(folder.path(), kSecret).empty());
  for (const char* table : {"users", "logins"}) {
    CHECK(testing::RunChild("child: one masked sync",
                            {"KURA_TEST_FOLDER=" + folder.path(),
                             "KURA_KILL_TABLE=" + std::string(table),
                             "KURA_KILL_AT=after_commit"}) == testing::kKilled);
  }
  CHECK(testing::RunChild("child: one masked sync", {"KURA_TEST_FOLDER=" + folder.path()}) == 0);
  CHECK(FilesWith(folder.path(), kSecret) == std::vector<std::string>{});
}

// Runs in a process of its own; not a test by itself.
TEST_CASE("child: one masked sync" * doctest::skip()) {
  const char* folder = std::getenv("KURA_TEST_FOLDER");
  REQUIRE(folder != nullptr);
  const auto warehouse = testing::OpenIn(folder);
  for (const TableReport& table : testing::MustSync(MaskedSource(kKillDatabase), *warehouse).tables)
    CHECK_FALSE(table.error);
}

TEST_CASE("a killed sync leaves no masked value behind") {
  TestServer::Get().Create(kKillDatabase);
  const auto admin = TestServer::Get().Admin(kKillDatabase);
  TestServer::Run(*admin, "SET sql_mode = ''");
  CreateUsers(*admin);
  for (const std::string_view point : kKillPoints) {
    if (IsOfRanges(point)) continue;
    CAPTURE(point);
    const testing::TestFolder folder;
    CHECK(testing::RunChild("child: one masked sync",
                            {"KURA_TEST_FOLDER=" + folder.path(),
                             "KURA_KILL_TABLE=users",
                             "KURA_KILL_AT=" + std::string(point)}) == testing::kKilled);
    CHECK(FilesWith(folder.path(), kSecret) == std::vector<std::string>{});
  }
}

TEST_CASE("where: only its rows are copied, and rows that leave it are removed") {
  Users users("privacy_where");
  // A comment at its end must not take the rest of the statement with it.
  users.users().where = "deleted_at IS NULL AND shop_id <> 1 OR email = '?' -- test shop";
  CHECK(users.Sync().rows == 2000);
  users.Run("UPDATE users SET deleted_at = NOW() WHERE id = 3");
  users.Run("UPDATE users SET shop_id = 2 WHERE id = 4");
  users.Run("INSERT INTO users (id, shop_id) VALUES (9000, 1), (9001, 2)");
  TableReport report = users.Sync();
  CHECK(report.mode == "delta");
  CHECK(report.rows == 3);  // With id 2, whose stamp the lookback covers.
  CHECK(report.deleted == 1);
  const auto equal = [&] {
    return users.Rows("SELECT CAST(id AS VARCHAR) FROM raw_t.users ORDER BY id") ==
           testing::SourceRows("privacy_where",
                               "SELECT id FROM users WHERE deleted_at IS NULL AND shop_id <> 1 "
                               "ORDER BY id");
  };
  CHECK(equal());
  // A row that comes in without a new stamp is found by its key.
  users.Run("UPDATE users SET shop_id = 2, updated_at = updated_at WHERE id = 7");
  report = users.Sync();
  CHECK(report.note ==
        "1 row behind the cursor, read by key: does every writer set updated_at? or did they come "
        "into 'where'?");
  CHECK(equal());
  users.users().where = "shop_id = 1";
  report = users.Sync();
  CHECK(report.note == "where changed: copied whole");
  CHECK(report.rows == 1000 - 1);
  users.users().where.clear();
  CHECK(users.Sync().rows == 3002);
}

TEST_CASE("where applies to ranges too") {
  Users users("privacy_where_ranges");
  users.users().where = "shop_id <> 1";
  SyncOptions options;
  options.ranges_from = 100;
  options.range_rows = 500;
  const SyncReport report = testing::MustSync(users.source(), users.warehouse(), options);
  CHECK(testing::TableOf(report, "users").rows == 2000);
}

TEST_CASE("a where that the server rejects names its place and says the server's words") {
  Users users("privacy_where_errors");
  users.users().where_place = "kura.yaml:9:14";
  for (const auto& [where, words] : std::map<std::string, std::string>{
           {"delted_at IS NULL", "delted_at"},
           {"shop_id = = 1", "syntax"},
           {"no_such_function(id)", "no_such_function"},
           {"id = ?", "stands for a value"},
           {"id = (SELECT x.id FROM logins x)", "x.id"},
           {"id = (SELECT n FROM logins x)", "more than 1 row"},
           {"id IN (SELECT id FROM no_such_table)", "no_such_table"}}) {
    CAPTURE(where);
    users.users().where = where;
    const Error error = users.Fails();
    CHECK(error.code == Code::kInvalid);
    CHECK(error.message.find("kura.yaml:9:14: the server does not understand 'where' of table "
                             "'users': ") == 0);
    CHECK(error.message.find(words) != std::string::npos);
  }
}

}  // namespace
}  // namespace kura::sync
