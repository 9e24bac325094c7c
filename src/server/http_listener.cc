// server/http_listener.cc: accepts connections up to a limit, by Boost.Asio.
#include "server/http_listener.h"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "server/http_session.h"
#include "server/limits.h"

namespace kura::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptRetry{100};  // after running out of descriptors
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

class Listener : public HttpListener {
 public:
  Listener() : acceptor_(context_), retry_(context_) {}
  ~Listener() override { Stop(); }

  Status Open(const std::string& host, std::uint16_t port);

  std::uint16_t port() const override { return port_; }
  bool loopback() const override { return loopback_; }

  void Run(Serve serve, ConnectionEvents events, int threads) override {
    serve_ = std::move(serve);
    events_ = std::move(events);
    Accept();
    for (int at = 0; at < threads; ++at) threads_.emplace_back([this] { Work(); });
  }

  void StopAccepting() override {
    if (threads_.empty()) return;
    asio::post(acceptor_.get_executor(), [this] {
      ErrorCode ignored;  // nothing to do about a socket that does not close
      (void)acceptor_.close(ignored);
      retry_.cancel();
    });
  }

  void Stop() override {
    StopAccepting();
    // Without connections and timers the threads have nothing left to wait for.
    for (const auto& session : TakeSessions()) session->Close();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  void Work() {
    while (true) {
      try {
        context_.run();
        return;
      } catch (const std::exception& problem) {  // one connection's; the others go on
        LogError("a connection failed: {}", problem.what());
      }
    }
  }

  /// One accept at a time, so its members need no lock.
  void Accept() {
    acceptor_.async_accept(
        asio::make_strand(context_),
        [this](const ErrorCode& error, tcp::socket socket) { OnAccept(error, std::move(socket)); });
  }

  void OnAccept(const ErrorCode& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (!error) {
      Take(std::move(socket));
      return Accept();
    }
    retry_.expires_after(kAcceptRetry);
    retry_.async_wait([this](const ErrorCode& stopped) {
      if (!stopped) Accept();
    });
  }

  void Take(tcp::socket socket) {
    if (open_ >= kConnectionsMax) {
      ErrorCode ignored;  // whoever is turned away may have gone already
      (void)socket.non_blocking(true, ignored);
      (void)socket.write_some(asio::buffer(kBusy), ignored);
      return;
    }
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;
    ++open_;
    events_.opened();
    std::erase_if(sessions_, [](const auto& session) { return session.expired(); });
    const auto session = MakeSession(std::move(socket), serve_, [this] {
      --open_;
      events_.closed();
    });
    sessions_.push_back(session);
    session->Start();
  }

  /// The open connections; none is taken after this.
  std::vector<std::shared_ptr<Session>> TakeSessions() {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    std::vector<std::shared_ptr<Session>> open;
    for (const auto& session : sessions_) {
      if (auto one = session.lock()) open.push_back(std::move(one));
    }
    return open;
  }

  Serve serve_;
  ConnectionEvents events_;
  std::atomic<int> open_ = 0;
  std::mutex mutex_;
  std::list<std::weak_ptr<Session>> sessions_;
  bool stopping_ = false;
  asio::io_context context_;  // destroys the sessions that are left, so it goes before the above
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  std::uint16_t port_ = 0;
  bool loopback_ = true;
  std::vector<std::thread> threads_;
};

Result<asio::ip::address> ParseHost(const std::string& host) {
  if (host == "localhost") return asio::ip::address(asio::ip::address_v4::loopback());
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  ErrorCode error;
  const asio::ip::address address =
      asio::ip::make_address(bracketed ? host.substr(1, host.size() - 2) : host, error);
  if (error) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("'{}' is not an address to listen on", host),
                        "use 127.0.0.1 for this machine only, or one of its own addresses");
  }
  return address;
}

tl::unexpected<Error> BindError(const ErrorCode& error, const std::string& host,
                                std::uint16_t port) {
  if (error == asio::error::address_in_use) {
    const int other = port < 65535 ? port + 1 : 8080;
    return FailWithHint(Code::kConflict,
                        fmt::format("port {} of {} is in use", port, host),
                        fmt::format("choose another one with `--port {}`", other));
  }
  if (error == asio::error::access_denied) {
    return FailWithHint(Code::kDenied,
                        fmt::format("port {} may not be used", port),
                        "ports below 1024 belong to the administrator: `--port 8080`");
  }
  if (error.value() == EADDRNOTAVAIL) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("'{}' is not an address of this machine", host),
                        "use 127.0.0.1 for this machine only, or one of its own addresses");
  }
  return Fail(Code::kUnavailable, "listening on port {} of {}: {}", port, host, error.message());
}

Status Listener::Open(const std::string& host, std::uint16_t port) {
  TRY(const asio::ip::address address, ParseHost(host));
  const tcp::endpoint endpoint(address, port);
  ErrorCode error;
  (void)acceptor_.open(endpoint.protocol(), error);
  if (!error) (void)acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) (void)acceptor_.bind(endpoint, error);
  if (!error) (void)acceptor_.listen(kConnectionsWaitingMax, error);
  if (error) return BindError(error, host, port);
  port_ = acceptor_.local_endpoint(error).port();
  loopback_ = address.is_loopback();
  return {};
}

}  // namespace

Result<std::unique_ptr<HttpListener>> HttpListener::Bind(const std::string& host,
                                                         std::uint16_t port) {
  auto listener = std::make_unique<Listener>();
  TRY_STATUS(listener->Open(host, port));
  return std::unique_ptr<HttpListener>(std::move(listener));
}

}  // namespace kura::server
