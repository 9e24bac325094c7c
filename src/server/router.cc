// server/router.cc: matches paths piece by piece and adds the headers that every answer carries.
#include "server/router.h"

#include <array>
#include <exception>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "server/errors.h"
#include "server/guard.h"
#include "server/handlers.h"
#include "server/static_files.h"

namespace kura::server {
namespace {

constexpr std::string_view kPageRoute = "page";   // the web page, in metrics
constexpr std::string_view kNoRoute = "refused";  // no route, or stopped by the guard

constexpr std::array kRoutes = {
    Route{"GET", "/healthz", AnswerHealth},
    Route{"GET", "/readyz", AnswerReady},
    Route{"GET", "/metrics", AnswerMetrics},
    Route{"GET", "/api/v1/status", AnswerStatus},
    Route{"GET", "/api/4.0/lookml_models", AnswerModels},
    Route{"GET", "/api/4.0/lookml_models/{model}/explores/{explore}", AnswerExplore},
    Route{"POST", "/api/4.0/queries/run/{format}", AnswerQuestion},
};

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    if (at + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[at + 1]);
    const int low = HexDigit(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return out;
}

/// The values when `path` has the shape of `pattern`.
std::optional<PathValues> MatchPattern(std::string_view pattern, std::string_view path) {
  const auto expected = Split(pattern, '/');
  const auto given = Split(path, '/');
  if (expected.size() != given.size()) return std::nullopt;
  PathValues values;
  for (std::size_t at = 0; at < expected.size(); ++at) {
    const std::string_view piece = expected[at];
    if (!piece.starts_with('{')) {
      if (piece != given[at]) return std::nullopt;
      continue;
    }
    std::optional<std::string> value = PercentDecode(given[at]);
    if (!value || value->empty()) return std::nullopt;
    values.emplace(piece.substr(1, piece.size() - 2), *std::move(value));
  }
  return values;
}

struct Chosen {
  const Route* route = nullptr;
  PathValues values;
  std::string allow;  // the methods of the path, when none of its routes has the request's
};

Chosen Choose(const Request& request) {
  Chosen chosen;
  std::string_view method = request.method;
  if (method == "HEAD") method = "GET";
  for (const Route& route : kRoutes) {
    std::optional<PathValues> values = MatchPattern(route.pattern, request.path());
    if (!values) continue;
    if (route.method == method) return {&route, *std::move(values), {}};
    chosen.allow = route.method == "GET" ? "GET, HEAD" : std::string(route.method);
  }
  return chosen;
}

Response WrongMethod(const Request& request, const std::string& allow) {
  Response response = ErrorResponse(405,
                                    "wrong-method",
                                    request.method + " is not what this address answers",
                                    "it answers " + allow);
  response.headers.emplace_back("Allow", allow);
  return response;
}

/// Answers what no route answers: the web page, or an error.
std::pair<std::string_view, Response> AnswerElse(const Request& request, const Chosen& chosen) {
  if (!chosen.allow.empty()) return {kNoRoute, WrongMethod(request, chosen.allow)};
  const std::string_view path = request.path();
  if (path == "/api" || path.starts_with("/api/")) {
    return {kNoRoute,
            ErrorResponse(404,
                          "not-found",
                          "there is no such address in the API",
                          "docs/http.md lists what there is")};
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return {kNoRoute, WrongMethod(request, "GET, HEAD")};
  }
  return {kPageRoute, AnswerFile(request)};
}

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

void Dispatch(Context& context, const Request& request, Respond respond) {
  const auto finish = [&context, respond = std::move(respond)](std::string_view route,
                                                               Response response) {
    context.metrics.CountRequest(route, response.status);
    AddSecurityHeaders(response);
    respond(std::move(response));
  };
  try {
    if (std::optional<Response> refused = Refuse(context, request)) {
      return finish(kNoRoute, *std::move(refused));
    }
    const Chosen chosen = Choose(request);
    if (chosen.route == nullptr) {
      auto [name, response] = AnswerElse(request, chosen);
      return finish(name, std::move(response));
    }
    const std::string_view pattern = chosen.route->pattern;
    chosen.route->handler(context, request, chosen.values, [finish, pattern](Response response) {
      finish(pattern, std::move(response));
    });
  } catch (const std::exception& problem) {  // out of memory, or a library's
    LogError("{} failed: {}", request.path(), problem.what());
    finish(kNoRoute, ErrorResponse(500, "internal", "something went wrong inside kura"));
  }
}

}  // namespace kura::server
