// Sessions of MySQL: catalogue, watermark, snapshot, reads.
#include "sync/mysql_source.h"

#include <mutex>

#include "base/text.h"
#include "sync/mysql_catalogue.h"
#include "sync/mysql_connection.h"
#include "sync/mysql_ranges.h"
#include "sync/mysql_reader.h"
#include "sync/mysql_replica.h"
#include "sync/mysql_select.h"
#include "sync/watermark.h"

namespace kura::sync {
namespace {

constexpr unsigned kNeedsPrivilege = 1227;
constexpr int kReplicaWaitSeconds = 60;
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

// `now` is read first: whoever begins after it stamps later than it.
Result<OpenWork> ReadOpenWorkInItsZone(MysqlConnection& connection) {
  OpenWork work;
  TRY(const auto now, connection.Query("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)"));
  const auto now_value = Number(now[0][0]);
  if (!now_value) return Fail(Code::kUnavailable, "the server does not tell its time");
  work.now = *now_value;
  const auto transactions = connection.Query(kOldestTransaction);
  work.transactions_visible = transactions.has_value();
  if (transactions) {
    work.oldest_transaction = Number((*transactions)[0][0]);
  } else if (connection.last_number() != kNeedsPrivilege) {
    return tl::make_unexpected(transactions.error());
  }
  TRY(const auto statements, connection.Query(RunningStatements(connection.is_mariadb())));
  work.oldest_statement_runs = Number(statements[0][0]);
  return work;
}

Result<OpenWork> ReadOpenWork(MysqlConnection& connection) {
  TRY_STATUS(connection.Execute("SET time_zone = SYSTEM"));
  Result<OpenWork> work = ReadOpenWorkInItsZone(connection);
  if (work) TRY_STATUS(connection.Execute("SET time_zone = '+00:00'"));
  return work;
}

class MysqlSession : public Session {
 public:
  /// `writer` is null unless watermark_host is set.
  MysqlSession(std::unique_ptr<MysqlConnection> connection, std::unique_ptr<MysqlConnection> writer)
      : connection_(std::move(connection)), writer_(std::move(writer)) {}

  Result<std::vector<SourceTable>> ReadTables() override { return ReadMysqlTables(*connection_); }

  Result<Watermark> ReadWatermark() override {
    MysqlConnection& writer = writer_ ? *writer_ : *connection_;
    TRY(OpenWork work, ReadOpenWork(writer));
    std::string because = work.transactions_visible ? "" : kNeedsProcess;
    TRY(const std::string unseen, WhatIsUnseen());
    if (!unseen.empty()) {
      because = unseen;
      work.transactions_visible = false;
      // A bound that nobody vouches for, but better than none.
      const auto lag = ReplicaLagSeconds(*connection_);
      if (lag) work.now -= *lag * kMicrosPerSecond;
    }
    Watermark watermark = ComputeWatermark(work);
    watermark.unproven_because = because;
    return watermark;
  }

  Result<std::vector<KeyRange>> SplitKeys(const SourceTable& table, std::int64_t rows) override {
    return SplitMysqlKeys(*connection_, table, rows);
  }

  Status BeginSnapshot() override {
    return connection_->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
  }

  Status EndSnapshot() override { return connection_->Execute("ROLLBACK"); }

  Result<std::unique_ptr<BatchReader>> Read(const ReadRequest& request) override {
    return OpenMysqlReader(*connection_, request, MysqlSelect(request));
  }

  void Interrupt() override {
    connection_->Interrupt();
    if (writer_) writer_->Interrupt();
  }

  bool lost() const override {
    return connection_->lost() || behind_ || (writer_ && writer_->lost());
  }

