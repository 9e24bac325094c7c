// sync/mysql_connection.h: one connection to MySQL or MariaDB with the session that copying needs,
// and the server's errors in words that say what to do.
#pragma once
#include <mysql.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sync/sync.h"
#include "sync/tunnel.h"

namespace kura::sync {

/// Quotes an identifier of MySQL.
std::string QuoteMysqlName(std::string_view name);

/// Quotes a text of MySQL; the session's sql_mode is empty, so a backslash escapes.
std::string QuoteMysqlText(std::string_view text);

/// A failure of the server or of the way to it, in our words; `text` is the server's.
Error MysqlError(const MysqlConfig& config, unsigned number, const std::string& text);

/// Tells whether the connection is gone: killed, cut, or the server shut down.
bool IsConnectionLoss(unsigned number);

/// Tells whether another attempt on a new connection may succeed: a lost connection, a failover, a
/// lock that somebody else holds for a while, a server that is full for now.
bool IsRetryable(unsigned number, std::string_view text);

/// A row of a small result, as text; nullopt is NULL.
using TextRow = std::vector<std::optional<std::string>>;

/// One connection. Not shared between threads, except Interrupt.
class MysqlConnection {
  struct Passkey {};  // Only Open makes connections.

 public:
  /// Reads the password, starts the tunnel when there is one, connects and sets the session up.
  /// Errors: kDenied, kUnavailable, kNotFound (no such database), kInvalid (configuration).
  static Result<std::unique_ptr<MysqlConnection>> Open(const MysqlConfig& config);
  MysqlConnection(Passkey, MysqlConfig config, MYSQL* mysql);
  ~MysqlConnection();
  MysqlConnection(const MysqlConnection&) = delete;
  MysqlConnection& operator=(const MysqlConnection&) = delete;

  /// Runs a statement without a result.
  Status Execute(const std::string& sql);
  /// Runs a statement with a small result.
  Result<std::vector<TextRow>> Query(const std::string& sql);
  /// Runs a statement whose first row is wanted by its columns' names, in lower case; empty when
  /// there is no row. NULL is "".
  Result<std::map<std::string, std::string>> QueryNamed(const std::string& sql);
  /// Cuts the connection, from any thread.
  void Interrupt();

  MYSQL* raw() { return mysql_; }
  const MysqlConfig& config() const { return config_; }
  /// The tunnel that the connection goes through; null without one.
  const std::shared_ptr<Tunnel>& tunnel() const { return tunnel_; }
  /// The server's last error number; 0 after a success.
  unsigned last_number() const { return mysql_errno(mysql_); }
  /// A failure of this connection in our words, and a note when it means that it was lost.
  Error Failure(unsigned number, const std::string& text);
  Error LastError() { return Failure(mysql_errno(mysql_), mysql_error(mysql_)); }
  /// Tells whether a failure may be gone on a new connection (IsRetryable).
  bool lost() const { return lost_; }
  bool is_mariadb() const { return is_mariadb_; }
  /// "mariadb 10.11.14" or "mysql 8.0.36".
  std::string server_version() const;

 private:
  Status Login(const std::string& host, int port);
  Status SetUpSession();

  std::shared_ptr<Tunnel> tunnel_;  // The connection goes through it, so it outlives it.
  MysqlConfig config_;
  MYSQL* mysql_;
  int socket_ = -1;
  std::atomic<bool> interrupted_{false};
  bool is_mariadb_ = false;
  bool lost_ = false;
};

}  // namespace kura::sync
