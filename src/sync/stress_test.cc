// Nothing is lost while eight clients write: the sync reads by its watermark alone (no lookback) as
// often as twice a second, beside a cursor as others keep it (`> max(updated_at)`), which loses
// rows and so shows that the test can fail. KURA_STRESS_S=60 runs it for longer.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <set>

#include "sync/mysql_source.h"
#include "sync/stress_writers_for_test.h"
#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

constexpr const char* kDatabase = "sync_stress";
constexpr double kRunsForSeconds = 10;
constexpr double kEverySeconds = 0.5;
constexpr int kSmallTables = 80;
constexpr Micros kTokyo = 9 * kMicrosPerHour;

struct Row {
  std::int64_t value = 0;
  Micros stamp = 0;  // as the column shows it to a session in UTC
  bool operator==(const Row&) const = default;
};
using Rows = std::map<std::int64_t, Row>;

Rows Parse(const std::vector<std::string>& lines) {
  Rows rows;
  for (const std::string& line : lines) {
    const std::vector<std::string_view> cells = Split(line, '|');
    std::int64_t id = 0;
    Row row;
    const bool whole = cells.size() == 3 && ParseInt(cells[0], &id) &&
                       ParseInt(cells[1], &row.value) && ParseInt(cells[2], &row.stamp);
    if (!whole) FAIL(line);
    rows[id] = row;
  }
  return rows;
}

Rows InSource(const std::string& table, const std::string& where = "") {
  return Parse(testing::SourceRows(
      kDatabase,
      "SELECT id, value, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', updated_at) FROM " + table +
          where));
}

Rows InWarehouse(warehouse::Warehouse& warehouse, const std::string& table) {
  return Parse(
      testing::RowsOf(warehouse, "SELECT id, value, epoch_us(updated_at) FROM raw_t." + table));
}

// What a copy lacks of the source. Rows that it has beside are counted only where it sees deletes.
struct Losses {
  std::int64_t missing = 0;
  std::int64_t stale = 0;
  std::int64_t extra = 0;
  std::optional<Micros> oldest;  // the earliest stamp that is missing or stale
};

Losses Compare(const Rows& source, const Rows& copy) {
  Losses losses;
  for (const auto& [id, row] : source) {
    const auto found = copy.find(id);
    if (found != copy.end() && found->second == row) continue;
    ++(found == copy.end() ? losses.missing : losses.stale);
    losses.oldest = std::min(row.stamp, losses.oldest.value_or(row.stamp));
  }
  for (const auto& [id, row] : copy) losses.extra += source.count(id) == 0 ? 1 : 0;
  return losses;
}

// The cursor that others keep, over the same table.
class NaiveCopy {
 public:
  explicit NaiveCopy(std::string table) : table_(std::move(table)) {}

  void Sync() {
    const std::string since = fmt::format(
        " WHERE updated_at > '1970-01-01' + INTERVAL {} MICROSECOND", std::max<Micros>(max_, 0));
    for (const auto& [id, row] : InSource(table_, since)) {
      rows_[id] = row;
      max_ = std::max(max_, row.stamp);
    }
  }

  Losses Lost() const { return Compare(InSource(table_), rows_); }

 private:
  const std::string table_;
  Rows rows_;
  Micros max_ = 0;
};

class Stress {
 public:
  Stress() {
    TestServer::Get().Create(kDatabase);
    const auto admin = TestServer::Get().Admin(kDatabase);
    TestServer::Run(*admin, "SET time_zone = '+09:00'");
    for (const std::string& statement : StressTables()) TestServer::Run(*admin, statement);
    warehouse_ = testing::OpenIn(folder_.path());
    source_ = testing::SourceOf(kDatabase);
    for (const std::string table : {kSecondsTable, kMicrosTable}) {
      source_.tables[table].lookback = 0;  // The watermark alone is on trial.
      naive_.emplace(table, NaiveCopy(table));
    }
  }

  void Sync() {
    const SyncReport report = testing::MustSync(source_, *warehouse_);
    ++syncs_;
    for (const std::string name : {kSecondsTable, kMicrosTable}) {
      const TableReport table = testing::TableOf(report, name);
      complete_through_[name] = table.complete_through;
      if (table.note.find("behind the cursor") != std::string::npos) ++behind_;
      if (syncs_ > 1) CHECK(table.mode == "delta");
      naive_.at(name).Sync();
    }
  }

