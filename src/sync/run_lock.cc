// A set of what runs, under a mutex.
#include "sync/run_lock.h"

#include <mutex>
#include <set>
#include <utility>

namespace kura::sync {
namespace {

using Running = std::set<std::tuple<const warehouse::Warehouse*, std::string, std::string>>;

std::mutex running_mutex;
Running running;

}  // namespace

Result<RunLock> RunLock::Take(const warehouse::Warehouse* warehouse, const std::string& source,
                              const std::string& kind) {
  const std::scoped_lock lock(running_mutex);
  Key key(warehouse, source, kind);
  if (!running.insert(key).second) {
    return Fail(Code::kConflict, "a {} of '{}' is already running", kind, source);
  }
  return RunLock(std::move(key));
}

RunLock::RunLock(Key key) : key_(std::move(key)) {}

RunLock::RunLock(RunLock&& other) noexcept : key_(std::exchange(other.key_, Key())) {}

RunLock::~RunLock() {
  if (std::get<0>(key_) == nullptr) return;
  const std::scoped_lock lock(running_mutex);
  running.erase(key_);
}

}  // namespace kura::sync
