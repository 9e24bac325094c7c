// How the password travels: a server of a few lines asks for it in every way, and sees what it
// gets. And servers that accept and then say nothing.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <thread>

#include "base/clock.h"
#include "sync/mysql_connect_test.h"

namespace kura::sync {
namespace {

using testing::Contains;
using testing::RefusedBy;
using testing::WordsOf;

constexpr const char* kSentinel = "sentinel-4f0a";
constexpr unsigned kClientSsl = 0x800;

// Accepts one connection, greets, asks for another way to log in, and keeps all that it is sent.
class AskingServer {
 public:
  /// `certificates` null: no TLS. `plugin` empty: it never says a word.
  AskingServer(std::string plugin, const testing::Certificates* certificates)
      : plugin_(std::move(plugin)), certificates_(certificates) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listener_, generic, size) == 0);
    REQUIRE(listen(listener_, 4) == 0);
    REQUIRE(getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }

  ~AskingServer() { (void)Seen(); }
  AskingServer(const AskingServer&) = delete;
  AskingServer& operator=(const AskingServer&) = delete;

  int port() const { return port_; }

  /// All that the client sent, once it is gone.
  const std::string& Seen() {
    shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    return seen_;
  }

 private:
  void Serve() {
    client_ = accept(listener_, nullptr, nullptr);
    if (client_ < 0) return;
    if (!plugin_.empty()) Converse();
    Drain();
    if (ssl_ != nullptr) SSL_free(ssl_);
    close(client_);
    close(listener_);
  }

  void Converse() {
    Send(0, Greeting());
    std::string packet = Receive();
    if (certificates_ != nullptr && packet.size() == 32) {
      if (!StartTls()) return;
      packet = Receive();
    }
    if (packet.empty()) return;
    Send(static_cast<char>(sequence_ + 1),
         std::string("\xfe") + plugin_ + '\0' + Scramble() + '\0');
    Receive();
  }

  static std::string Scramble() { return "abcdefghijklmnopqrst"; }

  // Protocol 10, with the capabilities that a modern server has.
  std::string Greeting() const {
    const unsigned capabilities = 0x81FFA203U | 0x80000U | (certificates_ ? kClientSsl : 0U);
    std::string text = "\x0a";
    text += std::string("8.0.36") + '\0' + std::string("\1\0\0\0", 4) + Scramble().substr(0, 8);
    text += '\0';
    text += static_cast<char>(capabilities & 0xff);
    text += static_cast<char>(capabilities >> 8 & 0xff);
    text += std::string("\x2d\2\0", 3);
    text += static_cast<char>(capabilities >> 16 & 0xff);
    text += static_cast<char>(capabilities >> 24 & 0x7f);
    text += '\x15' + std::string(10, '\0') + Scramble().substr(8) + '\0';
    return text + "mysql_native_password" + '\0';
  }

  bool StartTls() {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate_file(
        context, certificates_->File("server.pem").c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context, certificates_->File("key.pem").c_str(), SSL_FILETYPE_PEM);
    SSL* ssl = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_fd(ssl, client_);
    if (SSL_accept(ssl) != 1) {
      SSL_free(ssl);
      return false;
    }
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name != nullptr) seen_ += std::string("[asked for ") + name + "]";
    ssl_ = ssl;
    return true;
  }

  void Send(char sequence, const std::string& payload) {
    std::string packet = {static_cast<char>(payload.size()), 0, 0, sequence};
    packet += payload;
    const int size = static_cast<int>(packet.size());
    if (ssl_ != nullptr) {
      SSL_write(ssl_, packet.data(), size);
    } else {
      (void)!send(client_, packet.data(), packet.size(), MSG_NOSIGNAL);
    }
  }

  std::string ReadExactly(std::size_t size) {
    std::string text(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t got = ssl_ != nullptr
                              ? SSL_read(ssl_, text.data() + have, static_cast<int>(size - have))
                              : recv(client_, text.data() + have, size - have, 0);
      if (got <= 0) return "";
      have += static_cast<std::size_t>(got);
    }
    return text;
  }

  std::string Receive() {
    const std::string head = ReadExactly(4);
    if (head.empty()) return "";
    sequence_ = static_cast<unsigned char>(head[3]);
    const std::string body = ReadExactly(static_cast<unsigned char>(head[0]) +
                                         256U * static_cast<unsigned char>(head[1]));
    seen_ += body;
    return body;
  }

  // Whatever comes until the client has gone.
  void Drain() {
    for (std::string byte = ReadExactly(1); !byte.empty(); byte = ReadExactly(1)) seen_ += byte;
  }

  const std::string plugin_;
  const testing::Certificates* certificates_;
  int listener_ = -1;
  int client_ = -1;
  int port_ = 0;
  int sequence_ = 0;
  SSL* ssl_ = nullptr;
  std::string seen_;
  std::thread thread_;
};

