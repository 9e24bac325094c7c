// sync/mysql_open_work.h: which transactions and statements are open on a server now. The watermark
// is no better than this list, and the server's own one can be old: see mysql_open_work.cc.
#pragma once
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "sync/mysql_connection.h"
#include "sync/watermark.h"

namespace kura::sync {

/// The open work that the sessions of one source have seen last. What was seen a moment ago holds
/// for every later snapshot, and one look at a time keeps them from spoiling each other's. Shared
/// between threads.
class SharedWork {
 public:
  /// Reads the open work of the server, or what was read within half a second. `because` says why
  /// transactions are not visible; "" when they are. Errors: kUnavailable.
  Result<OpenWork> Read(MysqlConnection& connection, std::string* because);

 private:
  std::mutex mutex_;
  std::optional<OpenWork> work_;
  std::string because_;
  double read_s_ = 0;
};

}  // namespace kura::sync