  Losses Lost(const std::string& table) {
    return Compare(InSource(table), InWarehouse(*warehouse_, table));
  }

  std::int64_t Doubled(const std::string& table) {
    const auto counts =
        testing::RowsOf(*warehouse_, "SELECT count(*) - count(DISTINCT id) FROM raw_t." + table);
    return std::atoll(counts.at(0).c_str());
  }

  Losses NaiveLost(const std::string& table) const { return naive_.at(table).Lost(); }
  /// Through when the table claims to be complete, as its column shows it.
  Micros Claimed(const std::string& table) {
    return complete_through_[table] + (table == kMicrosTable ? kTokyo : 0);
  }
  int syncs() const { return syncs_; }
  int behind() const { return behind_; }

 private:
  testing::TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  SourceConfig source_;
  std::map<std::string, NaiveCopy> naive_;
  std::map<std::string, Micros> complete_through_;
  int syncs_ = 0;
  int behind_ = 0;  // times that only the comparison of keys found rows
};

double RunsFor() {
  const char* seconds = std::getenv("KURA_STRESS_S");
  return seconds == nullptr ? kRunsForSeconds : std::max(1.0, std::atof(seconds));
}

void Pause(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

TEST_CASE("nothing is lost while eight clients write") {
  Stress stress;
  stress.Sync();
  StressWriters writers(kDatabase);
  const double end = MonotonicSeconds() + RunsFor();
  while (MonotonicSeconds() < end) {
    const double next = MonotonicSeconds() + kEverySeconds;
    stress.Sync();
    Pause(std::max(0.0, next - MonotonicSeconds()));
  }
  writers.Stop();
  // What the last delta did not see may only be later than what it claims.
  for (const std::string table : {kSecondsTable, kMicrosTable}) {
    CAPTURE(table);
    const Losses open = stress.Lost(table);
    if (open.oldest) CHECK(*open.oldest >= stress.Claimed(table));
  }
  stress.Sync();
  MESSAGE(fmt::format("{} syncs, {} transactions, {} of them long; rows behind the cursor: {}",
                      stress.syncs(),
                      writers.committed(),
                      writers.committed_late(),
                      stress.behind()));
  CHECK(stress.behind() == 0);
  for (const std::string table : {kSecondsTable, kMicrosTable}) {
    CAPTURE(table);
    const Losses lost = stress.Lost(table);
    CHECK(lost.missing == 0);
    CHECK(lost.stale == 0);
    CHECK(lost.extra == 0);
    CHECK(stress.Doubled(table) == 0);
    const Losses naive = stress.NaiveLost(table);
    MESSAGE(fmt::format(
        "{} by > max(updated_at): {} missing, {} stale", table, naive.missing, naive.stale));
    CHECK(naive.missing + naive.stale > 0);
  }
}

// How far a fresh session says that changes are complete, and the stamp of row 1 as an instant.
Micros CompleteThrough() {
  const auto source = MakeMysqlSource(TestServer::Get().Reader(kDatabase));
  const auto session = source->Connect();
  REQUIRE_MESSAGE(session.has_value(), session.error().message);
  const auto watermark = (*session)->ReadWatermark();
  REQUIRE_MESSAGE(watermark.has_value(), watermark.error().message);
  REQUIRE(watermark->proven);
  return watermark->complete_through;
}

// One client and the stamps that it gives.
class Writer {
 public:
  Writer() : connection_(TestServer::Get().Admin(kDatabase)) {
    Run("SET time_zone = '+00:00'");
    Run("CREATE OR REPLACE TABLE one (id BIGINT PRIMARY KEY, updated_at DATETIME(6) NOT NULL)");
  }

  void Run(const std::string& sql) { TestServer::Run(*connection_, sql); }

  Micros Stamp() {
    const auto rows = connection_->Query(
        "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', updated_at) FROM one WHERE id = 1");
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 1);
    return std::atoll((*rows)[0][0]->c_str());
  }

 private:
  std::unique_ptr<MysqlConnection> connection_;
};