MysqlConfig To(const AskingServer& server, TlsMode tls, const testing::Certificates& certificates) {
  MysqlConfig config;
  config.host = "localhost";
  config.port = server.port();
  config.user = "kura_reader";
  config.password = kSentinel;
  config.tls = tls;
  config.tls_ca = certificates.File("ca.pem");
  config.connect_timeout_s = 2;
  return config;
}

const testing::Certificates& Own() {
  static const testing::Certificates certificates;
  certificates.Issue("DNS:localhost");
  return certificates;
}

TEST_CASE("the password itself is never sent without TLS or to a server that nobody knows") {
  for (const char* plugin : {"mysql_clear_password", "dialog"}) {
    CAPTURE(plugin);
    AskingServer open(plugin, nullptr);
    const Error refused = RefusedBy(To(open, TlsMode::kOff, Own()));
    CHECK(refused.code == Code::kDenied);
    CHECK(Contains(refused.message, "asks for the password itself"));
    CHECK(Contains(refused.hint, "tls: verify"));
    CHECK_FALSE(Contains(WordsOf(refused), kSentinel));
    CHECK(Contains(open.Seen(), "kura_reader"));
    CHECK_FALSE(Contains(open.Seen(), kSentinel));
    AskingServer unverified(plugin, &Own());
    CHECK(RefusedBy(To(unverified, TlsMode::kSkipVerify, Own())).code == Code::kDenied);
    CHECK(Contains(unverified.Seen(), "kura_reader"));
    CHECK_FALSE(Contains(unverified.Seen(), kSentinel));
  }
}

TEST_CASE("over verified TLS a server may ask for the password itself") {
  AskingServer server("mysql_clear_password", &Own());
  RefusedBy(To(server, TlsMode::kVerify, Own()));  // It never answers the login.
  CHECK(Contains(server.Seen(), kSentinel));
  CHECK(Contains(server.Seen(), "[asked for localhost]"));
}

TEST_CASE("a server that cannot prove its name is not even told the user") {
  const testing::Certificates& certificates = Own();
  certificates.Issue("DNS:somebody.else");
  AskingServer server("mysql_clear_password", &certificates);
  const Error error = RefusedBy(To(server, TlsMode::kVerify, certificates));
  CHECK(Contains(error.message, "its certificate is for somebody.else"));
  CHECK_FALSE(Contains(server.Seen(), "kura_reader"));
  CHECK_FALSE(Contains(server.Seen(), kSentinel));
}

TEST_CASE("caching_sha2_password proves the password over TLS") {
  (void)Own();
  AskingServer server("caching_sha2_password", &Own());
  RefusedBy(To(server, TlsMode::kVerify, Own()));
  CHECK(Contains(server.Seen(), "kura_reader"));
  CHECK_FALSE(Contains(server.Seen(), kSentinel));
}

TEST_CASE("a way to log in that nobody knows is refused") {
  AskingServer open("odd_password", nullptr);
  const Error refused = RefusedBy(To(open, TlsMode::kOff, Own()));
  CHECK(Contains(refused.message, "that is not known here"));
  AskingServer verified("odd_password", &Own());
  const Error missing = RefusedBy(To(verified, TlsMode::kVerify, Own()));
  INFO(WordsOf(missing));
  CHECK(Contains(missing.message, "odd_password"));
  CHECK(Contains(missing.hint, "plug-in of libmariadb"));
  CHECK_FALSE(Contains(open.Seen() + verified.Seen(), kSentinel));
}

TEST_CASE("a server without TLS is refused with the way out") {
  AskingServer server("mysql_native_password", nullptr);
  const Error error = RefusedBy(To(server, TlsMode::kVerify, Own()));
  CHECK(Contains(error.message, "no secure connection to localhost"));
  CHECK(Contains(error.hint, "tls: off"));
  CHECK(Contains(error.hint, "readable"));
  CHECK_FALSE(Contains(server.Seen(), "kura_reader"));
}

TEST_CASE("a server that accepts and says nothing is given up in time") {
  AskingServer server("", nullptr);
  const double begin_s = MonotonicSeconds();
  const Error error = RefusedBy(To(server, TlsMode::kOff, Own()));
  CHECK(MonotonicSeconds() - begin_s < 6);
  CHECK(error.code == Code::kUnavailable);
  CHECK(Contains(error.message, "localhost:" + std::to_string(server.port())));
}

}  // namespace
}  // namespace kura::sync
