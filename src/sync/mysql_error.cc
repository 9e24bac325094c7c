// MySQL's error numbers in words: whose move it is, and what to do. Passwords never get here.
#include <errmsg.h>

#include "base/text.h"
#include "sync/mysql_connection.h"

namespace kura::sync {
namespace {

constexpr std::string_view kUnverified = "cannot be verified: ";

std::string Address(const MysqlConfig& config) {
  if (!config.socket.empty()) return config.socket;
  if (!config.tunnel_command.empty()) return config.host + " (through the tunnel)";
  return fmt::format("{}:{}", config.host, config.port);
}

// 'kura_reader'@'10.0.3.7' from the server's "Access denied for user 'kura_reader'@'10.0.3.7' (…)".
std::string AccountIn(const std::string& text) {
  const std::size_t begin = text.find('\'');
  if (begin == std::string::npos) return "";
  const std::size_t end = text.find_first_of(" ;", begin);
  return text.substr(begin, end == std::string::npos ? end : end - begin);
}

std::string Grant(const MysqlConfig& config, const std::string& account) {
  return "  GRANT SELECT ON " + config.database + ".* TO " + account + ";";
}

// Where the password came from, since that is where a wrong one is mended.
std::string PasswordHint(const MysqlConfig& config) {
  if (config.password.empty()) return "the password is empty";
  if (!config.password_command.empty()) {
    return "the user, what password_command prints, or the host part of the account is wrong";
  }
  if (!config.password_file.empty()) {
    return "the user, the password in " + config.password_file +
           ", or the host part of the account is wrong";
  }
  return "the user, the password or the host part of the account is wrong";
}

Error Denied(const MysqlConfig& config, unsigned number, const std::string& text) {
  std::string account = AccountIn(text);
  if (account.empty()) account = "'" + config.user + "'";
  Error error{Code::kDenied, fmt::format("access denied for {} (mysql {})", account, number), ""};
  if (number == 1044 || number == 1142 || number == 1143) {
    error.message += ": " + text;
    error.hint =
        "the account may not read this; the grant that is needed:\n" + Grant(config, account);
    return error;
  }
  error.hint = PasswordHint(config) + "; the grant that is needed:\n" + Grant(config, account);
  return error;
}

Error NeedsPrivilege(unsigned number, const std::string& text) {
  return {Code::kDenied,
          fmt::format("{} (mysql {})", text, number),
          "copying needs SELECT on the database alone; PROCESS is optional and shows open "
          "transactions:\n  GRANT PROCESS ON *.* TO the account"};
}

// The account is right, but the server does not let it in.
Error ShutOut(const MysqlConfig& config, unsigned number, const std::string& text) {
  Error error{Code::kDenied, fmt::format("{} (mysql {})", text, number), ""};
  switch (number) {
    case 1129:
      error.code = Code::kUnavailable;
      error.message =
          fmt::format("{} has blocked this machine after too many broken connections (mysql 1129)",
                      Address(config));
      error.hint =
          "an administrator clears that with  FLUSH HOSTS  (MySQL 8.4 and later: TRUNCATE "
          "TABLE performance_schema.host_cache)";
      break;
    case 1130:
      error.message =
          fmt::format("{} does not accept connections from this machine (mysql 1130): {}",
                      Address(config),
                      text);
      error.hint = "no account there has a host part that fits: CREATE USER '" + config.user +
                   "'@'<this machine>'";
      break;
    case 1820:
    case 1862:
      error.message =
          fmt::format("the password of '{}' has expired (mysql {})", config.user, number);
      error.hint =
          "  ALTER USER '" + config.user + "'@'…' IDENTIFIED BY '…' PASSWORD EXPIRE NEVER;";
      break;
    default:
      error.message = fmt::format("the account '{}' is locked (mysql {})", config.user, number);
      error.hint = "  ALTER USER '" + config.user + "'@'…' ACCOUNT UNLOCK;";
  }
  return error;
}

Error Unreachable(const MysqlConfig& config, unsigned number, const std::string& text) {
  Error error{Code::kUnavailable,
              fmt::format("no answer from {} (mysql {}): {}", Address(config), number, text),
              ""};
  if (!config.socket.empty()) {
    error.hint = "check that the server runs and that its socket is at this path";
  } else if (number == CR_UNKNOWN_HOST) {
    error.hint = "the name is not known here: check host in kura.yaml, DNS and the VPN";
  } else {
    error.hint =
        "check host and port in kura.yaml, that the server runs and listens there,\n"
        "and that a firewall or a missing tunnel is not in between";
  }
  return error;
}

// The way in which the server wants the password is missing here, or is not safe on this way.
Error LoginWay(const MysqlConfig& config, unsigned number, const std::string& text) {
  if (number == CR_PLUGIN_NOT_ALLOWED) {
    // libmariadb's text holds the plug-in's name only by luck: its memory is used again by then.
    return {
        Code::kDenied,
        Address(config) +
            " asks for the password itself, or for a proof of it that is not known here",
        "Kura sends a password only over verified TLS or a socket: set  tls: verify  (the "
        "default), or give\nthe account another way to log in (caching_sha2_password, ed25519)"};
  }
  return {Code::kUnavailable,
          fmt::format(
              "the server wants a way to log in that is missing here (mysql {}): {}", number, text),
          "it is a plug-in of libmariadb: install the package libmariadb3 of this machine's "
          "system,\nor give the account another one (caching_sha2_password, "
          "mysql_native_password, ed25519)"};
}

Error Full(const MysqlConfig& config, unsigned number, const std::string& text) {
  if (number == 1040) {
    return {Code::kUnavailable,
            fmt::format("{} takes no more connections (mysql 1040)", Address(config)),
            "run again later, or raise max_connections there"};
  }
  return {Code::kUnavailable,
          fmt::format("{} (mysql {})", text, number),
          "the account's own limit is reached: end its other connections, or raise "
          "MAX_USER_CONNECTIONS"};
}

// Statements that were stopped from outside, on a connection that still stands.
Error Stopped(unsigned number, const std::string& text) {
  Error error{Code::kUnavailable, fmt::format("{} (mysql {})", text, number), ""};
  switch (number) {
    case 1205:
      error.message = "another session has locked the table for more than 60 s (mysql 1205)";
      error.hint = "an ALTER TABLE or LOCK TABLES may be running: SHOW PROCESSLIST";
      break;
    case 1969:
    case 3024:
      error.message =
          fmt::format("the server limits how long a statement may run (mysql {})", number);
      error.hint = "lift max_statement_time or max_execution_time for this account";
      break;
    case 1290:
    case 1836:
      error.hint = "the server has become read-only, as in a failover: run again";
      break;
    default:
      error.hint = "run again";
  }
  return error;
}

// An error that came before TLS was up, so that nobody vouches for it: its number and text.
bool Unwrap(unsigned* number, std::string* text) {
  const std::size_t at = text->find(kUnverified);
  if (at == std::string::npos) return false;
  const std::string rest = text->substr(at + kUnverified.size());
  const std::size_t dash = rest.find(" - ");
  std::int64_t inner = 0;
  if (dash == std::string::npos || !ParseInt(rest.substr(0, dash), &inner)) return false;
  *number = static_cast<unsigned>(inner);
  *text = rest.substr(dash + 3);
  return true;
}

}  // namespace

bool IsConnectionLoss(unsigned number) {
  switch (number) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case 1053:  // Server shutdown in progress
    case 1077:  // Normal shutdown
    case 1079:  // Shutdown complete
    case 1080:  // Forcing close of thread
    case 1152:  // Aborted connection
    case 1158:  // Got an error reading communication packets
    case 1159:  // Got timeout reading communication packets
    case 1160:  // Got an error writing communication packets
    case 1161:  // Got timeout writing communication packets
    case 1184:  // Aborted connection
    case 1189:  // Net error reading from master
    case 1190:  // Net error writing to master
    case 1927:  // Connection was killed (MariaDB)
    case 3032:  // The server is currently in offline mode
    case 3168:  // Server isn't available
    case 3169:  // Session was killed (MySQL)
    case 4031:  // The client was disconnected by the server because of inactivity
      return true;
    default:
      return false;
  }
}

