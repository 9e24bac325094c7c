// Sessions of MySQL: catalogue, watermark, snapshot, reads.
#include "sync/mysql_source.h"

#include <mutex>

#include "base/text.h"
#include "sync/mysql_catalogue.h"
#include "sync/mysql_connection.h"
#include "sync/mysql_reader.h"
#include "sync/watermark.h"

namespace kura::sync {
namespace {

constexpr unsigned kNeedsPrivilege = 1227;

std::optional<Micros> Number(const std::optional<std::string>& cell) {
  std::int64_t value = 0;
  if (!cell || !ParseInt(*cell, &value)) return std::nullopt;
  return value;
}

// Only writers hold the watermark back: read-only transactions change nothing, which also leaves
// our own snapshots out. innodb_trx prints the machine's local time, so it is read with that zone.
constexpr const char* kOldestTransaction =
    "SELECT CAST(UNIX_TIMESTAMP(MIN(trx_started)) * 1000000 AS SIGNED) "
    "FROM information_schema.innodb_trx "
    "WHERE trx_mysql_thread_id <> CONNECTION_ID() AND trx_is_read_only = 0";

// Prepared statements run as Execute, not Query, so what does not run is listed instead.
std::string RunningStatements(bool is_mariadb) {
  const std::string runs = is_mariadb ? "time_ms * 1000" : "(time + 1) * 1000000";
  return "SELECT CAST(MAX(" + runs +
         ") AS SIGNED) FROM information_schema.processlist WHERE id <> CONNECTION_ID() "
         "AND user <> 'system user' AND command NOT IN ('Sleep', 'Daemon', 'Binlog Dump', "
         "'Binlog Dump GTID', 'Slave_IO', 'Slave_SQL', 'Slave_worker')";
}

class MysqlSession : public Session {
 public:
  explicit MysqlSession(std::unique_ptr<MysqlConnection> connection)
      : connection_(std::move(connection)) {}

  Result<std::vector<SourceTable>> ReadTables() override { return ReadMysqlTables(*connection_); }

  Result<Watermark> ReadWatermark() override {
    TRY_STATUS(connection_->Execute("SET time_zone = SYSTEM"));
    const Result<OpenWork> work = ReadOpenWork();
    if (!work) return tl::make_unexpected(work.error());
    TRY_STATUS(connection_->Execute("SET time_zone = '+00:00'"));
    return ComputeWatermark(*work);
  }

  Status BeginSnapshot() override {
    return connection_->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
  }

  Status EndSnapshot() override { return connection_->Execute("ROLLBACK"); }

  Result<std::unique_ptr<BatchReader>> Read(const ReadRequest& request) override {
    return OpenMysqlReader(*connection_, request, MysqlSelect(request));
  }

  void Interrupt() override { connection_->Interrupt(); }

  bool lost() const override { return connection_->lost(); }

 private:
  // `now` is read first: whoever begins after it stamps later than it.
  Result<OpenWork> ReadOpenWork() {
    OpenWork work;
    TRY(const auto now,
        connection_->Query("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)"));
    const auto now_value = Number(now[0][0]);
    if (!now_value) return Fail(Code::kUnavailable, "the server does not tell its time");
    work.now = *now_value;
    const auto transactions = connection_->Query(kOldestTransaction);
    work.transactions_visible = transactions.has_value();
    if (transactions) {
      work.oldest_transaction = Number((*transactions)[0][0]);
    } else if (connection_->last_number() != kNeedsPrivilege) {
      return tl::make_unexpected(transactions.error());
    }
    TRY(const auto statements, connection_->Query(RunningStatements(connection_->is_mariadb())));
    work.oldest_statement_runs = Number(statements[0][0]);
    return work;
  }

  std::unique_ptr<MysqlConnection> connection_;
};

class MysqlSource : public Source {
 public:
  explicit MysqlSource(MysqlConfig config) : config_(std::move(config)) {}

  Result<std::unique_ptr<Session>> Connect() override {
    TRY(auto connection, MysqlConnection::Open(config_));
    TRY(std::string server_id, ReadMysqlServerId(*connection));
    const std::scoped_lock lock(mutex_);
    server_id_ = std::move(server_id);
    const std::string address =
        config_.socket.empty() ? fmt::format("{}:{}", config_.host, config_.port) : config_.socket;
    description_ = connection->server_version() + ", " + address;
    return std::unique_ptr<Session>(std::make_unique<MysqlSession>(std::move(connection)));
  }

  std::string description() const override {
    const std::scoped_lock lock(mutex_);
    return description_;
  }

  std::string server_id() const override {
    const std::scoped_lock lock(mutex_);
    return server_id_;
  }

 private:
  const MysqlConfig config_;
  mutable std::mutex mutex_;
  std::string description_;
  std::string server_id_;
};

}  // namespace

std::unique_ptr<Source> MakeMysqlSource(const MysqlConfig& config) {
  return std::make_unique<MysqlSource>(config);
}

std::string MysqlSelect(const ReadRequest& request) {
  std::vector<std::string> names;
  for (const std::string& column : request.columns) names.push_back(QuoteMysqlName(column));
  std::string sql = "SELECT " + Join(names, ", ") + " FROM " + QuoteMysqlName(request.table->name);
  if (request.cursor.empty()) return sql;
  // A row without a stamp says nothing about when it changed: NULL, and the zero date of old
  // schemas.
  const std::string cursor = QuoteMysqlName(request.cursor);
  return sql + " WHERE " + cursor + " >= " + QuoteMysqlText(request.since_text) + " OR " + cursor +
         " IS NULL OR " + cursor + " = '0000-00-00 00:00:00'";
}

}  // namespace kura::sync
