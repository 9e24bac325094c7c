// A bounded queue under one lock: it moves about a thousand batches a second, so a lock is no cost.
#include "sync/batch_queue.h"

#include <utility>

namespace kura::sync {
namespace {

constexpr std::size_t kKeptBytesMax = 2U << 20U;

}  // namespace

bool BatchQueue::Push(Item batch) {
  std::unique_lock lock(mutex_);
  const std::size_t size = warehouse::BytesOf(*batch);
  changed_.wait(lock, [&] { return abandoned_ || filled_.empty() || bytes_ + size <= bytes_max_; });
  if (abandoned_) return false;
  bytes_ += size;
  filled_.push_back(std::move(batch));
  changed_.notify_all();
  return true;
}

BatchQueue::Item BatchQueue::Pop() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return abandoned_ || finished_ || !filled_.empty(); });
  if (abandoned_ || filled_.empty()) return nullptr;
  Item batch = std::move(filled_.front());
  filled_.pop_front();
  bytes_ -= warehouse::BytesOf(*batch);
  changed_.notify_all();
  return batch;
}

BatchQueue::Item BatchQueue::TakeEmpty() {
  const std::scoped_lock lock(mutex_);
  if (empty_.empty()) return nullptr;
  Item batch = std::move(empty_.back());
  empty_.pop_back();
  return batch;
}

void BatchQueue::GiveBack(Item batch) {
  // A batch that has held long texts keeps their memory, and many of them would add up.
  if (warehouse::BytesOf(*batch) > kKeptBytesMax) return;
  const std::scoped_lock lock(mutex_);
  empty_.push_back(std::move(batch));
}

void BatchQueue::Finish() {
  const std::scoped_lock lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

void BatchQueue::Abandon() {
  const std::scoped_lock lock(mutex_);
  abandoned_ = true;
  changed_.notify_all();
}

bool BatchQueue::abandoned() const {
  const std::scoped_lock lock(mutex_);
  return abandoned_;
}

}  // namespace kura::sync