 private:
  // Why the open work that was just read does not bound what the snapshot will lack; "" = it does.
  Result<std::string> WhatIsUnseen() {
    TRY(const std::string reader, ReaderReason(*connection_));
    if (!writer_) {
      if (reader.empty()) return reader;
      return connection_->config().host + " is not the writer (" + reader +
             "), so the writer's open transactions cannot be seen: set  watermark_host:  to the "
             "writer";
    }
    TRY(const std::string not_writer, ReaderReason(*writer_));
    if (!not_writer.empty()) {
      return "watermark_host " + writer_->config().host + " is not the writer (" + not_writer + ")";
    }
    TRY(const bool is_same, IsSameServer(*connection_, *writer_));
    if (is_same) return std::string();
    if (reader == kAuroraReader) {
      return connection_->config().host +
             " is an Aurora reader, which does not tell how far it has followed the writer";
    }
    // Read after the open work: all that had been committed by then is in it.
    TRY(const std::string position, ReadPosition(*writer_));
    if (position.empty()) {
      return "watermark_host " + writer_->config().host +
             " does not number its commits (no binary log, or GTIDs are off), so it is unknown "
             "how far " +
             connection_->config().host + " has followed";
    }
    const Status caught_up = AwaitPosition(*connection_, position, kReplicaWaitSeconds);
    behind_ = !caught_up;
    if (!caught_up) return tl::make_unexpected(caught_up.error());
    return std::string();
  }

  std::unique_ptr<MysqlConnection> connection_;
  std::unique_ptr<MysqlConnection> writer_;
  bool behind_ = false;
};

// The way to the writer: as to the reader, but for its address and the name in its certificate.
Result<MysqlConfig> WriterConfig(const MysqlConfig& config) {
  MysqlConfig writer = config;
  writer.host = config.watermark_host;
  writer.socket.clear();
  writer.tls_server_name.clear();
  const std::size_t colon = writer.host.rfind(':');
  std::int64_t port = 0;
  if (colon != std::string::npos && colon == writer.host.find(':')) {
    if (!ParseInt(writer.host.substr(colon + 1), &port) || port < 1 || port > 65'535) {
      return Fail(Code::kInvalid, "watermark_host: '{}' has no port after its colon", writer.host);
    }
    writer.port = static_cast<int>(port);
    writer.host.resize(colon);
  }
  if (config.tunnel_command.empty() || config.tunnel_command.find("{host}") != std::string::npos) {
    return writer;
  }
  return FailWithHint(Code::kInvalid,
                      "watermark_host is another server, and the tunnel leads to one only",
                      "say {host} in the tunnel's command in kura.local.yaml, for example\n"
                      "  ssh -N -L {port}:{host}:3306 bastion");
}

class MysqlSource : public Source {
 public:
  explicit MysqlSource(MysqlConfig config) : config_(std::move(config)) {}

  Result<std::unique_ptr<Session>> Connect() override {
    TRY(auto connection, MysqlConnection::Open(config_));
    std::unique_ptr<MysqlConnection> writer;
    if (!config_.watermark_host.empty()) {
      TRY(const MysqlConfig writer_config, WriterConfig(config_));
      auto opened = MysqlConnection::Open(writer_config);
      if (!opened) return Annotate(opened.error(), "watermark_host");
      writer = *std::move(opened);
    }
    // Behind a reader's name any of several servers may answer; the writer is who they copy.
    TRY(std::string server_id, ReadMysqlServerId(writer ? *writer : *connection));
    const std::scoped_lock lock(mutex_);
    server_id_ = std::move(server_id);
    const std::string address =
        config_.socket.empty() ? fmt::format("{}:{}", config_.host, config_.port) : config_.socket;
    description_ = connection->server_version() + ", " + address;
    tunnel_ = connection->tunnel();
    return std::unique_ptr<Session>(
        std::make_unique<MysqlSession>(std::move(connection), std::move(writer)));
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
  std::shared_ptr<Tunnel> tunnel_;  // It stays up between the sessions of a run.
  std::string description_;
  std::string server_id_;
};

}  // namespace

std::unique_ptr<Source> MakeMysqlSource(const MysqlConfig& config) {
  return std::make_unique<MysqlSource>(config);
}

}  // namespace kura::sync
