// Connecting, the session's settings, and small queries in the text protocol.
#include "sync/mysql_connection.h"

#include <sys/socket.h>

#include <mutex>

#include "base/file.h"
#include "base/text.h"

namespace kura::sync {
namespace {

constexpr unsigned kNetTimeoutSeconds = 600;  // Longer than any pause that we make ourselves.
constexpr unsigned kUnknownDatabase = 1049;
constexpr unsigned kUnknownVariable = 1193;
constexpr const char* kSystemCa = "/etc/ssl/certs/ca-certificates.crt";

void SetTls(MYSQL* mysql, const MysqlConfig& config) {
  if (!config.socket.empty() || config.tls == TlsMode::kOff) return;
  my_bool enforce = 1;
  my_bool verify = config.tls == TlsMode::kVerify ? 1 : 0;
  mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &enforce);
  mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
  const std::string ca = config.tls_ca.empty() ? kSystemCa : config.tls_ca;
  if (verify != 0 && PathExists(ca)) mysql_options(mysql, MYSQL_OPT_SSL_CA, ca.c_str());
}

void SetOptions(MYSQL* mysql, const MysqlConfig& config) {
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
  SetTls(mysql, config);
}

Status CheckConfig(const MysqlConfig& config) {
  if (config.host.empty() && config.socket.empty()) return Fail(Code::kInvalid, "no host is set");
  if (!config.tls_ca.empty() && !PathExists(config.tls_ca)) {
    return Fail(Code::kInvalid, "tls_ca: there is no file {}", config.tls_ca);
  }
  if (!config.tls_server_name.empty() && config.tls_server_name != config.host) {
    return FailWithHint(Code::kInvalid,
                        "tls_server_name differs from host, which is not supported yet",
                        "use the name in the server's certificate as host");
  }
  return {};
}

bool Dial(MYSQL* mysql, const MysqlConfig& config) {
  const bool by_socket = !config.socket.empty();
  return mysql_real_connect(mysql,
                            by_socket ? nullptr : config.host.c_str(),
                            config.user.c_str(),
                            config.password.c_str(),
                            config.database.empty() ? nullptr : config.database.c_str(),
                            by_socket ? 0 : static_cast<unsigned>(config.port),
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
  TRY_STATUS(CheckConfig(config));
  MYSQL* mysql = mysql_init(nullptr);
  if (mysql == nullptr) return Fail(Code::kUnavailable, "no memory for a connection");
  SetOptions(mysql, config);
  auto connection = std::make_unique<MysqlConnection>(Passkey(), config, mysql);
  if (!Dial(mysql, config)) {
    Error error = MysqlError(config, mysql_errno(mysql), mysql_error(mysql));
    if (mysql_errno(mysql) == kUnknownDatabase) error.hint = DatabaseHint(config);
    return tl::make_unexpected(std::move(error));
  }
  TRY_STATUS(connection->SetUpSession());
  return connection;
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
      "wait_timeout = 28800, sql_select_limit = DEFAULT"));
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

void MysqlConnection::Interrupt() {
  interrupted_ = true;
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}

Error MysqlConnection::Failure(unsigned number, const std::string& text) {
  if (interrupted_) return {Code::kConflict, "stopped", ""};
  lost_ = IsConnectionLoss(number);
  return MysqlError(config_, number, text);
}

std::string MysqlConnection::server_version() const {
  const std::string_view text = mysql_get_server_info(mysql_);
  return std::string(is_mariadb_ ? "mariadb " : "mysql ") +
         std::string(text.substr(0, text.find('-')));
}

}  // namespace kura::sync
