// Habits: short statements as text and as prepared statements, long transactions, statements that
// stamp their rows and then take their time, and XA transactions whose client goes away.
#include "sync/stress_writers_for_test.h"

#include <mysql.h>

#include <array>
#include <chrono>

#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

constexpr std::int64_t kRowsAtFirst = 400;
constexpr double kPhaseSeconds = 3.3;
// Without gap locks, and without waiting: eight writers must not stand still behind one.
constexpr std::array kSession = {"SET time_zone = '+09:00'",
                                 "SET innodb_lock_wait_timeout = 0",
                                 "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"};

enum class Habit { kShort, kSlow, kXaLeft, kLong, kSlowInside, kXa };
constexpr std::array kShared = {Habit::kSlow, Habit::kXaLeft, Habit::kLong};
constexpr std::array kOwn = {Habit::kSlow, Habit::kSlowInside, Habit::kXa, Habit::kLong};

// Half of the writers are always quick. The others share one bad habit at a time, so that nothing
// else holds the watermark back in its place, and at last each has its own.
Habit HabitOf(int writer, double seconds) {
  if (writer < kStressWriters / 2) return Habit::kShort;
  const auto phase = static_cast<std::size_t>(seconds / kPhaseSeconds) % (kShared.size() + 1);
  if (phase < kShared.size()) return kShared[phase];
  return kOwn[static_cast<std::size_t>(writer) % kOwn.size()];
}

// One client. A statement that meets a lock is given up at once; its transaction goes on.
class Client {
 public:
  Client(MysqlConnection& connection, std::string database, std::uint64_t seed)
      : connection_(connection), database_(std::move(database)), random_(seed) {}

  SimRandom& random() { return random_; }

  bool Run(const std::string& sql) { return connection_.Execute(sql).has_value(); }

  bool Commit(bool commits) { return Run(commits ? "COMMIT" : "ROLLBACK") && commits; }

  void Sleep(std::int64_t ms_min, std::int64_t ms_max) {
    std::this_thread::sleep_for(
        std::chrono::milliseconds(ms_min + random_.Below(ms_max - ms_min + 1)));
  }

  std::string Table() { return random_.Percent(50) ? kSecondsTable : kMicrosTable; }

  void Change() {
    const std::string table = Table();
    const std::int64_t what = random_.Below(100);
    const std::string where = fmt::format(" WHERE id = {}", Id());
    if (what < 55) {
      Run("UPDATE " + table + " SET value = value + 1" + where);
    } else if (what < 92) {
      Run("INSERT INTO " + table + " (value) VALUES (1), (1)");
    } else if (what < 97) {
      Run("DELETE FROM " + table + where);
    } else {
      Run(fmt::format("UPDATE IGNORE {} SET id = id + 100000{}", table, where));
    }
  }

  // In the binary protocol, so that the server's list says Execute where others say Query.
  void ChangePrepared() {
    const std::string sql = random_.Percent(50)
                                ? "UPDATE " + Table() + " SET value = value + 1 WHERE id = ?"
                                : "INSERT INTO " + Table() + " (value) VALUES (?)";
    MYSQL_STMT* statement = mysql_stmt_init(connection_.raw());
    if (mysql_stmt_prepare(statement, sql.data(), sql.size()) == 0) {
      std::int64_t value = Id();
      MYSQL_BIND bind = {};
      bind.buffer_type = MYSQL_TYPE_LONGLONG;
      bind.buffer = &value;
      mysql_stmt_bind_param(statement, &bind);
      (void)mysql_stmt_execute(statement);  // A lock may be in its way.
    }
    mysql_stmt_close(statement);
  }

  // The stamp is that of the statement's start; its row appears when it ends. Long enough for the
  // second that the watermark keeps back not to cover it.
  bool InsertSlowly() {
    return Run(fmt::format("INSERT INTO {} (value) SELECT 7 FROM (SELECT SLEEP({}.{})) AS slow",
                           Table(),
                           1 + random_.Below(2),
                           3 + random_.Below(3)));
  }

