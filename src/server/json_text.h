// server/json_text.h: the JSON texts of several handlers: quoting, and the error body of
// docs/http.md. Whole answers are built in the .cc files, since nlohmann/json is dear to include.
#pragma once
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/result.h"
#include "server/message.h"

namespace kura::server {

/// A text as a JSON string; bytes that are not UTF-8 become U+FFFD.
std::string Quoted(std::string_view text);

/// An error of the request itself, with one entry of `code` ("not-found", "too-large", …).
Response ErrorResponse(int status, std::string_view code, std::string_view message,
                       std::string_view hint = {});

/// A failure of the world. kInternal is logged and told without its words.
Response ErrorResponse(const Error& error);

/// The mistakes of a question: the first error is the message, each finding an entry.
Response ErrorResponse(int status, const Diagnostics& diagnostics);

}  // namespace kura::server
