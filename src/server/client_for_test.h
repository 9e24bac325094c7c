// server/client_for_test.h: for tests: a client that sends bytes as they are, so that a broken or
// slow request can be sent too, and reads answers.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace kura::server {

/// An answer as it was read; header names in lower case.
struct Reply {
  int status = 0;  // 0 = the server closed without an answer
  std::map<std::string, std::string> headers;
  std::string body;
};

/// One connection to 127.0.0.1.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  /// Sends bytes; false when the server has closed.
  bool Send(std::string_view bytes);
  /// Reads one answer; `head` = it has no body. Waits at most ten seconds.
  Reply Read(bool head = false);
  /// True when the server closes within `wait_ms` without sending more.
  bool Closes(int wait_ms);

 private:
  bool Fill();
  int socket_ = -1;
  std::string buffer_;
};

/// One request on a connection of its own. `headers` are lines that end in "\r\n".
Reply Get(std::uint16_t port, const std::string& target, const std::string& headers = "");
Reply Post(std::uint16_t port, const std::string& target, const std::string& body);

}  // namespace kura::server
