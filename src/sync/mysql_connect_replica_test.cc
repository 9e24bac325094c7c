// A writer and a real replica of it: the watermark comes from the writer, the snapshot is not older
// than it, and where that cannot be known, it is said.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "sync/mysql_connect_test.h"
#include "sync/mysql_replica.h"
#include "sync/mysql_source.h"

namespace kura::sync {
namespace {

using testing::Contains;
using testing::OwnServer;
using testing::WordsOf;

// Two servers, the second of which follows the first, accounts included.
struct Pair {
  OwnServer writer{"--server-id=1 --log-bin --log-basename=a"};
  OwnServer reader{"--server-id=2 --log-bin --log-basename=b"};

  static Pair& Get() {
    static Pair one;
    return one;
  }

  Pair() {
    writer.Run({"CREATE USER repl@'127.0.0.1' IDENTIFIED BY 'r'",
                "GRANT REPLICATION SLAVE ON *.* TO repl@'127.0.0.1'",
                "CREATE DATABASE shop",
                "CREATE TABLE shop.orders (id INT PRIMARY KEY, updated_at TIMESTAMP(6) NOT NULL "
                "DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), KEY (updated_at))"});
    reader.Run({"RESET MASTER",
                fmt::format("CHANGE MASTER TO master_host = '127.0.0.1', master_port = {}, "
                            "master_user = 'repl', master_password = 'r', master_use_gtid = "
                            "slave_pos",
                            writer.Reader().port),
                "START SLAVE"});
    CatchUp();
  }

  void CatchUp() {
    const auto from = writer.Admin();
    const auto to = reader.Admin();
    const auto position = ReadPosition(*from);
    REQUIRE(position);
    REQUIRE_FALSE(position->empty());
    const Status reached = AwaitPosition(*to, *position, 30);
    REQUIRE_MESSAGE(reached.has_value(), WordsOf(reached.error()));
  }

  MysqlConfig ReaderAlone() {
    MysqlConfig config = writer.Reader("shop");  // Its account has been replicated.
    config.port = reader.Reader().port;
    return config;
  }

  MysqlConfig ReaderAndWriter() {
    MysqlConfig config = ReaderAlone();
    config.watermark_host = fmt::format("127.0.0.1:{}", writer.Reader().port);
    return config;
  }
};

std::unique_ptr<Session> Connect(Source& source) {
  auto session = source.Connect();
  REQUIRE_MESSAGE(session.has_value(), WordsOf(session.error()));
  return *std::move(session);
}

Watermark WatermarkOf(const MysqlConfig& config) {
  const auto source = MakeMysqlSource(config);
  const auto session = Connect(*source);
  const auto watermark = session->ReadWatermark();
  REQUIRE_MESSAGE(watermark.has_value(), WordsOf(watermark.error()));
  return *watermark;
}

TEST_CASE("with the writer's watermark a reader's copy is proven") {
  Pair& pair = Pair::Get();
  const Watermark watermark = WatermarkOf(pair.ReaderAndWriter());
  CHECK(watermark.proven);
  CHECK(watermark.unproven_because.empty());
  CHECK(watermark.now - watermark.complete_through < 10 * kMicrosPerSecond);
}

TEST_CASE("a transaction that is open on the writer holds a reader's watermark back") {
  Pair& pair = Pair::Get();
  const auto open = pair.writer.Admin();
  testing::TestServer::Run(*open, "BEGIN");
  testing::TestServer::Run(*open, "INSERT INTO shop.orders (id) VALUES (1)");
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  const Watermark held = WatermarkOf(pair.ReaderAndWriter());
  CHECK(held.proven);
  CHECK(held.now - held.complete_through > 3 * kMicrosPerSecond);
  testing::TestServer::Run(*open, "COMMIT");
}

TEST_CASE("the snapshot waits until the reader has all that the writer had committed") {
  Pair& pair = Pair::Get();
  const auto source = MakeMysqlSource(pair.ReaderAndWriter());
  const auto session = Connect(*source);
  const auto count = [&] {
    const auto rows = pair.reader.Admin()->Query("SELECT COUNT(*) FROM shop.orders WHERE id = 2");
    REQUIRE(rows);
    return (*rows)[0][0].value_or("");
  };
  pair.reader.Run({"STOP SLAVE SQL_THREAD"});
  pair.writer.Run({"INSERT INTO shop.orders (id) VALUES (2)"});
  auto waiting = std::async(std::launch::async, [&] { return session->ReadWatermark(); });
  CHECK(waiting.wait_for(std::chrono::milliseconds(700)) == std::future_status::timeout);
  CHECK(count() == "0");
  pair.reader.Run({"START SLAVE SQL_THREAD"});
  const auto watermark = waiting.get();
  REQUIRE_MESSAGE(watermark.has_value(), WordsOf(watermark.error()));
  CHECK(watermark->proven);
  CHECK(count() == "1");
}

TEST_CASE("a reader that does not follow is an error, not an old snapshot") {
  Pair& pair = Pair::Get();
  pair.reader.Run({"STOP SLAVE SQL_THREAD"});
  pair.writer.Run({"INSERT INTO shop.orders (id) VALUES (3)"});
  const auto writer = pair.writer.Admin();
  const auto reader = pair.reader.Admin();
  const auto position = ReadPosition(*writer);
  REQUIRE(position);
  const Status behind = AwaitPosition(*reader, *position, 1);
  pair.reader.Run({"START SLAVE SQL_THREAD"});
  REQUIRE_FALSE(behind);
  CHECK(behind.error().code == Code::kUnavailable);
  CHECK(Contains(behind.error().message, "has not caught up with the writer within 1 s"));
  CHECK(Contains(behind.error().hint, "watermark_host"));
  pair.CatchUp();
}

// Changes rows in transactions that stay open for a while, until `stop`.
void ChangeRows(OwnServer& writer, int seed, const std::atomic<bool>& stop) {
  const auto connection = writer.Admin();
  unsigned state = static_cast<unsigned>(seed) * 7919U + 1U;
  while (!stop) {
    state = state * 1664525U + 1013904223U;
    const unsigned id = state / 65536U % 200U;
    const unsigned pause_ms = state / 128U % 8U == 0 ? 900U : 10U;
    (void)connection->Execute("BEGIN");
    (void)connection->Execute(
        fmt::format("UPDATE shop.versions SET version = version + 1 WHERE id = {}", id));
    std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
    (void)connection->Execute("COMMIT");
  }
}

TEST_CASE("syncs from a replica that lags lose no change") {
  Pair& pair = Pair::Get();
  pair.writer.Run(
      {"CREATE TABLE shop.versions (id INT PRIMARY KEY, version INT NOT NULL DEFAULT 0, "
       "updated_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE "
       "CURRENT_TIMESTAMP(6), KEY (updated_at))",
       "INSERT INTO shop.versions (id) SELECT seq FROM shop.seq_0_to_199"});
  pair.CatchUp();
  pair.reader.Run({"STOP SLAVE", "CHANGE MASTER TO master_delay = 1", "START SLAVE"});
  SourceConfig source = testing::SourceOf("shop");
  source.mysql = pair.ReaderAndWriter();
  source.tables["versions"].lookback = 0;  // The watermark alone must do.
  const testing::TestFolder folder;
  const auto warehouse = testing::OpenIn(folder.path());
  std::atomic<bool> stop{false};
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&, i] { ChangeRows(pair.writer, i, stop); });
  }
  int deltas = 0;
  for (int i = 0; i < 5; ++i) {
    const auto report = testing::MustSync(source, *warehouse);
    if (testing::TableOf(report, "versions").mode == "delta") ++deltas;
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
  testing::MustSync(source, *warehouse);
  pair.reader.Run({"STOP SLAVE", "CHANGE MASTER TO master_delay = 0", "START SLAVE"});
  CHECK(deltas == 4);
  const auto at_source =
      pair.writer.Admin()->Query("SELECT id, version FROM shop.versions ORDER BY id");
  REQUIRE(at_source);
  std::vector<std::string> expected;
  for (const TextRow& row : *at_source) {
    expected.push_back(row[0].value_or("") + "|" + row[1].value_or(""));
  }
  CHECK(testing::RowsOf(*warehouse, "SELECT id, version FROM raw_t.versions ORDER BY id") ==
        expected);
}

