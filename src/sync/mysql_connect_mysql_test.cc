// The same on real MySQL servers, old and new, which are not installed everywhere: two that run,
// with an administrator who may connect from here, are named by KURA_TEST_MYSQL_WRITER and
// KURA_TEST_MYSQL_READER as user:password@host:port. Without them nothing is tested here.
#include <doctest/doctest.h>

#include <chrono>
#include <future>

#include "sync/mysql_connect_test.h"
#include "sync/mysql_replica.h"
#include "sync/mysql_source.h"

namespace kura::sync {
namespace {

using testing::Contains;
using testing::WordsOf;

std::optional<MysqlConfig> Named(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  const std::string all = text;
  const std::size_t at = all.rfind('@'), colon = all.find(':'), port = all.rfind(':');
  MysqlConfig config;
  config.user = all.substr(0, colon);
  config.password = all.substr(colon + 1, at - colon - 1);
  config.host = all.substr(at + 1, port - at - 1);
  config.port = std::atoi(all.c_str() + port + 1);
  config.tls = TlsMode::kOff;
  return config;
}

std::unique_ptr<MysqlConnection> Admin(const MysqlConfig& config) {
  auto connection = MysqlConnection::Open(config);
  REQUIRE_MESSAGE(connection.has_value(), WordsOf(connection.error()));
  testing::TestServer::Run(**connection, "SET SESSION TRANSACTION READ WRITE");
  return *std::move(connection);
}

// Makes the reader follow, in the words of this server's version.
void Follow(const MysqlConfig& writer, MysqlConnection& reader) {
  const std::string old_words = fmt::format(
      "CHANGE MASTER TO MASTER_HOST = '{}', MASTER_PORT = {}, MASTER_USER = '{}', MASTER_PASSWORD "
      "= '{}', MASTER_AUTO_POSITION = 1",
      writer.host,
      writer.port,
      writer.user,
      writer.password);
  std::string words =
      ReplaceAll(ReplaceAll(old_words, "MASTER_", "SOURCE_"), "MASTER TO", "REPLICATION SOURCE TO");
  words += ", GET_SOURCE_PUBLIC_KEY = 1";
  if (!reader.Execute("STOP REPLICA")) (void)reader.Execute("STOP SLAVE");  // of an earlier test
  if (reader.Execute(words)) {
    testing::TestServer::Run(reader, "START REPLICA");
  } else {
    testing::TestServer::Run(reader, old_words);
    testing::TestServer::Run(reader, "START SLAVE");
  }
}

void Either(MysqlConnection& connection, const std::string& sql, const std::string& older) {
  if (!connection.Execute(sql)) testing::TestServer::Run(connection, older);
}

TEST_CASE("MySQL: the snapshot of a replica waits for the writer's commits") {
  const auto writer_config = Named("KURA_TEST_MYSQL_WRITER");
  const auto reader_config = Named("KURA_TEST_MYSQL_READER");
  if (!writer_config || !reader_config) return;
  const auto writer = Admin(*writer_config);
  const auto reader = Admin(*reader_config);
  MESSAGE(writer->server_version());
  const auto run = [](MysqlConnection& on, const std::string& sql) {
    testing::TestServer::Run(on, sql);
  };
  Follow(*writer_config, *reader);
  run(*writer, "DROP DATABASE IF EXISTS kura_pair");
  run(*writer, "CREATE DATABASE kura_pair");
  run(*writer, "CREATE TABLE kura_pair.t (id INT PRIMARY KEY)");
  MysqlConfig config = *reader_config;
  config.watermark_host = fmt::format("{}:{}", writer_config->host, writer_config->port);
  const auto source = MakeMysqlSource(config);
  const auto session = source->Connect();
  REQUIRE_MESSAGE(session.has_value(), WordsOf(session.error()));
  const auto first = (*session)->ReadWatermark();
  REQUIRE_MESSAGE(first.has_value(), WordsOf(first.error()));
  CHECK_MESSAGE(first->proven, first->unproven_because);
  const auto count = [&] {
    const auto rows = reader->Query("SELECT COUNT(*) FROM kura_pair.t");
    REQUIRE(rows);
    return (*rows)[0][0].value_or("");
  };
  CHECK(count() == "0");
  Either(*reader, "STOP REPLICA IO_THREAD", "STOP SLAVE IO_THREAD");
  run(*writer, "INSERT INTO kura_pair.t VALUES (1)");
  const auto position = ReadPosition(*writer);
  REQUIRE(position);
  CHECK_FALSE(AwaitPosition(*reader, *position, 1));
  auto waiting = std::async(std::launch::async, [&] { return (*session)->ReadWatermark(); });
  CHECK(waiting.wait_for(std::chrono::milliseconds(700)) == std::future_status::timeout);
  Either(*reader, "START REPLICA IO_THREAD", "START SLAVE IO_THREAD");
  const auto watermark = waiting.get();
  REQUIRE_MESSAGE(watermark.has_value(), WordsOf(watermark.error()));
  CHECK(watermark->proven);
  CHECK(count() == "1");
  const auto reason = ReaderReason(*reader);
  CHECK(reason.value_or("") == "it is a replica of " + writer_config->host);
  config.watermark_host.clear();
  const auto alone = MakeMysqlSource(config);
  const auto unproven = (*alone->Connect())->ReadWatermark();
  REQUIRE(unproven);
  CHECK_FALSE(unproven->proven);
}

TEST_CASE("MySQL: logging in with and without TLS") {
  const auto named = Named("KURA_TEST_MYSQL_WRITER");
  if (!named) return;
  const auto admin = Admin(*named);
  MysqlConfig config = *named;
  config.tls = TlsMode::kVerify;
  const Error untrusted =
      testing::RefusedBy(config);  // A certificate of its own, or no TLS at all.
  MESSAGE(WordsOf(untrusted));
  CHECK(Contains(untrusted.message, "no secure connection to " + config.host));
  if (!admin->Execute("CREATE USER IF NOT EXISTS sha2@'%' IDENTIFIED WITH caching_sha2_password BY "
                      "'sentinel-sha2'")) {
    return;
  }
  config.user = "sha2";
  config.password = "sentinel-sha2";
  for (const TlsMode tls : {TlsMode::kOff, TlsMode::kSkipVerify}) {
    testing::TestServer::Run(*admin, "FLUSH PRIVILEGES");  // Forgets whom it knows: a full login.
    config.tls = tls;
    const auto connection = MysqlConnection::Open(config);
    CHECK_MESSAGE(connection.has_value(), connection.error().message);
  }
  config.password = "sentinel-wrong";
  const Error wrong = testing::RefusedBy(config);
  CHECK(wrong.code == Code::kDenied);
  CHECK_FALSE(Contains(WordsOf(wrong), "sentinel"));
}

}  // namespace
}  // namespace kura::sync
