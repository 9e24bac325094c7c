// What MySQL's numbers mean to us: which are worth another attempt, and what a person reads.
#include <doctest/doctest.h>
#include <errmsg.h>

#include "sync/mysql_connect_test.h"

namespace kura::sync {
namespace {

constexpr int kAuthenticationPlugin = 2;

using testing::Contains;
using testing::TestServer;
using testing::WordsOf;

MysqlConfig Plain() {
  MysqlConfig config;
  config.host = "db.example";
  config.user = "kura_reader";
  config.password = "sentinel-22ab";
  config.database = "shop";
  return config;
}

TEST_CASE("failovers, lost connections and locks are worth another attempt") {
  for (const unsigned number : {1053U, 1927U, 2006U, 2013U, 3032U, 3169U, 4031U}) {
    CAPTURE(number);
    CHECK(IsConnectionLoss(number));
    CHECK(IsRetryable(number, ""));
    const Error error = MysqlError(Plain(), number, "gone");
    CHECK(error.code == Code::kUnavailable);
    CHECK(Contains(error.message, "the connection to db.example:3306 was lost"));
  }
  for (const unsigned number :
       {1020U, 1040U, 1203U, 1205U, 1213U, 1226U, 1317U, 1836U, 2002U, 2003U, 2005U}) {
    CAPTURE(number);
    CHECK_FALSE(IsConnectionLoss(number));
    CHECK(IsRetryable(number, ""));
    CHECK(MysqlError(Plain(), number, "x").code == Code::kUnavailable);
  }
  CHECK(IsRetryable(1290, "The MariaDB server is running with the --read-only option so it …"));
  CHECK_FALSE(IsRetryable(1290, "… with the --secure-file-priv option so it cannot …"));
  CHECK(IsRetryable(1412, ""));
  CHECK(MysqlError(Plain(), 1412, "").code == Code::kConflict);
}

TEST_CASE("what the same attempt would meet again is not retried") {
  for (const unsigned number : {1044U,
                                1045U,
                                1049U,
                                1054U,
                                1064U,
                                1129U,
                                1130U,
                                1142U,
                                1146U,
                                1227U,
                                1698U,
                                1820U,
                                1862U,
                                1969U,
                                2026U,
                                2059U,
                                3024U,
                                3118U,
                                4151U}) {
    CAPTURE(number);
    CHECK_FALSE(IsRetryable(number, ""));
  }
}

TEST_CASE("each error says whose move it is and what to do") {
  const auto words = [](unsigned number, const std::string& text) {
    const Error error = MysqlError(Plain(), number, text);
    CHECK_FALSE(error.hint.empty());
    CHECK_FALSE(Contains(WordsOf(error), "sentinel-22ab"));
    return WordsOf(error);
  };
  CHECK(
      Contains(words(1045, "Access denied for user 'kura_reader'@'10.0.0.7' (using password: YES)"),
               "GRANT SELECT ON shop.* TO 'kura_reader'@'10.0.0.7';"));
  CHECK(Contains(words(1044, "Access denied for user 'r'@'h' to database 'shop'"),
                 "GRANT SELECT ON shop.* TO 'r'@'h';"));
  CHECK(Contains(words(1142, "SELECT command denied to user 'r'@'h' for table `shop`.`orders`"),
                 "orders"));
  CHECK(Contains(words(1227, "Access denied; you need (at least one of) the PROCESS privilege(s)"),
                 "PROCESS is optional"));
  CHECK(Contains(words(1129, "Host 'x' is blocked"), "FLUSH HOSTS"));
  CHECK(Contains(words(1130, "Host 'x' is not allowed to connect"), "CREATE USER 'kura_reader'"));
  CHECK(Contains(words(1862, "Your password has expired"), "has expired"));
  CHECK(Contains(words(3118, "Access denied. Account is locked"), "ACCOUNT UNLOCK"));
  CHECK(Contains(words(1040, "Too many connections"), "max_connections"));
  CHECK(Contains(words(1226, "User 'r' has exceeded the 'max_user_connections' resource"),
                 "MAX_USER_CONNECTIONS"));
  CHECK(Contains(words(1205, "Lock wait timeout exceeded"), "SHOW PROCESSLIST"));
  CHECK(Contains(words(1290, "running with the --read-only option"), "failover"));
  CHECK(Contains(words(3024, "maximum statement execution time exceeded"), "max_execution_time"));
  CHECK(Contains(words(2005, "Unknown server host 'db.example'"), "DNS"));
  CHECK(Contains(words(2003, "Can't connect (111 \"Connection refused\")"), "firewall"));
  CHECK(Contains(words(CR_AUTH_PLUGIN_CANNOT_LOAD, "Plugin x could not be loaded"), "libmariadb3"));
  CHECK(Contains(words(CR_PLUGIN_NOT_ALLOWED, "Authentication plugin 'x' …"), "tls: verify"));
  CHECK(Contains(words(2026,
                       "Received error packet before completion of TLS handshake. The authenticity "
                       "of the following error cannot be verified: 1129 - Host 'x' is blocked"),
                 "FLUSH HOSTS"));
}

TEST_CASE("the ways to log in that MySQL and MariaDB use are installed") {
  mysql_server_init(0, nullptr, nullptr);
  MYSQL* mysql = mysql_init(nullptr);
  for (const char* name : {"mysql_native_password",
                           "caching_sha2_password",
                           "sha256_password",
                           "client_ed25519",
                           "mysql_clear_password"}) {
    CAPTURE(name);
    const bool found = mysql_client_find_plugin(mysql, name, kAuthenticationPlugin) != nullptr;
    CHECK_MESSAGE(found, mysql_error(mysql));
  }
  mysql_close(mysql);
}

TEST_CASE("a table that may not be read names the grant") {
  TestServer& server = TestServer::Get();
  server.Create("connect_denied");
  const auto admin = server.Admin();
  TestServer::Run(*admin, "CREATE TABLE connect_denied.secret (id INT)");
  TestServer::Run(*admin, "CREATE OR REPLACE USER narrow@'127.0.0.1' IDENTIFIED BY 'p'");
  TestServer::Run(*admin, "CREATE TABLE connect_denied.open (id INT)");
  TestServer::Run(*admin, "GRANT SELECT ON connect_denied.open TO narrow@'127.0.0.1'");
  MysqlConfig config = server.Reader("connect_denied");
  config.user = "narrow";
  config.password = "p";
  const auto connection = MysqlConnection::Open(config);
  REQUIRE(connection);
  const auto rows = (*connection)->Query("SELECT * FROM secret");
  REQUIRE_FALSE(rows);
  CHECK(rows.error().code == Code::kDenied);
  CHECK(Contains(rows.error().hint, "GRANT SELECT ON connect_denied.* TO 'narrow'@'127.0.0.1';"));
  CHECK_FALSE((*connection)->lost());
  config.database = "mysql";
  const Error other = testing::RefusedBy(config);
  CHECK(other.code == Code::kDenied);
  CHECK(Contains(other.message, "(mysql 1044)"));
}

TEST_CASE("a statement that is killed is retried, a killed connection is lost") {
  MysqlConfig config = TestServer::Get().Reader("connect_denied");
  TestServer::Get().Create("connect_denied");
  const auto admin = TestServer::Get().Admin();
  const auto connection = MysqlConnection::Open(config);
  REQUIRE(connection);
  const auto id = (*connection)->Query("SELECT CONNECTION_ID()");
  REQUIRE(id);
  TestServer::Run(*admin, "KILL CONNECTION " + (*id)[0][0].value_or(""));
  CHECK_FALSE((*connection)->Query("SELECT 1"));
  CHECK((*connection)->lost());
}

}  // namespace
}  // namespace kura::sync