TEST_CASE("a reader without its writer is not proven, and says so") {
  const Watermark watermark = WatermarkOf(Pair::Get().ReaderAlone());
  CHECK_FALSE(watermark.proven);
  CHECK(Contains(watermark.unproven_because, "127.0.0.1 is not the writer (it is a replica"));
  CHECK(Contains(watermark.unproven_because, "watermark_host"));
  CHECK(watermark.now - watermark.complete_through >= kMicrosPerHour);
}

TEST_CASE("a watermark_host that is no writer proves nothing") {
  Pair& pair = Pair::Get();
  MysqlConfig config = pair.writer.Reader("shop");
  config.watermark_host = fmt::format("127.0.0.1:{}", pair.reader.Reader().port);
  const Watermark watermark = WatermarkOf(config);
  CHECK_FALSE(watermark.proven);
  CHECK(Contains(watermark.unproven_because, "watermark_host 127.0.0.1 is not the writer"));
}

TEST_CASE("reader and writer may be one server") {
  MysqlConfig config = Pair::Get().writer.Reader("shop");
  config.watermark_host = fmt::format("127.0.0.1:{}", config.port);
  CHECK(WatermarkOf(config).proven);
}

TEST_CASE("a writer that does not number its commits proves nothing about a reader") {
  testing::TestServer::Get().Create("connect_unnumbered");
  const auto admin = testing::TestServer::Get().Admin();
  const auto position = ReadPosition(*admin);
  REQUIRE(position);
  CHECK(position->empty());
  CHECK(ReaderReason(*admin).value_or("?") == "");
}

TEST_CASE("a server whose read_only is on is taken for a reader") {
  OwnServer& writer = Pair::Get().writer;
  writer.Run({"SET GLOBAL read_only = 1"});
  const auto reason = ReaderReason(*writer.Admin());
  writer.Run({"SET GLOBAL read_only = 0"});
  REQUIRE(reason);
  CHECK(*reason == "read_only is on, as on a replica");
  const auto replica = ReaderReason(*Pair::Get().reader.Admin());
  CHECK(replica.value_or("") == "it is a replica of 127.0.0.1");
  const auto lag = ReplicaLagSeconds(*Pair::Get().reader.Admin());
  REQUIRE(lag);
  CHECK(*lag <= 5);
}

TEST_CASE("an unreachable or unusable watermark_host is named") {
  MysqlConfig config = Pair::Get().ReaderAlone();
  config.watermark_host = "127.0.0.1:1";
  const auto unreachable = MakeMysqlSource(config)->Connect();
  REQUIRE_FALSE(unreachable);
  CHECK(Contains(unreachable.error().message, "watermark_host: no answer from 127.0.0.1:1"));
  config.watermark_host = "writer:port";
  const auto no_port = MakeMysqlSource(config)->Connect();
  REQUIRE_FALSE(no_port);
  CHECK(no_port.error().code == Code::kInvalid);
}

}  // namespace
}  // namespace kura::sync
