// cli/seed_loop.h: `kura serve` loads seeds/*.csv at its start and when a file changes.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "project/project.h"
#include "warehouse/warehouse.h"

namespace kura::cli {

/// Runs while it lives, on a thread of its own.
class SeedLoop {
 public:
  /// `after` is called when tables were loaded. All references must outlive this.
  SeedLoop(const project::Project& project, warehouse::Warehouse& warehouse,
           std::function<void()> after);
  ~SeedLoop();
  SeedLoop(const SeedLoop&) = delete;
  SeedLoop& operator=(const SeedLoop&) = delete;

 private:
  void Work();
  bool Load();

  const project::Project& project_;
  warehouse::Warehouse& warehouse_;
  const std::function<void()> after_;
  std::mutex mutex_;
  std::condition_variable stopped_changed_;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

}  // namespace kura::cli
