// server/static_files.h: the built web app, which lies in the program (cmake/embed.cmake), each
// file as it is and compressed.
#pragma once
#include <optional>
#include <string_view>

#include "server/message.h"

namespace kura::server {

/// One embedded file; a form that would not be smaller is empty.
struct EmbeddedFile {
  std::string_view path;  // "/assets/index-3f2a.js"
  std::string_view etag;  // a hash of the content, without quotes
  std::string_view plain;
  std::string_view brotli;
  std::string_view gzip;
};

/// Finds an embedded file by its path; null when there is none.
const EmbeddedFile* FindEmbeddedFile(std::string_view path);

enum class Encoding { kPlain, kGzip, kBrotli };

/// The best encoding that `accept_encoding` allows and the file has: br, then gzip, then as it is.
Encoding ChooseEncoding(const EmbeddedFile& file, std::string_view accept_encoding);

/// Answers a GET outside the API: the file, or the page for any path that the page itself routes.
Response AnswerFile(const Request& request);

}  // namespace kura::server
