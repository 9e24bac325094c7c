// server/http_listener.h: the listening socket, the connections and the threads that serve them.
// Boost.Asio stays in the .cc files.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "server/message.h"

namespace kura::server {

/// Told how the number of open connections changes.
struct ConnectionEvents {
  std::function<void()> opened;
  std::function<void()> closed;
};

/// A bound port.
class HttpListener {
 public:
  /// Binds `host` (an address or "localhost") and listens; nobody is answered before Run. Port 0
  /// takes a free one. Errors: kConflict (in use), kInvalid (host), kDenied (a port below 1024),
  /// kUnavailable.
  static Result<std::unique_ptr<HttpListener>> Bind(const std::string& host, std::uint16_t port);
  virtual ~HttpListener() = default;

  virtual std::uint16_t port() const = 0;
  /// Bound to this machine only.
  virtual bool loopback() const = 0;
  /// Starts `threads` threads that call `serve` for each request.
  virtual void Run(std::function<void(const Request&, Respond)> serve, ConnectionEvents events,
                   int threads) = 0;
  /// Takes no more connections.
  virtual void StopAccepting() = 0;
  /// Closes all connections and joins the threads.
  virtual void Stop() = 0;
};

}  // namespace kura::server
