// server/cache.cc: a list in order of use with an index, and the flights beside it.
#include "server/cache.h"

#include <algorithm>
#include <utility>

#include "server/limits.h"

namespace kura::server {

AnswerCache::Ticket AnswerCache::Join(const std::string& key, Respond respond) {
  const std::scoped_lock lock(mutex_);
  Ticket ticket;
  if (const auto found = index_.find(key); found != index_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    ticket.hit = found->second->response;
    return ticket;
  }
  std::shared_ptr<Flight>& flight = flights_[key];
  if (!flight) {
    flight = std::make_shared<Flight>();
    flight->key = key;
    ticket.leads = true;
  }
  ticket.flight = flight;
  ticket.waiter = ++waiter_last_;
  flight->waiters.push_back({ticket.waiter, std::move(respond)});
  return ticket;
}

void AnswerCache::Leave(const std::shared_ptr<Flight>& flight, std::int64_t waiter) {
  bool nobody = false;
  {
    const std::scoped_lock lock(mutex_);
    const std::size_t left =
        std::erase_if(flight->waiters, [&](const auto& one) { return one.id == waiter; });
    nobody = left > 0 && flight->waiters.empty();
    // Whoever asks from now on must not join a question that is being stopped.
    const auto found = flights_.find(flight->key);
    if (nobody && found != flights_.end() && found->second == flight) flights_.erase(found);
  }
  if (nobody) flight->cancel.Cancel();
}

void AnswerCache::Finish(const std::shared_ptr<Flight>& flight, const Response& response,
                         bool keep) {
  std::vector<Flight::Waiter> waiters;
  {
    const std::scoped_lock lock(mutex_);
    std::swap(waiters, flight->waiters);
    const auto found = flights_.find(flight->key);
    if (found != flights_.end() && found->second == flight) flights_.erase(found);
    if (keep) Keep(flight->key, response);
  }
  for (const Flight::Waiter& waiter : waiters) waiter.respond(response);
}

void AnswerCache::CancelAll() {
  std::vector<std::shared_ptr<Flight>> flights;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [key, flight] : flights_) flights.push_back(flight);
  }
  for (const auto& flight : flights) flight->cancel.Cancel();
}

std::size_t AnswerCache::size_bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

void AnswerCache::Keep(const std::string& key, const Response& response) {
  const std::size_t size_bytes = sizeof(Entry) + key.size() + response.body.size() + 256;
  if (size_bytes > std::min(kCacheEntryBytesMax, bytes_max_)) return;
  if (const auto found = index_.find(key); found != index_.end()) {
    bytes_ -= found->second->size_bytes;
    const auto old = found->second;
    index_.erase(found);
    entries_.erase(old);
  }
  entries_.push_front({key, response, size_bytes});
  index_[entries_.front().key] = entries_.begin();
  bytes_ += size_bytes;
  while (bytes_ > bytes_max_) {
    bytes_ -= entries_.back().size_bytes;
    index_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

}  // namespace kura::server
