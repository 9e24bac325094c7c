// server/context.cc: the current snapshot, and numbers for models.
#include "server/context.h"

#include "server/errors.h"

namespace kura::server {

std::int64_t Generations::Of(const std::shared_ptr<const lookml::Project>& project) {
  const std::scoped_lock lock(mutex_);
  if (project != last_) {
    last_ = project;
    ++number_;
  }
  return number_;
}

Result<std::shared_ptr<const execute::Snapshot>> UsableSnapshot(const Context& context) {
  Result<std::shared_ptr<const execute::Snapshot>> snapshot = context.snapshots();
  if (!snapshot) {
    const Error& error = snapshot.error();
    return FailWithHint(Code::kUnavailable, error.message, error.hint);
  }
  if (!*snapshot || !(*snapshot)->project) {
    return Fail(Code::kUnavailable, "the model is not loaded");
  }
  if ((*snapshot)->warehouse == nullptr) {
    return Fail(Code::kUnavailable, "the warehouse is not open");
  }
  return snapshot;
}

}  // namespace kura::server
