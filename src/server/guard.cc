// server/guard.cc: names, origins and content types.
#include "server/guard.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "server/errors.h"

namespace kura::server {
namespace {

constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-ancestors 'none'";

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// 127.0.0.0/8 in dotted form; "127.evil.example" is not.
bool IsLoopbackV4(std::string_view host) {
  const auto parts = Split(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    return !part.empty() && part.size() <= 3 && AllDigits(part);
  });
}

/// An Origin is fine when it is the server's own address. With the names of this machine any port
/// will do: they are the user's own programs, such as a development server in front of this one.
bool IsOwnOrigin(const Context& context, const Request& request) {
  const std::size_t scheme = request.origin.find("://");
  if (scheme == std::string::npos) return false;  // "null": a sandboxed page or a file
  const std::string_view authority = std::string_view(request.origin).substr(scheme + 3);
  if (EqualsIgnoreCase(authority, request.host)) return true;
  return context.loopback && IsLoopbackHost(authority);
}

bool IsJson(std::string_view content_type) {
  return EqualsIgnoreCase(Trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

}  // namespace

bool IsLoopbackHost(std::string_view authority) {
  std::string_view host = authority;
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view port = host.substr(end + 1);
    return host.substr(0, end + 1) == "[::1]" &&
           (port.empty() || (port.starts_with(':') && AllDigits(port.substr(1))));
  }
  if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
    if (!AllDigits(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  return EqualsIgnoreCase(host, "localhost") || IsLoopbackV4(host);
}

std::optional<Response> Refuse(const Context& context, const Request& request) {
  if (request.host.empty()) {
    return ErrorResponse(400, "no-host", "the request has no Host header");
  }
  if (context.loopback && !IsLoopbackHost(request.host)) {
    return ErrorResponse(421,
                         "wrong-host",
                         "this server answers only to names of its own machine",
                         "use http://localhost or http://127.0.0.1 with its port");
  }
  if (!request.origin.empty() && !IsOwnOrigin(context, request)) {
    return ErrorResponse(403, "wrong-origin", "a page of another site may not use this server");
  }
  if (request.method == "POST" && !IsJson(request.content_type)) {
    return ErrorResponse(415,
                         "not-json",
                         "the body of a POST must be JSON",
                         "send the header Content-Type: application/json");
  }
  return std::nullopt;
}

void AddSecurityHeaders(Response& response) {
  auto& headers = response.headers;
  headers.emplace_back("Content-Security-Policy", kContentSecurityPolicy);
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("Referrer-Policy", "same-origin");
  const bool says_how_long = std::any_of(headers.begin(), headers.end(), [](const auto& header) {
    return header.first == "Cache-Control";
  });
  if (!says_how_long) headers.emplace_back("Cache-Control", "no-store");
}

}  // namespace kura::server
