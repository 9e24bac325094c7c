// warehouse/load_threads.h: no background threads while rows are loaded. DuckDB runs each flush of
// an appender as a statement; when a background thread takes its work, the loading thread spins
// until it is done, which costs a copy an eighth of its CPU. With one thread the loading threads do
// the work themselves, each its own.
#pragma once
#include <memory>
#include <mutex>

#include "warehouse/duckdb_handle.h"

namespace kura::warehouse {

/// Counts the loads of one instance, which must outlive this. Shared between threads.
class LoadThreads {
 public:
  /// `connection` is for this class alone.
  explicit LoadThreads(ConnectionHandle connection);

  /// Held by a load while it lives: the first one takes the background threads away, the last one
  /// brings them back. Meanwhile questions run on one thread each.
  class Lease {
   public:
    explicit Lease(LoadThreads* threads);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

   private:
    LoadThreads* threads_;
  };

 private:
  void Set(int threads);

  ConnectionHandle connection_;
  int usual_ = 0;  // 0: unknown, nothing is ever changed
  std::mutex mutex_;
  int loads_ = 0;
};

}  // namespace kura::warehouse
