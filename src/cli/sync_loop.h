// cli/sync_loop.h: `kura serve` keeps the warehouse fresh: it copies each source, and each table
// with times of its own, when kura.yaml says so.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "project/project.h"
#include "sync/sync.h"
#include "warehouse/state.h"
#include "warehouse/warehouse.h"

namespace kura::cli {

/// Tables of one source that are copied at the same times.
struct SyncGroup {
  const project::SourceEntry* source = nullptr;
  project::SyncTimes times;
  std::vector<std::string> tables;  // empty = all of the source
};

/// The groups of a project's sources that have times.
std::vector<SyncGroup> GroupsOf(const project::Config& config);

/// When a group is due that was last copied (or, after a failure, last tried) at `last`; `last` = 0
/// means never: at once.
Micros DueAfter(const project::SyncTimes& times, Micros last, const Zone& zone);

/// Runs while it lives, on a thread of its own; one group after the other.
class SyncLoop {
 public:
  /// `after` is called after each copy. All references must outlive this.
  SyncLoop(const project::Project& project, warehouse::Warehouse& warehouse,
           std::function<void()> after);
  ~SyncLoop();
  SyncLoop(const SyncLoop&) = delete;
  SyncLoop& operator=(const SyncLoop&) = delete;

 private:
  struct Job {
    SyncGroup group;
    Micros due = 0;
    int failures = 0;
  };

  void Work();
  void Plan();
  void Run(Job* job);
  Micros LastCopied(const SyncGroup& group, const std::vector<warehouse::TableState>& states) const;

  const project::Project& project_;
  warehouse::Warehouse& warehouse_;
  const std::function<void()> after_;
  Zone zone_;
  std::vector<Job> jobs_;
  std::mutex mutex_;
  std::condition_variable stopped_changed_;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

}  // namespace kura::cli