  // PREPARE outlives the client; somebody else commits.
  bool Xa(bool client_goes) {
    const std::string name = fmt::format("'{}'", random_.Next());
    if (client_goes) {
      const auto other = TestServer::Get().Admin(database_);
      Client client(*other, database_, random_.Next());
      client.PrepareXa(name);
    } else {
      PrepareXa(name);
    }
    Sleep(1200, 3000);
    const bool commits = random_.Percent(80);
    return Run((commits ? "XA COMMIT " : "XA ROLLBACK ") + name) && commits;
  }

 private:
  void PrepareXa(const std::string& name) {
    for (const char* setting : kSession) Run(setting);
    Run("XA START " + name);
    for (int i = 0; i < 4; ++i) Change();
    Run("XA END " + name);
    Run("XA PREPARE " + name);
  }

  std::int64_t Id() { return 1 + random_.Below(2 * kRowsAtFirst); }

  MysqlConnection& connection_;
  const std::string database_;
  SimRandom random_;
};

void ChangeSome(Client& client, int writer) {
  for (std::int64_t i = client.random().Below(3); i >= 0; --i) {
    if (writer % 2 == 1) {
      client.ChangePrepared();
    } else {
      client.Change();
    }
  }
}

bool Short(Client& client, int writer) {
  client.Run("BEGIN");
  ChangeSome(client, writer);
  client.Sleep(0, 5);
  return client.Commit(client.random().Percent(90));
}

bool Long(Client& client, int writer) {
  client.Run("BEGIN");
  ChangeSome(client, writer);
  client.Sleep(500, 3000);
  ChangeSome(client, writer);
  return client.Commit(client.random().Percent(90));
}

// The slow statement must not be the first: see the test of that limit.
bool SlowInside(Client& client) {
  client.Run("BEGIN");
  client.Change();
  client.InsertSlowly();
  return client.Commit(true);
}

// One transaction of a writer with `habit`.
bool DoOne(Client& client, int writer, Habit habit) {
  switch (habit) {
    case Habit::kShort:
      return Short(client, writer);
    case Habit::kSlow:
      return client.InsertSlowly();
    case Habit::kSlowInside:
      return SlowInside(client);
    case Habit::kXa:
    case Habit::kXaLeft:
      return client.Xa(habit == Habit::kXaLeft);
    case Habit::kLong:
      break;
  }
  return Long(client, writer);
}

}  // namespace

std::vector<std::string> StressTables() {
  std::vector<std::string> statements;
  for (const bool whole_seconds : {true, false}) {
    const std::string table = whole_seconds ? kSecondsTable : kMicrosTable;
    const std::string digits = whole_seconds ? "" : "(6)";
    statements.push_back(fmt::format(
        "CREATE TABLE {} (id BIGINT PRIMARY KEY AUTO_INCREMENT, value BIGINT NOT NULL, updated_at "
        "{}{} NOT NULL DEFAULT CURRENT_TIMESTAMP{} ON UPDATE CURRENT_TIMESTAMP{}, KEY "
        "(updated_at))",
        table,
        whole_seconds ? "TIMESTAMP" : "DATETIME",
        digits,
        digits,
        digits));
    statements.push_back(fmt::format(
        "INSERT INTO {} (value, updated_at) SELECT seq, NOW(6) - INTERVAL 1 HOUR FROM seq_1_to_{}",
        table,
        kRowsAtFirst));
  }
  return statements;
}

StressWriters::StressWriters(const std::string& database) : database_(database) {
  for (int writer = 0; writer < kStressWriters; ++writer) {
    connections_.push_back(TestServer::Get().Admin(database));
    for (const char* setting : kSession) TestServer::Run(*connections_.back(), setting);
  }
  for (int writer = 0; writer < kStressWriters; ++writer) {
    MysqlConnection& connection = *connections_[static_cast<std::size_t>(writer)];
    threads_.emplace_back([this, writer, &connection] { Work(writer, connection); });
  }
}

void StressWriters::Stop() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void StressWriters::Work(int writer, MysqlConnection& connection) {
  Client client(connection, database_, static_cast<std::uint64_t>(writer) + 1);
  const double started = MonotonicSeconds();
  while (!stop_) {
    const Habit habit = HabitOf(writer, MonotonicSeconds() - started);
    if (!DoOne(client, writer, habit)) continue;
    ++committed_;
    if (habit != Habit::kShort) ++committed_late_;
    client.Sleep(0, 10);
  }
}

}  // namespace kura::sync
