// sync/sim_source_for_test.h: for tests: the edge to a simulated server. Time passes and other
// clients work at each call of a session; a read hands out what its snapshot saw.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "sync/sim_faults_for_test.h"
#include "sync/sim_world_for_test.h"
#include "sync/source.h"

namespace kura::sync {

/// A simulated source. Shared between threads: whoever uses the world holds `world_mutex`.
class SimSource : public Source {
 public:
  SimSource(SimWorld& world, SimFaults& faults, std::size_t rows_per_batch)
      : world_(world), faults_(faults), rows_per_batch_(rows_per_batch) {}

  Result<std::unique_ptr<Session>> Connect() override;
  std::string description() const override { return "simulation"; }
  std::string server_id() const override;

  SimWorld& world() { return world_; }
  SimFaults& faults() { return faults_; }
  std::size_t rows_per_batch() const { return rows_per_batch_; }
  /// Fails or not, as the faults say. `lost` is set when the connection is.
  Status Call(bool* lost);

  std::mutex world_mutex;
  /// What the last snapshot of this thread saw; null when it took none.
  std::shared_ptr<const SimSnapshot> LastSnapshot() const;
  void KeepSnapshot(std::shared_ptr<const SimSnapshot> snapshot);
  /// Set by a fault.
  std::atomic<bool> stop = false;
  /// A planted mistake: rows without a stamp are not read by deltas.
  bool reads_nulls = true;

 private:
  void SwapServer();

  SimWorld& world_;
  SimFaults& faults_;
  const std::size_t rows_per_batch_;
  mutable std::mutex mutex_;
  std::string server_id_;
  std::map<std::thread::id, std::shared_ptr<const SimSnapshot>> snapshots_;
};

}  // namespace kura::sync
