// server/errors.cc: error bodies, by nlohmann/json.
#include "server/errors.h"

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "base/text.h"

namespace kura::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDocumentation = "/docs/http.md#errors";

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json Body(std::string_view message, Json errors) {
  return Json{{"message", message}, {"documentation_url", kDocumentation}, {"errors", errors}};
}

std::size_t CountCharacters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += DecodeRune(text, at).size_bytes) ++count;
  return count;
}

Json SpanJson(const Span& span) {
  if (span.file == nullptr) return nullptr;
  const std::string_view text = span.file->text();
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text.size());
  const SourceFile::Position position = span.file->PositionOf(begin);
  return Json{{"file", span.file->name()},
              {"line", position.line},
              {"column", position.column},
              {"length", CountCharacters(text.substr(begin, end - begin))}};
}

Json EntryJson(const Diagnostic& item) {
  Json entry{{"field", item.field}, {"code", item.kind}, {"message", item.message}};
  if (item.severity == Severity::kWarning) entry["severity"] = "warning";
  if (!item.hint.empty()) entry["hint"] = item.hint;
  if (Json span = SpanJson(item.span); !span.is_null()) entry["span"] = std::move(span);
  return entry;
}

int StatusOf(Code code) {
  switch (code) {
    case Code::kInvalid:
      return 422;
    case Code::kNotFound:
      return 404;
    case Code::kDenied:
      return 403;
    case Code::kConflict:
      return 409;
    case Code::kUnavailable:
      return 503;
    case Code::kInternal:
      return 500;
  }
  return 500;
}

}  // namespace

std::string Quoted(std::string_view text) {
  return Dump(Json(text));
}

Response ErrorResponse(int status, std::string_view code, std::string_view message,
                       std::string_view hint) {
  Json entry{{"field", ""}, {"code", code}, {"message", message}};
  if (!hint.empty()) entry["hint"] = hint;
  return Response::Json(status, Dump(Body(message, Json::array({std::move(entry)}))));
}

Response ErrorResponse(const Error& error) {
  if (error.code == Code::kInternal) {
    LogError("a request failed inside kura: {}", error.message);
    return ErrorResponse(
        500, "internal", "something went wrong inside kura", "the server's log has the details");
  }
  return ErrorResponse(StatusOf(error.code), CodeName(error.code), error.message, error.hint);
}

Response ErrorResponse(int status, const Diagnostics& diagnostics) {
  Json entries = Json::array();
  std::string message;
  for (const Diagnostic& item : diagnostics.items()) {
    if (message.empty() && item.severity == Severity::kError) message = item.message;
    entries.push_back(EntryJson(item));
  }
  return Response::Json(status, Dump(Body(message, std::move(entries))));
}

}  // namespace kura::server
