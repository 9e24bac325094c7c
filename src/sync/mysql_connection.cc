// Connecting, the session's settings, and small queries in the text protocol.
#include "sync/mysql_connection.h"

#include <errmsg.h>
#include <sys/socket.h>

#include <mutex>

#include "base/text.h"
#include "sync/mysql_tls.h"
#include "sync/secret.h"

namespace kura::sync {
namespace {

constexpr unsigned kNetTimeoutSeconds = 600;  // Longer than any pause that we make ourselves.
constexpr unsigned kUnknownDatabase = 1049;
constexpr unsigned kUnknownVariable = 1193;
constexpr const char* kLoopback = "127.0.0.1";

// Ways to log in that do not put the password on the wire as it is.
constexpr const char* kHashingPlugins =
    "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,parsec,"
    "auth_gssapi_client";

// Where a connection dials, which behind a tunnel is not where the server is.
struct Target {
  std::string host;
  int port = 0;
};

bool UsesTls(const MysqlConfig& config) {
  return config.socket.empty() && config.tls != TlsMode::kOff;
}

bool Verifies(const MysqlConfig& config) {
  return UsesTls(config) && config.tls == TlsMode::kVerify;
}

// Whom the certificate must be for.
std::string ServerName(const MysqlConfig& config) {
  return config.tls_server_name.empty() ? config.host : config.tls_server_name;
}

// libmariadb checks as well, but it only knows the name that it dials: where that is another one,
// it checks the chain alone, and TlsWatch the name.
Status SetTls(MYSQL* mysql, const MysqlConfig& config, const Target& target) {
  if (!UsesTls(config)) return {};
  const bool dials_name = target.host == ServerName(config);
  my_bool enforce = 1;
  my_bool verify = Verifies(config) && dials_name ? 1 : 0;
  mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &enforce);
  mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  if (!Verifies(config)) return {};
  if (!dials_name && !TlsHooksWork()) {
    return FailWithHint(Code::kInvalid,
                        "this build's libmariadb does not use OpenSSL, so the server's name cannot "
                        "be checked behind a tunnel or with tls_server_name",
                        "use the name in the certificate as  host:, and no tunnel");
  }
  TRY(const std::string authorities, AuthorityFile(config));
  mysql_options(mysql, MYSQL_OPT_SSL_CA, authorities.c_str());
  return {};
}

// The password itself may only cross a socket of this machine or TLS to a server we know. Without
// a password the "dialog" plug-in would ask on the terminal.
void SetLogins(MYSQL* mysql, const MysqlConfig& config) {
  const bool may_be_clear = !config.socket.empty() || Verifies(config);
  if (may_be_clear && !config.password.empty()) return;
  std::string allowed = kHashingPlugins;
  if (may_be_clear) allowed += ",mysql_clear_password";
  mysql_options(mysql, MARIADB_OPT_RESTRICTED_AUTH, allowed.c_str());
}

Status SetOptions(MYSQL* mysql, const MysqlConfig& config, const Target& target) {
  const unsigned connect_timeout_s = static_cast<unsigned>(config.connect_timeout_s);
  const unsigned off = 0;
  my_bool no = 0;
  mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout_s);
  mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &kNetTimeoutSeconds);
  mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &kNetTimeoutSeconds);
  mysql_options(mysql, MYSQL_OPT_RECONNECT, &no);
  mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &off);  // A server must not read our files.
  mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  // Otherwise "localhost" would silently mean a socket.
  const unsigned tcp = MYSQL_PROTOCOL_TCP;
  if (config.socket.empty()) mysql_options(mysql, MYSQL_OPT_PROTOCOL, &tcp);
  SetLogins(mysql, config);
  return SetTls(mysql, config, target);
}

bool Dial(MYSQL* mysql, const MysqlConfig& config, const Target& target) {
  const bool by_socket = !config.socket.empty();
  return mysql_real_connect(mysql,
                            by_socket ? nullptr : target.host.c_str(),
                            config.user.c_str(),
                            config.password.c_str(),
                            config.database.empty() ? nullptr : config.database.c_str(),
                            by_socket ? 0 : static_cast<unsigned>(target.port),
                            by_socket ? config.socket.c_str() : nullptr,
                            0) != nullptr;
}

// Which databases the account sees, and the one that was probably meant.
std::string DatabaseHint(const MysqlConfig& config) {
  MysqlConfig without = config;
  without.database.clear();
  const auto connection = MysqlConnection::Open(without);
  if (!connection) return "";
  const auto rows = (*connection)->Query("SHOW DATABASES");
  if (!rows) return "";
  std::vector<std::string> names;
  for (const TextRow& row : *rows) {
    if (row[0] && *row[0] != "information_schema") names.push_back(*row[0]);
  }
  const std::string nearest = NearestName(config.database, names);
  if (!nearest.empty()) return "did you mean '" + nearest + "'?";
  if (names.empty()) return "this account sees no database: GRANT SELECT ON <database>.* TO it";
  return "this account sees: " + Join(names, ", ");
}

}  // namespace

std::string QuoteMysqlName(std::string_view name) {
  return "`" + ReplaceAll(name, "`", "``") + "`";
}

std::string QuoteMysqlText(std::string_view text) {
  return "'" + ReplaceAll(ReplaceAll(text, "\\", "\\\\"), "'", "\\'") + "'";
}