bool IsRetryable(unsigned number, std::string_view text) {
  if (IsConnectionLoss(number)) return true;
  switch (number) {
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_UNKNOWN_HOST:
    case 1020:  // Record has changed since last read
    case 1040:  // Too many connections
    case 1203:  // User already has more than max_user_connections
    case 1205:  // Lock wait timeout
    case 1213:  // Deadlock
    case 1226:  // User has exceeded a resource
    case 1317:  // Query execution was interrupted: KILL QUERY, and replicas whose apply needs us
                // gone
    case 1412:  // Table definition has changed, please retry transaction
    case 1615:  // Prepared statement needs to be re-prepared
    case 1836:  // Running in read-only mode
      return true;
    case 1290:  // The server is running with the --read-only option: a failover, when it is that
                // one
      return text.find("read-only") != std::string_view::npos ||
             text.find("read_only") != std::string_view::npos;
    default:
      return false;
  }
}

Error MysqlError(const MysqlConfig& config, unsigned number, const std::string& text) {
  unsigned inner = number;
  std::string inner_text = text;
  if (Unwrap(&inner, &inner_text)) return MysqlError(config, inner, inner_text);
  // Over TLS, libmariadb gives a missing plug-in the number of TLS trouble.
  if (text.find("could not be loaded") != std::string::npos) return LoginWay(config, number, text);
  switch (number) {
    case 1044:
    case 1045:
    case 1142:
    case 1143:
    case 1698:
      return Denied(config, number, text);
    case 1227:
      return NeedsPrivilege(number, text);
    case 1129:
    case 1130:
    case 1820:
    case 1862:
    case 3118:
    case 4151:
      return ShutOut(config, number, text);
    case 1049:
      return {Code::kNotFound, fmt::format("there is no database '{}'", config.database), ""};
    case 1146:
      return {Code::kNotFound, text, "the table was dropped or renamed: run again"};
    case 1054:
    case 1412:
      return {Code::kConflict, text, "the table changed while it was read: run again"};
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_UNKNOWN_HOST:
      return Unreachable(config, number, text);
    case CR_AUTH_PLUGIN_CANNOT_LOAD:
    case CR_PLUGIN_NOT_ALLOWED:
      return LoginWay(config, number, text);
    case 1040:
    case 1203:
    case 1226:
      return Full(config, number, text);
    case 1205:
    case 1213:
    case 1290:
    case 1317:
    case 1836:
    case 1969:
    case 3024:
      return Stopped(number, text);
    default:
      break;
  }
  if (IsConnectionLoss(number)) {
    return {
        Code::kUnavailable,
        fmt::format("the connection to {} was lost (mysql {}): {}", Address(config), number, text),
        "check that the server still runs, then run again"};
  }
  return {Code::kUnavailable, fmt::format("{} (mysql {})", text, number), ""};
}

}  // namespace kura::sync
