// sync/batch_queue.h: batches between the thread that reads and those that write. Bounded: a
// fast reader waits. Emptied batches go back, so that their memory is used again.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "warehouse/batch.h"

namespace kura::sync {

/// One reader, any number of writers.
class BatchQueue {
 public:
  using Item = std::unique_ptr<warehouse::Batch>;

  /// `bytes_max` bounds what is queued; one batch is taken whatever its size.
  explicit BatchQueue(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Hands a filled batch over; false when the other side has given up.
  bool Push(Item batch);
  /// Takes the next batch; null at the end, or when the other side has given up.
  Item Pop();
  /// A batch to fill: a used one, or null when there is none.
  Item TakeEmpty();
  void GiveBack(Item batch);
  /// The reader's end: what is queued is still handed out.
  void Finish();
  /// Either side gives up: both sides stop.
  void Abandon();
  bool abandoned() const;

 private:
  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> filled_;
  std::size_t bytes_ = 0;  // of filled_
  std::vector<Item> empty_;
  bool finished_ = false;
  bool abandoned_ = false;
};

}  // namespace kura::sync
