// server/guard.h: what is refused before a handler sees it, and the headers of every answer. A page
// of another site must neither read from nor ask a server on this machine: its name is checked
// against DNS rebinding, and POST needs a JSON body, which browsers do not send across sites.
#pragma once
#include <optional>
#include <string_view>

#include "server/context.h"
#include "server/message.h"

namespace kura::server {

/// Tells whether a Host header or the host of an Origin names this machine: "localhost:8080",
/// "127.0.0.1", "[::1]:80".
bool IsLoopbackHost(std::string_view authority);

/// The answer of a request that may not go on: 400 (no Host), 421 (another name than this
/// machine's), 403 (a page of another site), 415 (POST without JSON).
std::optional<Response> Refuse(const Context& context, const Request& request);

/// Adds Content-Security-Policy and its companions.
void AddSecurityHeaders(Response& response);

}  // namespace kura::server
