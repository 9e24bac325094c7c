// server/question_queue.h: the threads that run questions, so that a slow one holds up neither the
// sockets nor more than its share of the machine.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kura::server {

/// A fixed number of threads behind a short queue.
class QuestionQueue {
 public:
  QuestionQueue(int threads, std::size_t waiting_max);
  ~QuestionQueue() { Stop(); }

  /// Runs `work` on a thread; false when too many wait already or the queue is stopped.
  bool Submit(std::function<void()> work);

  /// Runs what is queued (its questions are cancelled by then) and waits for the threads.
  void Stop();

 private:
  void Work();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  std::size_t idle_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kura::server
