// server/message.h: one request and one answer as plain data, so that only http_session.cc and
// http_listener.cc know Boost.Beast and handlers can be tested without a socket.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kura::server {

/// Tells whoever works on a request that its client has gone. Safe from several threads.
class Disconnect {
 public:
  /// Runs `action` when the client goes; at once when it has gone already.
  void OnGone(std::function<void()> action);
  /// The client has gone. Later calls do nothing.
  void Fire();
  /// Forgets the action: the request is answered.
  void Clear();

 private:
  std::mutex mutex_;
  bool gone_ = false;
  std::function<void()> action_;
};

/// A request with the few headers that handlers read.
struct Request {
  std::string method;  // "GET", "HEAD", "POST", …
  std::string target;  // as sent: path and query
  std::string host;
  std::string origin;
  std::string content_type;
  std::string accept_encoding;
  std::string if_none_match;
  std::string body;
  std::shared_ptr<Disconnect> disconnect;

  /// The path of the target, without the query and still percent-encoded.
  std::string_view path() const {
    return std::string_view(target).substr(0, target.find_first_of("?#"));
  }
};

/// An answer. `body` points into `owner`, or into the program when `owner` is null.
struct Response {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string_view body;
  std::shared_ptr<const std::string> owner;
  std::vector<std::pair<std::string, std::string>> headers;

  /// An answer that owns its text.
  static Response Text(int status, std::string_view content_type, std::string text);
  static Response Json(int status, std::string text);
};

/// Takes the answer of a request: once, from any thread.
using Respond = std::function<void(Response)>;

}  // namespace kura::server
