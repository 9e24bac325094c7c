// server/cache_test.cc: kept answers fall out in order of use; equal questions run once.
#include "server/cache.h"

#include <doctest/doctest.h>

#include "server/question_queue.h"

namespace kura::server {
namespace {

void Keep(AnswerCache& cache, const std::string& key, std::size_t bytes) {
  const auto ticket = cache.Join(key, [](const Response&) {});
  REQUIRE(ticket.leads);
  cache.Finish(ticket.flight, Response::Json(200, std::string(bytes, 'x')), true);
}

bool Has(AnswerCache& cache, const std::string& key) {
  const auto ticket = cache.Join(key, [](const Response&) {});
  if (!ticket.hit) cache.Finish(ticket.flight, Response::Json(500, ""), false);
  return ticket.hit.has_value();
}

TEST_CASE("the answer that was not used for longest falls out") {
  AnswerCache cache(10'000);
  Keep(cache, "a", 3000);
  Keep(cache, "b", 3000);
  CHECK(Has(cache, "a"));
  Keep(cache, "c", 3000);
  CHECK(cache.size_bytes() <= 10'000);
  CHECK(Has(cache, "a"));
  CHECK_FALSE(Has(cache, "b"));
  CHECK(Has(cache, "c"));
}

TEST_CASE("an answer larger than the cache is not kept") {
  AnswerCache cache(10'000);
  Keep(cache, "a", 3000);
  Keep(cache, "large", 20'000);
  CHECK(Has(cache, "a"));
  CHECK_FALSE(Has(cache, "large"));
}

TEST_CASE("equal questions at the same time run once") {
  AnswerCache cache(10'000);
  int answered = 0;
  const auto count = [&](const Response& response) { answered += response.status == 200 ? 1 : 0; };
  const auto first = cache.Join("q", count);
  const auto second = cache.Join("q", count);
  CHECK(first.leads);
  CHECK_FALSE(second.leads);
  CHECK(answered == 0);
  cache.Finish(first.flight, Response::Json(200, "{}"), false);
  CHECK(answered == 2);
  CHECK(cache.Join("q", count).leads);
}

TEST_CASE("a question stops when the last who waits has gone") {
  AnswerCache cache(10'000);
  int answered = 0;
  const auto count = [&](const Response&) { ++answered; };
  const auto first = cache.Join("q", count);
  const auto second = cache.Join("q", count);
  cache.Leave(first.flight, first.waiter);
  cache.Leave(first.flight, first.waiter);
  CHECK_FALSE(first.flight->cancel.cancelled());
  cache.Leave(second.flight, second.waiter);
  CHECK(first.flight->cancel.cancelled());
  const auto third = cache.Join("q", count);
  CHECK(third.leads);
  cache.Finish(first.flight, Response::Json(503, ""), false);
  CHECK(answered == 0);
  cache.Finish(third.flight, Response::Json(200, "{}"), true);
  CHECK(answered == 1);
}

TEST_CASE("the queue turns away what is too much") {
  std::mutex gate;
  gate.lock();
  QuestionQueue queue(1, 2);
  int ran = 0;
  int taken = 0;
  for (int at = 0; at < 10; ++at) {
    taken += queue.Submit([&] {
      const std::scoped_lock lock(gate);
      ++ran;
    });
  }
  CHECK(taken >= 2);
  CHECK(taken <= 4);
  gate.unlock();
  queue.Stop();
  CHECK(ran == taken);
  CHECK_FALSE(queue.Submit([] {}));
}

}  // namespace
}  // namespace kura::server
