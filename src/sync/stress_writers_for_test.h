// sync/stress_writers_for_test.h: for tests: eight clients of a real server that write at the same
// time, in all the ways that make a cursor lose rows.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "sync/mysql_connection.h"
#include "sync/sim_random_for_test.h"

namespace kura::sync {

inline constexpr int kStressWriters = 8;
inline constexpr const char* kSecondsTable = "by_second";  // updated_at TIMESTAMP
inline constexpr const char* kMicrosTable = "by_micro";    // updated_at DATETIME(6)

/// The tables, with some old rows.
std::vector<std::string> StressTables();

/// Writers that run until Stop, each with a connection of its own.
class StressWriters {
 public:
  explicit StressWriters(const std::string& database);
  ~StressWriters() { Stop(); }
  StressWriters(const StressWriters&) = delete;
  StressWriters& operator=(const StressWriters&) = delete;

  /// Lets them finish, transactions included.
  void Stop();
  /// Transactions that committed, and those of them that had been open for long.
  std::int64_t committed() const { return committed_; }
  std::int64_t committed_late() const { return committed_late_; }

 private:
  void Work(int writer, MysqlConnection& connection);

  std::string database_;
  std::atomic<bool> stop_ = false;
  std::atomic<std::int64_t> committed_ = 0;
  std::atomic<std::int64_t> committed_late_ = 0;
  std::vector<std::unique_ptr<MysqlConnection>> connections_;
  std::vector<std::thread> threads_;
};

}  // namespace kura::sync
