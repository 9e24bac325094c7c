// server/guard_test.cc: names of this machine, and what is refused.
#include "server/guard.h"

#include <doctest/doctest.h>

namespace kura::server {
namespace {

struct Fixture {
  FixedClock clock{0};
  Context context{ServerOptions{}, [] { return Fail(Code::kUnavailable, "none"); }, clock};

  int StatusOf(const Request& request) const {
    const auto refused = Refuse(context, request);
    return refused ? refused->status : 0;
  }
};

Request Make(std::string method, std::string host) {
  Request request;
  request.method = std::move(method);
  request.target = "/";
  request.host = std::move(host);
  return request;
}

TEST_CASE("names of this machine") {
  for (const char* host : {"localhost",
                           "LOCALHOST:8080",
                           "127.0.0.1",
                           "127.0.0.1:1",
                           "127.8.9.10",
                           "[::1]",
                           "[::1]:8080"}) {
    CHECK_MESSAGE(IsLoopbackHost(host), host);
  }
  for (const char* host : {"",
                           "example.com",
                           "localhost.example.com",
                           "127.0.0.1.example.com",
                           "127.evil.example.com",
                           "[::1].example.com",
                           "[::2]",
                           "[::1",
                           "localhost:80@example.com",
                           "10.0.0.1",
                           "0.0.0.0"}) {
    CHECK_MESSAGE(!IsLoopbackHost(host), host);
  }
}

TEST_CASE_FIXTURE(Fixture, "a name of another machine is refused only on loopback") {
  CHECK(StatusOf(Make("GET", "localhost:80")) == 0);
  CHECK(StatusOf(Make("GET", "rebound.example.com")) == 421);
  CHECK(StatusOf(Make("GET", "")) == 400);
  context.loopback = false;
  CHECK(StatusOf(Make("GET", "kura.example.com")) == 0);
}

TEST_CASE_FIXTURE(Fixture, "pages of other sites are refused") {
  Request request = Make("GET", "localhost:8080");
  request.origin = "http://localhost:5173";
  CHECK(StatusOf(request) == 0);
  request.origin = "https://evil.example.com";
  CHECK(StatusOf(request) == 403);
  request.origin = "null";
  CHECK(StatusOf(request) == 403);
  context.loopback = false;
  request.origin = "http://localhost:5173";
  CHECK(StatusOf(request) == 403);
  request.origin = "http://localhost:8080";
  CHECK(StatusOf(request) == 0);
}

TEST_CASE_FIXTURE(Fixture, "POST needs JSON") {
  Request request = Make("POST", "localhost");
  CHECK(StatusOf(request) == 415);
  request.content_type = "text/plain";
  CHECK(StatusOf(request) == 415);
  request.content_type = "application/jsonp";
  CHECK(StatusOf(request) == 415);
  request.content_type = "Application/JSON; charset=utf-8";
  CHECK(StatusOf(request) == 0);
}

}  // namespace
}  // namespace kura::server
