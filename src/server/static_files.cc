// server/static_files.cc: content types, encodings and what browsers may keep.
#include "server/static_files.h"

#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "server/errors.h"

namespace kura::server {
namespace {

constexpr std::string_view kPage = "/index.html";
constexpr std::string_view kAssets = "/assets/";  // their names hold a hash of their content

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kContentTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
}};

std::string_view ContentTypeOf(std::string_view path) {
  for (const auto& [ending, type] : kContentTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

/// "q=0" and "q=0.0" refuse.
bool Refuses(std::string_view parameters) {
  const std::string_view text = Trim(parameters);
  if (!text.starts_with("q=")) return false;
  return text.find_first_not_of("0.", 2) == std::string_view::npos;
}

bool Accepts(std::string_view accept_encoding, std::string_view name) {
  for (const std::string_view piece : Split(accept_encoding, ',')) {
    const std::size_t semicolon = piece.find(';');
    if (!EqualsIgnoreCase(Trim(piece.substr(0, semicolon)), name)) continue;
    return semicolon == std::string_view::npos || !Refuses(piece.substr(semicolon + 1));
  }
  return false;
}

bool HasEtag(std::string_view if_none_match, std::string_view quoted) {
  for (const std::string_view piece : Split(if_none_match, ',')) {
    std::string_view tag = Trim(piece);
    if (tag == "*") return true;
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == quoted) return true;
  }
  return false;
}

std::string_view BodyOf(const EmbeddedFile& file, Encoding encoding) {
  switch (encoding) {
    case Encoding::kBrotli:
      return file.brotli;
    case Encoding::kGzip:
      return file.gzip;
    case Encoding::kPlain:
      break;
  }
  return file.plain;
}

/// A strong tag differs between encodings, since the bytes do.
std::string QuotedEtag(const EmbeddedFile& file, Encoding encoding) {
  constexpr std::array<std::string_view, 3> kSuffix = {"", "-gz", "-br"};
  std::string tag = "\"";
  tag += file.etag;
  tag += kSuffix[static_cast<std::size_t>(encoding)];
  return tag + "\"";
}

Response FileResponse(const Request& request, const EmbeddedFile& file) {
  const Encoding encoding = ChooseEncoding(file, request.accept_encoding);
  const std::string etag = QuotedEtag(file, encoding);
  Response response;
  response.content_type = ContentTypeOf(file.path);
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Vary", "Accept-Encoding");
  response.headers.emplace_back(
      "Cache-Control",
      file.path.starts_with(kAssets) ? "public, max-age=31536000, immutable" : "no-cache");
  if (HasEtag(request.if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  response.body = BodyOf(file, encoding);
  if (encoding == Encoding::kBrotli) response.headers.emplace_back("Content-Encoding", "br");
  if (encoding == Encoding::kGzip) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace

Encoding ChooseEncoding(const EmbeddedFile& file, std::string_view accept_encoding) {
  if (!file.brotli.empty() && Accepts(accept_encoding, "br")) return Encoding::kBrotli;
  if (!file.gzip.empty() && Accepts(accept_encoding, "gzip")) return Encoding::kGzip;
  return Encoding::kPlain;
}

Response AnswerFile(const Request& request) {
  const std::string_view path = request.path();
  const EmbeddedFile* file = FindEmbeddedFile(path);
  if (file == nullptr && !path.starts_with(kAssets)) file = FindEmbeddedFile(kPage);
  if (file == nullptr) return ErrorResponse(404, "not-found", "there is no such file");
  return FileResponse(request, *file);
}

}  // namespace kura::server
