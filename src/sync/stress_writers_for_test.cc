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
// Without gap locks, and without waiting: eight writers must not stand still behind one.
constexpr std::array kSession = {"SET time_zone = '+09:00'",
                                 "SET innodb_lock_wait_timeout = 0",
                                 "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"};

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

  // Stamps are those of the statement's start; its rows appear when it ends.
  void InsertSlowly() {
    Run(fmt::format("INSERT INTO {} (value) SELECT SLEEP(0.{}) + 7 FROM seq_1_to_2",
                    Table(),
                    2 + random_.Below(8)));
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
    Sleep(500, 2000);
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

// One transaction of writer number `writer`; `late` is set when it was open for long.
bool DoOne(Client& client, int writer, bool* late) {
  if (writer == 7) return *late = true, client.Xa(client.random().Percent(50));
  if (writer == 6) {
    client.Run("BEGIN");
    client.Change();
    client.InsertSlowly();
    return client.Commit(true);
  }
  if (writer == 5) {
    client.InsertSlowly();
    return client.Commit(true);
  }
  client.Run("BEGIN");
  ChangeSome(client, writer);
  *late = writer >= 3 || client.random().Percent(1);
  if (*late) {
    client.Sleep(500, 3000);
    ChangeSome(client, writer);
  } else {
    client.Sleep(0, 5);
  }
  return client.Commit(client.random().Percent(90));
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
  while (!stop_) {
    bool late = false;
    if (!DoOne(client, writer, &late)) continue;
    ++committed_;
    if (late) ++committed_late_;
    client.Sleep(0, 10);
  }
}

}  // namespace kura::sync
