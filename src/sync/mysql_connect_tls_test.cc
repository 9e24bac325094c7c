// Real TLS handshakes with a real server whose certificate changes: who is believed, who is not,
// and what a person then reads.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "sync/mysql_connect_test.h"

namespace kura::sync {
namespace {

using testing::Contains;
using testing::RefusedBy;
using testing::WordsOf;

struct TlsServer {
  testing::Certificates certificates;
  std::optional<testing::OwnServer> server;

  static TlsServer& Get() {
    static TlsServer one;
    return one;
  }

  TlsServer() {
    certificates.Issue("DNS:db.internal,IP:127.0.0.1");
    server.emplace("--ssl-cert=" + certificates.File("server.pem") +
                   " --ssl-key=" + certificates.File("key.pem"));
    server->Run({"CREATE DATABASE shop"});
  }

  /// A way to the server, which shows a certificate for `names` from now on.
  MysqlConfig With(const std::string& names, const std::string& authority = "ca", int days = 30) {
    certificates.Issue(names, authority, days);
    server->Run({"FLUSH SSL"});
    MysqlConfig config = server->Reader("shop");
    config.tls = TlsMode::kVerify;
    config.tls_ca = certificates.File("ca.pem");
    return config;
  }
};

std::string CipherOf(MysqlConnection& connection) {
  const auto rows = connection.Query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
  REQUIRE(rows);
  return (*rows)[0][1].value_or("");
}

TEST_CASE("a certificate of the right authority for the right name is believed") {
  MysqlConfig config = TlsServer::Get().With("DNS:db.internal,IP:127.0.0.1");
  const auto by_address = MysqlConnection::Open(config);
  REQUIRE_MESSAGE(by_address.has_value(), by_address.error().message);
  CHECK_FALSE(CipherOf(**by_address).empty());
  config = TlsServer::Get().With("DNS:localhost");
  config.host = "localhost";
  CHECK(MysqlConnection::Open(config));
}

TEST_CASE("an authority that is not known is refused before the login") {
  MysqlConfig config = TlsServer::Get().With("IP:127.0.0.1", "other_ca");
  const Error error = RefusedBy(config);
  CHECK(error.code == Code::kUnavailable);
  CHECK(error.message ==
        "no secure connection to 127.0.0.1: its certificate is signed by 'Another "
        "Authority', which is not among the authorities in " +
            config.tls_ca);
  CHECK(Contains(error.hint, "tls_ca:"));
  config.tls_ca.clear();  // The machine's authorities do not know it either.
  CHECK(Contains(RefusedBy(config).message, "is signed by 'Another Authority'"));
  config.password = "wrong";  // Were it sent, the server would answer "access denied".
  CHECK(Contains(RefusedBy(config).message, "is signed by"));
}

TEST_CASE("a certificate for another name is refused") {
  MysqlConfig config = TlsServer::Get().With("DNS:db.internal,DNS:*.shop.example");
  const Error error = RefusedBy(config);
  CHECK(error.message ==
        "no secure connection to 127.0.0.1: its certificate is for db.internal, *.shop.example");
  CHECK(Contains(error.hint, "tls_server_name:"));
  config.password = "wrong";
  CHECK(Contains(RefusedBy(config).message, "its certificate is for"));
  config = TlsServer::Get().With("DNS:example.com");
  config.host = "localhost";
  CHECK(Contains(RefusedBy(config).message, "its certificate is for example.com"));
}

TEST_CASE("tls_server_name is the name that is checked, and nothing less") {
  MysqlConfig config = TlsServer::Get().With("DNS:db.internal,DNS:*.shop.example");
  for (const char* good : {"db.internal", "reader.shop.example"}) {
    config.tls_server_name = good;
    const auto connection = MysqlConnection::Open(config);
    REQUIRE_MESSAGE(connection.has_value(), connection.error().message);
    CHECK_FALSE(CipherOf(**connection).empty());
  }
  for (const char* bad : {"db.other", "a.b.shop.example", "shop.example", "10.0.0.1"}) {
    config.tls_server_name = bad;
    CHECK(
        Contains(RefusedBy(config).message, std::string("to ") + bad + ": its certificate is for"));
  }
  config = TlsServer::Get().With("DNS:db.internal", "other_ca");
  config.tls_server_name = "db.internal";
  CHECK(Contains(RefusedBy(config).message, "is signed by 'Another Authority'"));
}

TEST_CASE("connections that are made at the same time do not mix their names up") {
  const MysqlConfig config = TlsServer::Get().With("DNS:db.internal");
  std::atomic<int> let_in{0}, kept_out{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      MysqlConfig own = config;
      own.tls_server_name = i % 2 == 0 ? "db.internal" : "db.other";
      for (int round = 0; round < 10; ++round) {
        const auto connection = MysqlConnection::Open(own);
        if (connection && i % 2 == 0) ++let_in;
        if (!connection && Contains(connection.error().message, "to db.other: its")) ++kept_out;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(let_in == 20);
  CHECK(kept_out == 20);
}

TEST_CASE("a certificate that has expired is refused") {
  const MysqlConfig config = TlsServer::Get().With("DNS:db.internal,IP:127.0.0.1", "ca", -1);
  const Error error = RefusedBy(config);
  CHECK(error.message ==
        "no secure connection to 127.0.0.1: the certificate of db.internal, "
        "127.0.0.1 expired on 2020-02-01");
  CHECK(Contains(error.hint, "new certificate"));
}

TEST_CASE("an RDS host without its bundle is told of the bundle") {
  MysqlConfig config = TlsServer::Get().With("DNS:db.internal", "other_ca");
  config.tls_server_name = "shop.abc123.ap-northeast-1.rds.amazonaws.com";
  config.tls_ca.clear();
  const Error error = RefusedBy(config);
  CHECK(error.message.starts_with(
      "no secure connection to shop.abc123.ap-northeast-1.rds.amazonaws.com: its certificate is"));
  CHECK(Contains(error.hint, "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"));
  CHECK(Contains(error.hint, "tls_ca: global-bundle.pem"));
  config.tls_server_name = "shop.abc123.rds.cn-north-1.amazonaws.com.cn";
  CHECK(Contains(RefusedBy(config).hint, "rds-truststore.s3.cn-north-1.amazonaws.com.cn"));
}

TEST_CASE("skip-verify encrypts with anybody") {
  MysqlConfig config = TlsServer::Get().With("DNS:db.internal", "other_ca");
  config.tls = TlsMode::kSkipVerify;
  const auto connection = MysqlConnection::Open(config);
  REQUIRE(connection);
  CHECK_FALSE(CipherOf(**connection).empty());
}

TEST_CASE("a file of authorities that is none is named") {
  MysqlConfig config = TlsServer::Get().With("IP:127.0.0.1");
  config.tls_ca = TlsServer::Get().certificates.File("names.txt");
  const Error error = RefusedBy(config);
  CHECK(error.code == Code::kInvalid);
  CHECK(error.message == "tls_ca: there is no certificate in " + config.tls_ca);
}

TEST_CASE("what a server says before TLS is passed on, and the password is not sent") {
  TlsServer& tls = TlsServer::Get();
  MysqlConfig config = tls.With("IP:127.0.0.1");
  tls.server->Run({"SET GLOBAL max_connections = 10"});
  std::vector<std::unique_ptr<MysqlConnection>> taken;
  std::optional<Error> error;
  for (int i = 0; i < 20 && !error; ++i) {
    auto connection = MysqlConnection::Open(config);
    if (connection) {
      taken.push_back(*std::move(connection));
    } else {
      error = connection.error();
    }
  }
  taken.clear();
  tls.server->Run({"SET GLOBAL max_connections = 40"});
  REQUIRE(error);
  CHECK(Contains(error->message, "takes no more connections (mysql 1040)"));
  CHECK(error->code == Code::kUnavailable);
}

TEST_CASE("a TLS connection that the server ends is lost, and nothing worse") {
  TlsServer& tls = TlsServer::Get();
  const auto connection = MysqlConnection::Open(tls.With("IP:127.0.0.1"));
  REQUIRE(connection);
  const auto id = (*connection)->Query("SELECT CONNECTION_ID()");
  REQUIRE(id);
  tls.server->Run({"KILL CONNECTION " + (*id)[0][0].value_or("")});
  for (int i = 0; i < 3; ++i) {  // Writing to a closed socket would raise SIGPIPE.
    const auto rows = (*connection)->Query("SELECT 1");
    REQUIRE_FALSE(rows);
    CHECK(rows.error().code == Code::kUnavailable);
    CHECK(Contains(rows.error().message, "the connection to 127.0.0.1"));
    CHECK((*connection)->lost());
  }
}

TEST_CASE("a copy over TLS that is cut half way is begun again") {
  TlsServer& tls = TlsServer::Get();
  SourceConfig source = testing::SourceOf("shop");
  source.mysql = tls.With("IP:127.0.0.1");
  tls.server->Run({"CREATE TABLE shop.big (id INT PRIMARY KEY, filler VARCHAR(200))",
                   "INSERT INTO shop.big SELECT seq, REPEAT('x', 200) FROM shop.seq_1_to_300000"});
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  bool killed = false;
  SyncOptions options;
  options.on_progress = [&](const Progress& progress) {
    if (killed || progress.state != "reading" || progress.rows == 0) return;
    killed = true;
    tls.server->Run({"KILL CONNECTION USER kura_reader"});
  };
  const SyncReport report = testing::MustSync(source, *warehouse, options);
  CHECK(killed);
  CHECK(testing::TableOf(report, "big").rows == 300000);
}

TEST_CASE("a wrong password over TLS is a wrong password") {
  MysqlConfig config = TlsServer::Get().With("IP:127.0.0.1");
  config.password = "sentinel-5317";
  const Error error = RefusedBy(config);
  CHECK(error.code == Code::kDenied);
  CHECK(error.message == "access denied for 'kura_reader'@'127.0.0.1' (mysql 1045)");
  CHECK_FALSE(Contains(WordsOf(error), "sentinel-5317"));
}

}  // namespace
}  // namespace kura::sync
