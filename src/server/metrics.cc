// server/metrics.cc: Prometheus' text format, version 0.0.4.
#include "server/metrics.h"

#include <fmt/format.h>

#include <iterator>

namespace kura::server {
namespace {

void Head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

}  // namespace

void Metrics::CountRequest(std::string_view route, int status) {
  const std::scoped_lock lock(mutex_);
  ++requests_[{std::string(route), status}];
}

void Metrics::QuestionEnded(double seconds) {
  --questions_running_;
  const std::scoped_lock lock(mutex_);
  ++questions_;
  question_seconds_ += seconds;
  for (std::size_t at = 0; at < kBounds.size(); ++at) {
    if (seconds > kBounds[at]) continue;
    ++buckets_[at];
    return;
  }
}

std::string Metrics::Print() const {
  std::string out;
  const auto add = std::back_inserter(out);
  const std::scoped_lock lock(mutex_);
  Head(out, "kura_http_requests_total", "counter", "Answered requests.");
  for (const auto& [key, count] : requests_) {
    fmt::format_to(add,
                   "kura_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                   key.first,
                   key.second,
                   count);
  }
  Head(out, "kura_connections", "gauge", "Open connections.");
  fmt::format_to(add, "kura_connections {}\n", connections_.load());
  Head(out, "kura_questions_running", "gauge", "Questions that the warehouse works on.");
  fmt::format_to(add, "kura_questions_running {}\n", questions_running_.load());
  Head(out, "kura_cache_lookups_total", "counter", "Questions that looked for a kept answer.");
  fmt::format_to(add, "kura_cache_lookups_total{{result=\"hit\"}} {}\n", cache_hits_.load());
  fmt::format_to(add, "kura_cache_lookups_total{{result=\"miss\"}} {}\n", cache_misses_.load());
  Head(out, "kura_question_seconds", "histogram", "How long the warehouse took.");
  std::int64_t below = 0;
  for (std::size_t at = 0; at < kBounds.size(); ++at) {
    below += buckets_[at];
    fmt::format_to(add, "kura_question_seconds_bucket{{le=\"{}\"}} {}\n", kBounds[at], below);
  }
  fmt::format_to(add, "kura_question_seconds_bucket{{le=\"+Inf\"}} {}\n", questions_);
  fmt::format_to(add,
                 "kura_question_seconds_sum {}\nkura_question_seconds_count {}\n",
                 question_seconds_,
                 questions_);
  return out;
}

}  // namespace kura::server
