// server/question_queue.cc: a plain pool of threads.
#include "server/question_queue.h"

#include <utility>

namespace kura::server {

QuestionQueue::QuestionQueue(int threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  for (int at = 0; at < threads; ++at) threads_.emplace_back([this] { Work(); });
}

bool QuestionQueue::Submit(std::function<void()> work) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopped_ || waiting_.size() >= waiting_max_ + idle_) return false;
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

void QuestionQueue::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void QuestionQueue::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    wake_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return;
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace kura::server
