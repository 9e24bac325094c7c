// server/server.h: the HTTP API of docs/http.md and the embedded web page, by Boost.Beast.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "execute/execute.h"

namespace kura::server {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  // 0 = any free one
  std::string project_name;
  std::string version;
  int threads = 4;
};

/// Where requests get the current model and catalogue from; called per request, must be cheap and
/// safe from several threads. An error becomes 503.
using SnapshotSource = std::function<Result<std::shared_ptr<const execute::Snapshot>>()>;

/// A running server.
class Server {
 public:
  /// Binds and starts answering. Errors: kConflict (the port is in use; the hint names another),
  /// kInvalid (host), kUnavailable.
  static Result<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                               SnapshotSource snapshots, const Clock& clock);
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  /// Stops accepting, cancels running questions, waits for the threads.
  virtual void Stop() = 0;
};

}  // namespace kura::server
