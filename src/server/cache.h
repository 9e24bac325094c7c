// server/cache.h: answers kept for repeated questions, and one run for equal questions that come at
// the same time ("single flight"). The key says everything an answer depends on (DESIGN §11.15), so
// nothing is ever invalidated: an answer that is no longer asked for falls out at the end.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "execute/execute.h"
#include "server/message.h"

namespace kura::server {

/// One running question with everyone who waits for its answer.
struct Flight {
  struct Waiter {
    std::int64_t id = 0;
    Respond respond;
  };
  std::string key;
  execute::CancelToken cancel;
  std::vector<Waiter> waiters;  // guarded by the cache's mutex
};

/// Safe from several threads; waiters are called without the lock.
class AnswerCache {
 public:
  explicit AnswerCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// What a question is told. `hit`: the answer. `leads`: the caller must run it and call Finish.
  /// Otherwise another caller does, and `respond` is called then.
  struct Ticket {
    std::optional<Response> hit;
    std::shared_ptr<Flight> flight;
    std::int64_t waiter = 0;
    bool leads = false;
  };
  /// Asks for the answer of `key`. `respond` is kept unless there is a hit.
  Ticket Join(const std::string& key, Respond respond);

  /// A client has gone: takes its waiter out, and stops the question when nobody waits any more.
  void Leave(const std::shared_ptr<Flight>& flight, std::int64_t waiter);

  /// Answers everyone who waits; `keep` says whether later questions may have the answer too.
  void Finish(const std::shared_ptr<Flight>& flight, const Response& response, bool keep);

  /// Cancels what runs; the leaders still call Finish.
  void CancelAll();

  std::size_t size_bytes() const;

 private:
  struct Entry {
    std::string key;
    Response response;
    std::size_t size_bytes = 0;
  };
  void Keep(const std::string& key, const Response& response);

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;                                                // the last used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> index_;  // keys lie in entries_
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
  std::size_t bytes_ = 0;
  std::int64_t waiter_last_ = 0;
};

}  // namespace kura::server
