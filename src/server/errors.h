// server/errors.h: the error body of docs/http.md, whoever made the mistake: the client, the
// question or the world.
#pragma once
#include <string_view>

#include "base/diagnostics.h"
#include "base/result.h"
#include "server/message.h"

namespace kura::server {

/// An error of the request itself, with one entry of `code` ("not-found", "too-large", …).
Response ErrorResponse(int status, std::string_view code, std::string_view message,
                       std::string_view hint = {});

/// A failure of the world. kInternal is logged and told without its words.
Response ErrorResponse(const Error& error);

/// The mistakes of a question: the first error is the message, each finding an entry.
Response ErrorResponse(int status, const Diagnostics& diagnostics);

}  // namespace kura::server