TEST_CASE("an XA transaction holds the watermark after its client has gone") {
  TestServer::Get().Create(kDatabase);
  Micros stamp = 0;
  {
    Writer gone;
    gone.Run("XA START 'left'");
    gone.Run("INSERT INTO one VALUES (1, NOW(6))");
    stamp = gone.Stamp();
    gone.Run("XA END 'left'");
    gone.Run("XA PREPARE 'left'");
  }
  Pause(1.7);
  CHECK(CompleteThrough() <= stamp);
  TestServer::Run(*TestServer::Get().Admin(), "XA COMMIT 'left'");
  Pause(0.3);  // The server's list may be 0.1 s old.
  CHECK(CompleteThrough() > stamp);
}

TEST_CASE("a statement that runs as a prepared one holds the watermark") {
  TestServer::Get().Create(kDatabase);
  Writer writer;
  Micros before = 0;
  std::thread running([&] {
    const auto client = TestServer::Get().Admin(kDatabase);
    const std::string sql = "INSERT INTO one SELECT 1, NOW(6) FROM (SELECT SLEEP(3.2)) AS slow";
    MYSQL_STMT* statement = mysql_stmt_init(client->raw());
    (void)mysql_stmt_prepare(statement, sql.data(), sql.size());
    (void)mysql_stmt_execute(statement);
    mysql_stmt_close(statement);
  });
  Pause(1.7);
  before = CompleteThrough();
  running.join();
  CHECK(before <= writer.Stamp());
}

// A limit that is known: the server tells when a transaction first touched a row, not when the
// statement began that gave the stamp. Only the lookback finds such rows.
TEST_CASE("a transaction's first statement that waited holds the watermark" *
          doctest::should_fail()) {
  TestServer::Get().Create(kDatabase);
  Writer writer;
  writer.Run("BEGIN");
  writer.Run("INSERT INTO one SELECT 1, NOW(6) FROM (SELECT SLEEP(2.2)) AS slow");
  CHECK(CompleteThrough() <= writer.Stamp());
}

// The server answers from a copy of innodb_trx that it renews only when nobody has read it for
// 0.1 s, so somebody who looks more often hides new transactions from whoever trusts it.
TEST_CASE("the watermark sees a transaction while others look at innodb_trx all the time") {
  TestServer::Get().Create(kDatabase);
  Writer writer;
  std::atomic<bool> ended = false;
  std::thread monitor([&] {
    const auto client = TestServer::Get().Admin();
    while (!ended) {
      (void)client->Query("SELECT COUNT(*) FROM information_schema.innodb_trx");
      Pause(0.03);
    }
  });
  Pause(0.5);
  writer.Run("BEGIN");
  writer.Run("INSERT INTO one VALUES (1, NOW(6))");
  Pause(1.7);
  const Micros through = CompleteThrough();
  ended = true;
  monitor.join();
  CHECK(through <= writer.Stamp());
}

// The same without a stranger: each table of a run may look.
TEST_CASE("a run over many small tables sees a transaction that began after its first") {
  TestServer::Get().Create(kDatabase);
  Writer writer;
  for (int i = 0; i < kSmallTables; ++i) {
    writer.Run(
        fmt::format("CREATE TABLE t{} (id BIGINT PRIMARY KEY, updated_at DATETIME(6) NOT NULL, "
                    "KEY (updated_at))",
                    i));
  }
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  SourceConfig source = testing::SourceOf(kDatabase);
  source.datetime_zone = "UTC";
  int done = 0;
  SyncOptions options;
  options.connections = 1;
  options.on_progress = [&](const Progress& progress) {
    if (progress.state != "done") return;
    Pause(0.03);  // As tables with some rows would take; the looks stay closer than 0.1 s.
    if (++done != 5) return;
    writer.Run("BEGIN");
    writer.Run("INSERT INTO one VALUES (1, NOW(6))");
  };
  const SyncReport report = testing::MustSync(source, *warehouse, options);
  const Micros stamp = writer.Stamp();
  int beyond = 0;
  for (const TableReport& table : report.tables) beyond += table.complete_through > stamp ? 1 : 0;
  CHECK(beyond == 0);  // Tables that claim more than they can know.
}

}  // namespace
}  // namespace kura::sync
