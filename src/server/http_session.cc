// server/http_session.cc: the connection as callbacks on a strand, by Boost.Beast. Each state has a
// time limit: a request must arrive, an answer must be taken. Only a running question has none of
// its own here (the warehouse's limit counts); then the socket is polled for a client that has
// gone.
#include "server/http_session.h"

#include <poll.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/errors.h"
#include "server/guard.h"
#include "server/limits.h"

namespace kura::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using ErrorCode = beast::error_code;

std::string Copy(beast::string_view text) {
  return {text.data(), text.size()};
}

Request ToRequest(http::request<http::string_body>&& message) {
  Request request;
  request.method = Copy(message.method_string());
  request.target = Copy(message.target());
  request.host = Copy(message[http::field::host]);
  request.origin = Copy(message[http::field::origin]);
  request.content_type = Copy(message[http::field::content_type]);
  request.accept_encoding = Copy(message[http::field::accept_encoding]);
  request.if_none_match = Copy(message[http::field::if_none_match]);
  request.body = std::move(message.body());
  request.disconnect = std::make_shared<Disconnect>();
  return request;
}

/// The answer to what is not a request that we take; empty when the client has just gone.
std::optional<Response> ReadErrorResponse(const ErrorCode& error) {
  if (error == http::error::body_limit) {
    return ErrorResponse(413, "too-large", "the body is larger than 1 MiB");
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return ErrorResponse(431, "too-large", "the headers are larger than 16 KB");
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message) return {};
  if (error.category() == http::make_error_code(http::error::bad_method).category()) {
    return ErrorResponse(400, "malformed", "this is not a request in HTTP/1.1");
  }
  return {};
}

class HttpSession : public Session, public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(asio::ip::tcp::socket socket, const Serve& serve, std::function<void()> on_end)
      : stream_(std::move(socket)),
        poll_timer_(stream_.get_executor()),
        buffer_(kBufferBytesMax),
        serve_(serve),
        on_end_(std::move(on_end)) {}
  ~HttpSession() override { on_end_(); }

  void Start() override {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
      ErrorCode ignored;  // only a matter of speed
      (void)self->stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
      self->ReadHeader();
    });
  }

  void Close() override {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->End(); });
  }

 private:
  void ReadHeader() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(kBodyBytesMax);
    stream_.expires_after(kRequestTimeout);
    http::async_read_header(stream_,
                            buffer_,
                            *parser_,
                            [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                              self->OnHeader(error);
                            });
  }

  void OnHeader(const ErrorCode& error) {
    if (error) return OnReadError(error);
    if (!beast::iequals(parser_->get()[http::field::expect], "100-continue")) return ReadBody();
    continue_.version(11);
    continue_.result(http::status::continue_);
    http::async_write(
        stream_, continue_, [self = shared_from_this()](const ErrorCode& problem, std::size_t) {
          if (problem) return self->End();
          self->ReadBody();
        });
  }

  void ReadBody() {
    http::async_read(stream_,
                     buffer_,
                     *parser_,
                     [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                       if (error) return self->OnReadError(error);
                       self->OnRequest();
                     });
  }

  void OnReadError(const ErrorCode& error) {
    std::optional<Response> response = ReadErrorResponse(error);
    if (!response) return End();
    AddSecurityHeaders(*response);
    keep_alive_ = false;
    head_only_ = false;
    Write(*std::move(response));
  }

  void OnRequest() {
    keep_alive_ = parser_->keep_alive();
    head_only_ = parser_->get().method() == http::verb::head;
    const Request request = ToRequest(parser_->release());
    disconnect_ = request.disconnect;
    waiting_ = true;
    stream_.expires_never();
    const std::uint64_t number = ++request_number_;
    serve_(request, [self = shared_from_this(), number](Response response) {
      asio::dispatch(self->stream_.get_executor(),
                     [self, number, taken = std::move(response)]() mutable {
                       self->OnAnswer(number, std::move(taken));
                     });
    });
    // An answer that came at once has not needed the timer.
    if (waiting_ && number == request_number_) PollDisconnect();
  }

  void OnAnswer(std::uint64_t number, Response response) {
    if (number != request_number_ || !std::exchange(waiting_, false)) return;
    disconnect_->Clear();
    poll_timer_.cancel();
    Write(std::move(response));
  }

  void PollDisconnect() {
    poll_timer_.expires_after(kDisconnectPoll);
    poll_timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (error || !self->waiting_) return;
      pollfd state{self->stream_.socket().native_handle(), POLLRDHUP, 0};
      const bool gone = ::poll(&state, 1, 0) != 0;  // also POLLHUP, POLLERR, POLLNVAL
      if (!gone) return self->PollDisconnect();
      self->waiting_ = false;
      self->disconnect_->Fire();
      self->End();
    });
  }

  template <typename Body>
  void Fill(http::response<Body>& message, const Response& response) const {
    message.version(11);
    message.result(static_cast<unsigned>(response.status));
    message.keep_alive(keep_alive_);
    message.set(http::field::content_type,
                beast::string_view(response.content_type.data(), response.content_type.size()));
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    if (response.status != 304) message.content_length(response.body.size());
  }

  void Write(Response response) {
    response_ = std::move(response);
    stream_.expires_after(kAnswerTimeout);
    const auto written = [self = shared_from_this()](const ErrorCode& error, std::size_t) {
      self->OnWritten(error);
    };
    if (head_only_ || response_.status == 304) {
      Fill(empty_message_.emplace(), response_);
      return http::async_write(stream_, *empty_message_, written);
    }
    Fill(message_.emplace(), response_);
    message_->body() = beast::span<const char>(response_.body.data(), response_.body.size());
    http::async_write(stream_, *message_, written);
  }

  void OnWritten(const ErrorCode& error) {
    message_.reset();
    empty_message_.reset();
    response_ = {};
    if (error) return End();
    if (keep_alive_) return ReadHeader();
    ErrorCode ignored;  // the client may have closed first
    (void)stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLingerTimeout);
    Linger(0);
  }

  /// Reads and drops what the client still sends, so that closing does not reset our answer.
  void Linger(std::size_t dropped_bytes) {
    buffer_.clear();
    stream_.async_read_some(
        buffer_.prepare(kHeaderBytesMax),
        [self = shared_from_this(), dropped_bytes](const ErrorCode& error, std::size_t bytes) {
          if (error || dropped_bytes > kLingerBytesMax) return self->End();
          self->Linger(dropped_bytes + bytes);
        });
  }

  void End() {
    if (std::exchange(waiting_, false)) disconnect_->Fire();
    poll_timer_.cancel();
    stream_.close();
  }

  beast::tcp_stream stream_;
  asio::steady_timer poll_timer_;
  beast::flat_buffer buffer_;
  Serve serve_;
  std::function<void()> on_end_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::empty_body> continue_;
  std::optional<http::response<http::span_body<const char>>> message_;
  std::optional<http::response<http::empty_body>> empty_message_;
  Response response_;  // keeps the body alive while it is written
  std::shared_ptr<Disconnect> disconnect_;
  std::uint64_t request_number_ = 0;
  bool waiting_ = false;  // for an answer
  bool keep_alive_ = false;
  bool head_only_ = false;
};

}  // namespace

std::shared_ptr<Session> MakeSession(asio::ip::tcp::socket socket, const Serve& serve,
                                     std::function<void()> on_end) {
  return std::make_shared<HttpSession>(std::move(socket), serve, std::move(on_end));
}

}  // namespace kura::server
