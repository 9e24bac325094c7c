// Looking at the server's lists of transactions and statements, and making sure that they are
// fresh.
#include "sync/mysql_open_work.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "base/clock.h"
#include "base/text.h"

namespace kura::sync {
namespace {

constexpr unsigned kNeedsPrivilege = 1227;
constexpr int kLooksMax = 5;
constexpr auto kPauseBetweenLooks = std::chrono::milliseconds(120);
constexpr double kWorkHoldsSeconds = 0.5;
constexpr const char* kNeverFresh =
    "another program reads information_schema.innodb_trx all the time, so the server never renews "
    "its list of open transactions: let that program look less often than every 0.2 s";
constexpr const char* kNeedsProcess =
    "the account has no PROCESS privilege, so open transactions cannot be seen (GRANT PROCESS ON "
    "*.* shows them)";

std::optional<Micros> Number(const std::optional<std::string>& cell) {
  std::int64_t value = 0;
  if (!cell || !ParseInt(*cell, &value)) return std::nullopt;
  return value;
}

// Only writers hold the watermark back: read-only transactions change nothing, which also leaves
// our own snapshots out. innodb_trx prints the machine's local time, so it is read with that zone.
// The second column tells whether our own transaction is seen while it runs this very statement.
std::string OldestTransaction(const std::string& mark) {
  return "SELECT CAST(UNIX_TIMESTAMP(MIN(IF(trx_mysql_thread_id <> CONNECTION_ID() AND "
         "trx_is_read_only = 0, trx_started, NULL))) * 1000000 AS SIGNED), "
         "COALESCE(SUM(trx_mysql_thread_id = CONNECTION_ID() AND trx_query LIKE '%" +
         mark + "%'), 0) FROM information_schema.innodb_trx";
}

std::string NextMark() {
  static std::atomic<std::int64_t> looks{0};
  return fmt::format("kura look {} {}", getpid(), ++looks);
}

// Prepared statements run as Execute, not Query, so what does not run is listed instead.
std::string RunningStatements(bool is_mariadb) {
  const std::string runs = is_mariadb ? "time_ms * 1000" : "(time + 1) * 1000000";
  return "SELECT CAST(MAX(" + runs +
         ") AS SIGNED) FROM information_schema.processlist WHERE id <> CONNECTION_ID() "
         "AND user <> 'system user' AND command NOT IN ('Sleep', 'Daemon', 'Binlog Dump', "
         "'Binlog Dump GTID', 'Slave_IO', 'Slave_SQL', 'Slave_worker')";
}

Result<Micros> ReadNow(MysqlConnection& connection) {
  TRY(const auto now, connection.Query("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)"));
  const auto value = Number(now[0][0]);
  if (!value) return Fail(Code::kUnavailable, "the server does not tell its time");
  return *value;
}

// What one look at the list of transactions showed.
struct Look {
  Micros now = 0;
  bool may_look = true;  // false: no PROCESS privilege
  bool is_fresh = false;
  std::optional<Micros> oldest_transaction;
};

// `now` is read first: whoever begins after it stamps later than it.
Result<Look> LookOnce(MysqlConnection& connection) {
  Look look;
  TRY(look.now, ReadNow(connection));
  TRY_STATUS(connection.Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
  const auto rows = connection.Query(OldestTransaction(NextMark()));
  look.may_look = rows || connection.last_number() != kNeedsPrivilege;
  if (!rows && look.may_look) return tl::make_unexpected(rows.error());
  if (rows) {
    look.oldest_transaction = Number((*rows)[0][0]);
    look.is_fresh = Number((*rows)[0][1]).value_or(0) > 0;
  }
  TRY_STATUS(connection.Execute("ROLLBACK"));
  return look;
}

// Since when the oldest transaction is open, by the seconds that a monitor's report names: it is
// made from the live list, but it is long, and it is cut when it is longer than a megabyte.
// Read-only transactions cannot be told from others there, and hold back as well. Nothing when the
// report does not show our own transaction.
Result<std::optional<Micros>> OldestInStatus(MysqlConnection& connection, Micros* now) {
  TRY(*now, ReadNow(connection));
  TRY_STATUS(connection.Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
  const auto rows = connection.Query("SHOW ENGINE INNODB STATUS");
  TRY_STATUS(connection.Execute("ROLLBACK"));
  std::optional<Micros> oldest;
  if (!rows || rows->empty() || rows->front().size() < 3) return oldest;
  const std::string report = rows->front()[2].value_or("");
  const std::string own = fmt::format("thread id {},", mysql_thread_id(connection.raw()));
  if (report.find(own) == std::string::npos) return oldest;
  if (report.find("truncated...") != std::string::npos) return oldest;
  const Micros now_second = *now / kMicrosPerSecond * kMicrosPerSecond;
  oldest = now_second;
  for (std::string_view line : Split(report, '\n')) {
    if (!line.starts_with("---TRANSACTION ")) continue;
    const std::size_t active = line.find(", ACTIVE "), end = line.find(" sec", active);
    if (active == std::string_view::npos || end == std::string_view::npos) continue;
    const std::size_t digits = line.rfind(' ', end - 1) + 1;  // "ACTIVE (PREPARED) 5 sec", too
    std::int64_t seconds = 0;
    if (!ParseInt(line.substr(digits, end - digits), &seconds)) return std::optional<Micros>();
    oldest = std::min(*oldest, now_second - seconds * kMicrosPerSecond);
  }
  return oldest;
}

// InnoDB answers from a copy of its list, which it renews only when nobody has read it for 0.1 s: a
// transaction that began since is not in it. A look counts when it shows itself.
//
// The order matters: time, statements, transactions. A statement that began before the time either
// still runs at the second look or has its transaction in the third; the other way round, one could
// end between the looks and be in neither.
Result<OpenWork> ReadOpenWorkInItsZone(MysqlConnection& connection, std::string* because) {
  TRY(const Micros begin, ReadNow(connection));
  TRY(const auto statements, connection.Query(RunningStatements(connection.is_mariadb())));
  Look look;
  for (int i = 1;; ++i) {
    TRY(look, LookOnce(connection));
    if (look.is_fresh || !look.may_look || i == kLooksMax) break;
    std::this_thread::sleep_for(kPauseBetweenLooks);
  }
  OpenWork work;
  work.now = look.now;
  work.transactions_visible = look.is_fresh;
  work.oldest_transaction = look.oldest_transaction;
  if (!look.may_look) *because = kNeedsProcess;
  if (look.may_look && !look.is_fresh) {
    TRY(const std::optional<Micros> oldest, OldestInStatus(connection, &look.now));
    work.now = look.now;
    work.transactions_visible = oldest.has_value();
    work.oldest_transaction = oldest;
    if (!oldest) *because = kNeverFresh;
  }
  work.now = std::min(begin, work.now);
  work.oldest_statement_runs = Number(statements[0][0]);
  return work;
}

}  // namespace

Result<OpenWork> SharedWork::Read(MysqlConnection& connection, std::string* because) {
  const std::scoped_lock lock(mutex_);
  if (!work_ || MonotonicSeconds() - read_s_ > kWorkHoldsSeconds) {
    because_.clear();
    work_.reset();
    TRY_STATUS(connection.Execute("SET time_zone = SYSTEM"));
    TRY(work_, ReadOpenWorkInItsZone(connection, &because_));
    read_s_ = MonotonicSeconds();
    TRY_STATUS(connection.Execute("SET time_zone = '+00:00'"));
  }
  *because = because_;
  return *work_;
}

}  // namespace kura::sync