Result<std::unique_ptr<MysqlConnection>> MysqlConnection::Open(const MysqlConfig& config) {
  static std::once_flag started;
  std::call_once(started, [] { mysql_server_init(0, nullptr, nullptr); });
  if (config.host.empty() && config.socket.empty()) return Fail(Code::kInvalid, "no host is set");
  MysqlConfig ready = config;
  TRY(ready.password, ReadPassword(config));
  Target target{config.host, config.port};
  std::shared_ptr<Tunnel> tunnel;
  if (!config.tunnel_command.empty() && config.socket.empty()) {
    TRY(tunnel, Tunnel::Open({config.tunnel_command, config.host}));
    target = {kLoopback, tunnel->port()};
  }
  MYSQL* mysql = mysql_init(nullptr);
  if (mysql == nullptr) return Fail(Code::kUnavailable, "no memory for a connection");
  auto connection = std::make_unique<MysqlConnection>(Passkey(), ready, mysql);
  connection->tunnel_ = std::move(tunnel);
  TRY_STATUS(SetOptions(mysql, ready, target));
  TRY_STATUS(connection->Login(target.host, target.port));
  TRY_STATUS(connection->SetUpSession());
  return connection;
}

Status MysqlConnection::Login(const std::string& host, int port) {
  const TlsWatch watch(ServerName(config_), Verifies(config_));
  if (Dial(mysql_, config_, {host, port})) {
    if (!Verifies(config_) || watch.verified()) return {};
    return Fail(Code::kInternal, "the certificate of {} was not checked", ServerName(config_));
  }
  const unsigned number = mysql_errno(mysql_);
  if (watch.finding().problem != TlsProblem::kNone ||
      (number == CR_SSL_CONNECTION_ERROR && !watch.completed())) {
    return tl::make_unexpected(TlsError(config_, watch.finding(), mysql_error(mysql_)));
  }
  Error error = MysqlError(config_, number, mysql_error(mysql_));
  if (number == kUnknownDatabase) error.hint = DatabaseHint(config_);
  const std::string words = tunnel_ ? tunnel_->last_words() : "";
  if (!words.empty()) error.hint += "\nthe tunnel says: " + words;
  return tl::make_unexpected(std::move(error));
}

MysqlConnection::MysqlConnection(Passkey, MysqlConfig config, MYSQL* mysql)
    : config_(std::move(config)), mysql_(mysql) {}

MysqlConnection::~MysqlConnection() {
  mysql_close(mysql_);
}

Status MysqlConnection::SetUpSession() {
  socket_ = static_cast<int>(mysql_get_socket(mysql_));
  is_mariadb_ = mariadb_connection(mysql_) != 0;
  TRY_STATUS(Execute(
      "SET time_zone = '+00:00', sql_mode = '', net_write_timeout = 600, net_read_timeout = 600, "
      "wait_timeout = 28800, lock_wait_timeout = 60, sql_select_limit = DEFAULT"));
  TRY_STATUS(Execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
  TRY_STATUS(Execute("SET SESSION TRANSACTION READ ONLY"));
  const Status unlimited =
      Execute(is_mariadb_ ? "SET max_statement_time = 0" : "SET max_execution_time = 0");
  // MySQL 5.6 has no such limit, so it does not know the variable.
  if (!unlimited && mysql_errno(mysql_) != kUnknownVariable) return unlimited;
  return {};
}

Status MysqlConnection::Execute(const std::string& sql) {
  if (mysql_real_query(mysql_, sql.data(), sql.size()) == 0) return {};
  return tl::make_unexpected(LastError());
}

Result<std::vector<TextRow>> MysqlConnection::Query(const std::string& sql) {
  TRY_STATUS(Execute(sql));
  MYSQL_RES* result = mysql_store_result(mysql_);
  if (result == nullptr) return tl::make_unexpected(LastError());
  std::vector<TextRow> rows;
  const unsigned width = mysql_num_fields(result);
  while (MYSQL_ROW row = mysql_fetch_row(result)) {
    const unsigned long* lengths = mysql_fetch_lengths(result);
    TextRow texts(width);
    for (unsigned i = 0; i < width; ++i) {
      if (row[i] != nullptr) texts[i] = std::string(row[i], lengths[i]);
    }
    rows.push_back(std::move(texts));
  }
  mysql_free_result(result);
  return rows;
}

Result<std::map<std::string, std::string>> MysqlConnection::QueryNamed(const std::string& sql) {
  TRY_STATUS(Execute(sql));
  MYSQL_RES* result = mysql_store_result(mysql_);
  if (result == nullptr) return tl::make_unexpected(LastError());
  std::map<std::string, std::string> named;
  const unsigned width = mysql_num_fields(result);
  const MYSQL_FIELD* fields = mysql_fetch_fields(result);
  if (MYSQL_ROW row = mysql_fetch_row(result)) {
    for (unsigned i = 0; i < width; ++i) {
      named[ToLower(fields[i].name)] = row[i] == nullptr ? "" : row[i];
    }
  }
  mysql_free_result(result);
  return named;
}

void MysqlConnection::Interrupt() {
  interrupted_ = true;
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}

Error MysqlConnection::Failure(unsigned number, const std::string& text) {
  if (interrupted_) return {Code::kConflict, "stopped", ""};
  // After the login, trouble of TLS is how a connection ends: "unexpected eof while reading".
  if (number == CR_SSL_CONNECTION_ERROR) number = CR_SERVER_LOST;
  lost_ = IsRetryable(number, text);
  return MysqlError(config_, number, text);
}

std::string MysqlConnection::server_version() const {
  const std::string_view text = mysql_get_server_info(mysql_);
  return std::string(is_mariadb_ ? "mariadb " : "mysql ") +
         std::string(text.substr(0, text.find('-')));
}

}  // namespace kura::sync
