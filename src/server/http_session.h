// server/http_session.h: one connection: reads a request, hands it on, writes the answer, and
// again. Requests of a connection are answered one after the other, so pipelined ones keep their
// order.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>

#include "server/message.h"

namespace kura::server {

/// Given to each request; see Dispatch.
using Serve = std::function<void(const Request&, Respond)>;

/// A connection as its listener knows it.
class Session {
 public:
  virtual ~Session() = default;
  virtual void Start() = 0;
  /// Closes the connection; from any thread.
  virtual void Close() = 0;
};

/// Takes over a connected socket whose executor is a strand. `on_end` is called when the connection
/// is over.
std::shared_ptr<Session> MakeSession(boost::asio::ip::tcp::socket socket, const Serve& serve,
                                     std::function<void()> on_end);

}  // namespace kura::server
