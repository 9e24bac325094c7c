// server/metrics.h: counts for GET /metrics, in Prometheus' text format. Labels come from the route
// table, never from a client, so the number of series is bounded.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace kura::server {

/// Safe from several threads.
class Metrics {
 public:
  /// One answered request; `route` is the pattern of a route.
  void CountRequest(std::string_view route, int status);
  /// One question that the warehouse was asked, from start to end.
  void QuestionStarted() { ++questions_running_; }
  void QuestionEnded(double seconds);
  void CountCache(bool hit) { ++(hit ? cache_hits_ : cache_misses_); }
  void ConnectionOpened() { ++connections_; }
  void ConnectionClosed() { --connections_; }

  std::string Print() const;

 private:
  static constexpr std::array<double, 12> kBounds = {
      0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60};
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::int64_t, std::less<>> requests_;
  std::array<std::int64_t, kBounds.size()> buckets_ = {};  // not cumulative
  std::int64_t questions_ = 0;
  double question_seconds_ = 0;
  std::atomic<std::int64_t> questions_running_ = 0;
  std::atomic<std::int64_t> cache_hits_ = 0;
  std::atomic<std::int64_t> cache_misses_ = 0;
  std::atomic<std::int64_t> connections_ = 0;
};

}  // namespace kura::server
