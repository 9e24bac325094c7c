// server/context.h: what the handlers of one server share.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "base/clock.h"
#include "server/cache.h"
#include "server/limits.h"
#include "server/metrics.h"
#include "server/question_queue.h"
#include "server/server.h"

namespace kura::server {

/// Names model snapshots by number, for cache keys: labels change without the SQL changing.
class Generations {
 public:
  /// The number of `project`; another project than the last one gets a new number.
  std::int64_t Of(const std::shared_ptr<const lookml::Project>& project);

 private:
  std::mutex mutex_;
  std::shared_ptr<const lookml::Project> last_;  // held, so that its address is not used again
  std::int64_t number_ = 0;
};

struct Context {
  Context(const ServerOptions& chosen, SnapshotSource source, const Clock& time)
      : options(chosen),
        snapshots(std::move(source)),
        clock(time),
        cache(kCacheBytesMax),
        queue(chosen.threads, kQuestionsWaitingMax) {}

  ServerOptions options;
  bool loopback = true;                // bound to this machine only
  std::atomic<bool> stopping = false;  // questions that wait are not begun any more
  SnapshotSource snapshots;
  const Clock& clock;
  Metrics metrics;
  Generations generations;
  AnswerCache cache;
  QuestionQueue queue;  // last: its threads use the others
};

/// The current snapshot with model and warehouse. Errors: kUnavailable, with what is missing.
Result<std::shared_ptr<const execute::Snapshot>> UsableSnapshot(const Context& context);

}  // namespace kura::server
