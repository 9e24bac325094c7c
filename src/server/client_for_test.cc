// server/client_for_test.cc: plain sockets, independent of the library that the server is built on.
#include "server/client_for_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/ensure.h"
#include "base/text.h"

namespace kura::server {
namespace {

constexpr int kWaitMs = 10'000;

void ReadHead(std::string_view head, Reply& reply) {
  const auto lines = Split(head, '\n');
  std::int64_t status = 0;
  ENSURE(lines[0].size() > 12 && ParseInt(lines[0].substr(9, 3), &status));
  reply.status = static_cast<int>(status);
  for (std::size_t at = 1; at < lines.size(); ++at) {
    const std::size_t colon = lines[at].find(':');
    if (colon == std::string_view::npos) continue;
    reply.headers[ToLower(lines[at].substr(0, colon))] = Trim(lines[at].substr(colon + 1));
  }
}

}  // namespace

TestClient::TestClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ENSURE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

TestClient::~TestClient() {
  ::close(socket_);
}

bool TestClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Reply TestClient::Read(bool head) {
  Reply reply;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return reply;
  }
  ReadHead(std::string_view(buffer_).substr(0, end), reply);
  buffer_.erase(0, end + 4);
  std::int64_t length = 0;
  const auto found = reply.headers.find("content-length");
  if (head || found == reply.headers.end() || !ParseInt(found->second, &length)) return reply;
  while (buffer_.size() < static_cast<std::size_t>(length)) {
    if (!Fill()) return reply;
  }
  reply.body = buffer_.substr(0, static_cast<std::size_t>(length));
  buffer_.erase(0, static_cast<std::size_t>(length));
  return reply;
}

bool TestClient::Closes(int wait_ms) {
  pollfd state{socket_, POLLIN, 0};
  if (::poll(&state, 1, wait_ms) <= 0) return false;
  char byte = 0;
  return ::recv(socket_, &byte, 1, 0) <= 0;
}

bool TestClient::Fill() {
  pollfd state{socket_, POLLIN, 0};
  if (::poll(&state, 1, kWaitMs) <= 0) return false;
  std::array<char, 65536> bytes;
  const ssize_t read = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (read <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(read));
  return true;
}

Reply Get(std::uint16_t port, const std::string& target, const std::string& headers) {
  TestClient client(port);
  client.Send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
  return client.Read();
}

Reply Post(std::uint16_t port, const std::string& target, const std::string& body) {
  TestClient client(port);
  client.Send("POST " + target +
              " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  return client.Read();
}

}  // namespace kura::server
