// The folder is looked at as the model's files are. A change counts when the files were the same
// twice, so that a file that is still being written is not loaded half.
#include "cli/seed_loop.h"

#include <chrono>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "project/seeds.h"
#include "sync/seeds.h"

namespace kura::cli {
namespace {

constexpr std::chrono::milliseconds kLookEvery(400);

}  // namespace

SeedLoop::SeedLoop(const project::Project& project, warehouse::Warehouse& warehouse,
                   std::function<void()> after)
    : project_(project), warehouse_(warehouse), after_(std::move(after)) {
  thread_ = std::thread([this] { Work(); });
}

SeedLoop::~SeedLoop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  stopped_changed_.notify_all();
  thread_.join();
}

void SeedLoop::Work() {
  std::string seen = project::SeedsFingerprint(project_);
  std::string loaded = Load() ? seen : std::string();
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    stopped_changed_.wait_for(lock, kLookEvery);
    if (stopped_) break;
    const std::string now = project::SeedsFingerprint(project_);
    const bool is_still = now == seen;
    seen = now;
    if (now == loaded || !is_still) continue;
    lock.unlock();
    if (Load()) loaded = now;
    lock.lock();
  }
}

// False when it should be tried again: a sync of the seeds was running.
bool SeedLoop::Load() {
  const auto done =
      sync::SyncSeeds(project::SeedsOf(project_), warehouse_, SystemClock(), sync::SeedsOptions());
  if (!done) {
    if (done.error().code != Code::kConflict) {
      LogError("loading seeds failed: {}", done.error().message);
    }
    return done.error().code != Code::kConflict;
  }
  bool any_loaded = false;
  for (const sync::TableReport& table : done->report.tables) {
    if (table.error) {
      LogError("{}: {}", table.error->message, table.error->hint);
    } else if (table.note.empty()) {
      LogInfo("loaded seeds/{}.csv: {} rows", table.table, GroupDigits(table.rows));
      any_loaded = true;
    }
  }
  for (const Diagnostic& finding : done->diagnostics.items()) LogWarning("{}", Render(finding));
  for (const std::string& warning : done->report.warnings) LogWarning("{}", warning);
  if (any_loaded) after_();
  return true;
}

}  // namespace kura::cli
