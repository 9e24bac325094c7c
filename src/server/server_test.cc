// server/server_test.cc: the server over real sockets: what HTTP asks of it, and what it refuses.
// Questions are in questions_test.cc.
#include "server/server.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "server/client_for_test.h"

namespace kura::server {
namespace {

using std::chrono::milliseconds;

ServerOptions On(std::string host, std::uint16_t port) {
  ServerOptions options;
  options.host = std::move(host);
  options.port = port;
  return options;
}

struct Fixture {
  SystemClock clock;
  std::unique_ptr<Server> server = Start(On("127.0.0.1", 0)).value();
  std::uint16_t port = server->port();

  Result<std::unique_ptr<Server>> Start(const ServerOptions& options) {
    return Server::Start(
        options, [] { return Fail(Code::kUnavailable, "the warehouse is in use"); }, clock);
  }
};

TEST_CASE_FIXTURE(Fixture, "it is healthy at once, and ready when there is a snapshot") {
  CHECK(Get(port, "/healthz").body == R"({"status":"ok"})");
  const Reply ready = Get(port, "/readyz");
  CHECK(ready.status == 503);
  CHECK(ready.body.find("the warehouse is in use") != std::string::npos);
  CHECK(Get(port, "/api/v1/status").status == 503);
  CHECK(Get(port, "/api/4.0/lookml_models").status == 503);
}

TEST_CASE_FIXTURE(Fixture, "every answer carries the security headers") {
  for (const char* target : {"/", "/healthz", "/api/none", "/assets/none.js"}) {
    const Reply reply = Get(port, target);
    CHECK(reply.headers.at("content-security-policy").find("default-src 'self'") == 0);
    CHECK(reply.headers.at("x-content-type-options") == "nosniff");
    CHECK(reply.headers.count("access-control-allow-origin") == 0);
  }
  CHECK(Get(port, "/healthz").headers.at("cache-control") == "no-store");
}

TEST_CASE_FIXTURE(Fixture, "HEAD has the headers of GET and no body") {
  for (const char* target : {"/", "/healthz", "/api/none"}) {
    const Reply get = Get(port, target);
    TestClient client(port);
    client.Send(fmt::format("HEAD {} HTTP/1.1\r\nHost: localhost\r\n\r\n", target));
    const Reply head = client.Read(true);
    CHECK(head.status == get.status);
    CHECK(head.headers.at("content-length") == std::to_string(get.body.size()));
    client.Send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(client.Read().body == R"({"status":"ok"})");
  }
}

TEST_CASE_FIXTURE(Fixture, "addresses, methods and types that are not there") {
  CHECK(Get(port, "/api/v1/none").status == 404);
  CHECK(Get(port, "/api/4.0/queries/run/json").status == 405);
  CHECK(Get(port, "/api/4.0/queries/run/json").headers.at("allow") == "POST");
  CHECK(Post(port, "/healthz", "{}").headers.at("allow") == "GET, HEAD");
  CHECK(Post(port, "/somewhere", "{}").status == 405);
  CHECK(Post(port, "/api/4.0/queries/run/xml", "{}").status == 404);
  TestClient client(port);
  client.Send(
      "POST /api/4.0/queries/run/json HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
  CHECK(client.Read().status == 415);
}

TEST_CASE_FIXTURE(Fixture, "a wrong host and another site's page are refused") {
  TestClient client(port);
  client.Send("GET /healthz HTTP/1.1\r\nHost: rebound.example.com\r\n\r\n");
  CHECK(client.Read().status == 421);
  client.Send("GET /healthz HTTP/1.1\r\n\r\n");
  CHECK(client.Read().status == 400);
  CHECK(Get(port, "/healthz", "Origin: https://example.com\r\n").status == 403);
}

TEST_CASE_FIXTURE(Fixture, "what is not HTTP is refused and the connection closed") {
  for (const char* bytes : {"hello\r\n\r\n",
                            "GET / HTTP/9.9\r\n\r\n",
                            "\x16\x03\x01\x02\r\n\r\n",
                            "GET / HTTP/1.1\r\nbroken header\r\n\r\n",
                            "GET /healthz HTTP/1.1\r\nContent-Length: x\r\n\r\n"}) {
    TestClient client(port);
    client.Send(bytes);
    CHECK_MESSAGE(client.Read().status == 400, bytes);
    CHECK(client.Closes(5000));
  }
  CHECK(Get(port, "/healthz").status == 200);
}

TEST_CASE_FIXTURE(Fixture, "sizes are limited") {
  TestClient large(port);
  const std::string start =
      "POST /api/4.0/queries/run/json HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: application/json\r\n";
  large.Send(start + "Content-Length: 1048577\r\n\r\n" + std::string(1'048'577, ' '));
  CHECK(large.Read().status == 413);
  TestClient chunked(port);
  chunked.Send(start + "Transfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
  for (int at = 0; at < 17; ++at) chunked.Send(chunk);
  CHECK(chunked.Read().status == 413);
  CHECK(Get(port, "/healthz", "X-Large: " + std::string(20'000, 'x') + "\r\n").status == 431);
}

TEST_CASE_FIXTURE(Fixture, "a client that asks first is told to go on, or not to") {
  const std::string start =
      "POST /api/4.0/queries/run/json HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: application/json\r\nExpect: 100-continue\r\n";
  TestClient small(port);
  small.Send(start + "Content-Length: 2\r\n\r\n");
  CHECK(small.Read(true).status == 100);
  small.Send("[]");
  CHECK(small.Read().status == 400);
  TestClient large(port);
  large.Send(start + "Content-Length: 9999999\r\n\r\n");
  CHECK(large.Read().status == 413);
}

TEST_CASE_FIXTURE(Fixture, "pipelined requests are answered in order on one connection") {
  TestClient client(port);
  std::string requests;
  for (int at = 0; at < 50; ++at) {
    requests += fmt::format("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
                            at % 2 == 0 ? "healthz" : "api/none");
  }
  client.Send(requests);
  for (int at = 0; at < 50; ++at) CHECK(client.Read().status == (at % 2 == 0 ? 200 : 404));
  client.Send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(client.Read().headers.at("connection") == "close");
  CHECK(client.Closes(5000));
}

TEST_CASE_FIXTURE(Fixture, "a slow client does not hold up the others") {
  std::vector<std::unique_ptr<TestClient>> slow;
  for (int at = 0; at < 20; ++at) {
    slow.push_back(std::make_unique<TestClient>(port));
    slow.back()->Send("GET /healthz HT");
  }
  CHECK(Get(port, "/healthz").status == 200);
  for (const auto& client : slow) {
    client->Send("TP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(client->Read().status == 200);
  }
}

TEST_CASE_FIXTURE(Fixture,
                  "connections beyond the limit are turned away, and later ones are taken") {
  {
    std::vector<std::unique_ptr<TestClient>> open;
    for (int at = 0; at < 256; ++at) {
      open.push_back(std::make_unique<TestClient>(port));
      open.back()->Send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      REQUIRE(open.back()->Read().status == 200);
    }
    CHECK(TestClient(port).Read().status == 503);
  }
  int status = 0;
  for (int at = 0; at < 100 && status != 200; ++at) {
    std::this_thread::sleep_for(milliseconds(10));
    status = Get(port, "/healthz").status;
  }
  CHECK(status == 200);
}

TEST_CASE_FIXTURE(Fixture, "many clients at once") {
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      TestClient client(port);
      for (int at = 0; at < 200; ++at) {
        client.Send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        good += client.Read().status == 200;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 1600);
  const std::string metrics = Get(port, "/metrics").body;
  CHECK(metrics.find("kura_http_requests_total{route=\"/healthz\",status=\"200\"} 1600\n") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "starting is quick, and a port in use or a wrong host is told") {
  const double begin_s = MonotonicSeconds();
  const auto other = Start(On("127.0.0.1", 0));
  CHECK(MonotonicSeconds() - begin_s < 0.1);
  REQUIRE(other);
  const auto taken = Start(On("127.0.0.1", port));
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == Code::kConflict);
  CHECK(taken.error().message == fmt::format("port {} of 127.0.0.1 is in use", port));
  CHECK(taken.error().hint.find("--port") != std::string::npos);
  for (const char* host : {"nowhere.example.com", "", "300.1.1.1", "192.0.2.1"}) {
    const auto wrong = Start(On(host, 0));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == Code::kInvalid);
  }
}

TEST_CASE_FIXTURE(Fixture, "stopping closes what is open and frees the port") {
  TestClient idle(port);
  idle.Send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(idle.Read().status == 200);
  server->Stop();
  CHECK(idle.Closes(5000));
  server->Stop();
  CHECK(Start(On("127.0.0.1", port)));
}

}  // namespace
}  // namespace kura::server
