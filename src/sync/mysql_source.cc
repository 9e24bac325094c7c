// Sessions of MySQL: catalogue, watermark, snapshot, reads.
#include "sync/mysql_source.h"

#include <mutex>

#include "base/text.h"
#include "sync/mysql_catalogue.h"
#include "sync/mysql_connection.h"
#include "sync/mysql_open_work.h"
#include "sync/mysql_ranges.h"
#include "sync/mysql_reader.h"
#include "sync/mysql_replica.h"
#include "sync/mysql_select.h"
#include "sync/watermark.h"

namespace kura::sync {
namespace {

constexpr int kReplicaWaitSeconds = 60;

class MysqlSession : public Session {
 public:
  /// `writer` is null unless watermark_host is set.
  MysqlSession(std::unique_ptr<MysqlConnection> connection, std::unique_ptr<MysqlConnection> writer,
               std::shared_ptr<SharedWork> work)
      : connection_(std::move(connection)), writer_(std::move(writer)), work_(std::move(work)) {}

  Result<std::vector<SourceTable>> ReadTables() override { return ReadMysqlTables(*connection_); }

  Result<Watermark> ReadWatermark() override {
    MysqlConnection& writer = writer_ ? *writer_ : *connection_;
    std::string because;
    TRY(OpenWork work, work_->Read(writer, &because));
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

  Result<std::string> ReadGreatestKey(const SourceTable& table) override {
    TRY(const auto rows,
        connection_->Query("SELECT MAX(" + QuoteMysqlName(table.primary_key[0]) + ") FROM " +
                           QuoteMysqlName(table.name)));
    return rows[0][0].value_or("");
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
  std::shared_ptr<SharedWork> work_;
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
        std::make_unique<MysqlSession>(std::move(connection), std::move(writer), work_));
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
  const std::shared_ptr<SharedWork> work_ = std::make_shared<SharedWork>();
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
