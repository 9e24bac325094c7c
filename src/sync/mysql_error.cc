// MySQL's error numbers in words: whose move it is, and what to do. Passwords never get here.
#include <errmsg.h>

#include "base/text.h"
#include "sync/mysql_connection.h"

namespace kura::sync {
namespace {

std::string Address(const MysqlConfig& config) {
  return config.socket.empty() ? fmt::format("{}:{}", config.host, config.port) : config.socket;
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
  error.hint =
      (config.password.empty() ? "the password is empty"
                               : "the user, the password or the host part of the account is wrong");
  error.hint += "; the grant that is needed:\n" + Grant(config, account);
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

Error Tls(const MysqlConfig& config, unsigned number, const std::string& text) {
  Error error{
      Code::kUnavailable,
      fmt::format("no secure connection to {} (mysql {}): {}", Address(config), number, text),
      ""};
  if (text.find("does not support") != std::string::npos) {
    error.hint =
        "the server offers no TLS: turn it on there, or set  tls: off  in kura.yaml\n"
        "when nobody else is on the network in between";
    return error;
  }
  error.hint =
      "set  tls_ca:  to the file with the authority that signed the server's certificate\n"
      "(RDS: https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem), and use the\n"
      "host name in that certificate;  tls: skip-verify  encrypts without knowing to whom";
  return error;
}

}  // namespace

bool IsConnectionLoss(unsigned number) {
  switch (number) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case 1053:  // Server shutdown in progress
    case 1927:  // Connection was killed (MariaDB)
    case 3024:
      return true;
    default:
      return false;
  }
}

Error MysqlError(const MysqlConfig& config, unsigned number, const std::string& text) {
  switch (number) {
    case 1044:
    case 1045:
    case 1142:
    case 1143:
    case 1227:
    case 1698:
      return Denied(config, number, text);
    case 1049:
      return {Code::kNotFound, fmt::format("there is no database '{}'", config.database), ""};
    case 1146:
      return {Code::kNotFound, text, "the table was dropped or renamed: run again"};
    case 1054:
      return {Code::kConflict, text, "the table changed while it was read: run again"};
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_UNKNOWN_HOST:
      return Unreachable(config, number, text);
    case CR_SSL_CONNECTION_ERROR:
      return Tls(config, number, text);
    case 1040:
      return {Code::kUnavailable,
              fmt::format("{} takes no more connections (mysql 1040)", Address(config)),
              "run again later, or raise max_connections there"};
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
