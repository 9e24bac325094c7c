// What a person reads when the source cannot be reached or read: whose move it is and what to do.
#include <doctest/doctest.h>

#include <thread>

#include "sync/test_server.h"

namespace kura::sync {
namespace {

using testing::TestServer;

Error ErrorOf(const SourceConfig& source, const SyncOptions& options = {}) {
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  const SystemClock clock;
  const auto report = SyncSource(source, *warehouse, clock, options);
  REQUIRE_FALSE(report);
  return report.error();
}

SourceConfig Small() {
  static const bool made = [] {
    TestServer::Get().Create("sync_errors");
    const auto admin = TestServer::Get().Admin("sync_errors");
    TestServer::Run(*admin, "CREATE TABLE orders (id INT PRIMARY KEY)");
    return true;
  }();
  REQUIRE(made);
  return testing::SourceOf("sync_errors");
}

TEST_CASE("a wrong password names the account and the grant") {
  SourceConfig source = Small();
  source.mysql.password = "open sesame";
  const Error error = ErrorOf(source);
  CHECK(error.code == Code::kDenied);
  CHECK(error.message == "access denied for 'kura_reader'@'127.0.0.1' (mysql 1045)");
  CHECK(error.hint.find("GRANT SELECT ON sync_errors.* TO 'kura_reader'@'127.0.0.1';") !=
        std::string::npos);
  CHECK((error.message + error.hint).find("sesame") == std::string::npos);
}

TEST_CASE("an unreachable server is named with its port") {
  SourceConfig source = Small();
  source.mysql.port = 1;
  const Error error = ErrorOf(source);
  CHECK(error.code == Code::kUnavailable);
  CHECK(error.message.find("no answer from 127.0.0.1:1 (mysql 2002)") == 0);
  source.mysql.host = "no-such-host.invalid";
  CHECK(ErrorOf(source).message.find("no answer from no-such-host.invalid:1") == 0);
  source.mysql.host.clear();
  source.mysql.socket = "/tmp/no/such.sock";
  CHECK(ErrorOf(source).message.find("no answer from /tmp/no/such.sock") == 0);
}

TEST_CASE("an unknown database or table comes with the nearest name") {
  SourceConfig source = Small();
  SyncOptions options;
  options.tables = {"order"};
  const Error table = ErrorOf(source, options);
  CHECK(table.code == Code::kNotFound);
  CHECK(table.message == "there is no table 'order' in 'sync_errors'");
  CHECK(table.hint == "did you mean 'orders'?");
  source.mysql.database = "sync_error";
  source.mysql.user = TestServer::Get().Admin()->config().user;
  source.mysql.socket = TestServer::Get().Admin()->config().socket;
  const Error database = ErrorOf(source);
  CHECK(database.code == Code::kNotFound);
  CHECK(database.message == "there is no database 'sync_error'");
  CHECK(database.hint == "did you mean 'sync_errors'?");
}

TEST_CASE("a server without TLS is refused unless that is configured") {
  SourceConfig source = Small();
  source.mysql.tls = TlsMode::kVerify;
  const Error error = ErrorOf(source);
  CHECK(error.code == Code::kUnavailable);
  CHECK(error.message.find("no secure connection to 127.0.0.1") == 0);
  CHECK(error.hint.find("tls: off") != std::string::npos);
  source.mysql.tls_ca = "/no/such.pem";
  CHECK(ErrorOf(source).message == "tls_ca: there is no file /no/such.pem");
}

// Kills every connection of the reader.
void KillReaders() {
  const auto admin = TestServer::Get().Admin();
  const auto rows =
      admin->Query("SELECT id FROM information_schema.processlist WHERE user = 'kura_reader'");
  REQUIRE(rows);
  for (const TextRow& row : *rows) (void)admin->Execute("KILL " + row[0].value_or("0"));
}

TEST_CASE("a connection that is lost half way is made again") {
  TestServer::Get().Create("sync_lost");
  const auto admin = TestServer::Get().Admin("sync_lost");
  TestServer::Run(*admin, "CREATE TABLE big (id INT PRIMARY KEY, filler VARCHAR(200))");
  TestServer::Run(*admin, "INSERT INTO big SELECT seq, REPEAT('x', 200) FROM seq_1_to_300000");
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  int kills_left = 1;
  SyncOptions options;
  options.on_progress = [&](const Progress& progress) {
    if (progress.state == "reading" && progress.rows > 0 && kills_left-- > 0) KillReaders();
  };
  const SyncReport report = testing::MustSync(testing::SourceOf("sync_lost"), *warehouse, options);
  CHECK(kills_left <= 0);
  CHECK(testing::TableOf(report, "big").rows == 300000);
  kills_left = 1000;
  const SyncReport lost = testing::MustSync(testing::SourceOf("sync_lost"), *warehouse, options);
  REQUIRE(lost.tables[0].error);
  CHECK(lost.tables[0].error->code == Code::kUnavailable);
  CHECK(lost.tables[0].error->message.find("was lost") != std::string::npos);
  CHECK(testing::RowsOf(*warehouse, "SELECT count(*) FROM raw_t.big") ==
        std::vector<std::string>{"300000"});
}

}  // namespace
}  // namespace kura::sync
