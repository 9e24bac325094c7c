// server/router.h: the table of routes, and the way of a request through it: guard, route, handler,
// count. docs/http.md lists the same routes.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "server/context.h"
#include "server/message.h"

namespace kura::server {

/// The values of a pattern's {names}, percent-decoded.
using PathValues = std::map<std::string, std::string, std::less<>>;

using Handler = void (*)(Context& context, const Request& request, const PathValues& values,
                         const Respond& respond);

/// One route. A GET route answers HEAD as well.
struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/4.0/lookml_models/{model}/explores/{explore}"
  Handler handler = nullptr;
};

/// All routes but the web page.
std::span<const Route> Routes();

/// Answers one request; never blocks on the warehouse and never throws.
void Dispatch(Context& context, const Request& request, Respond respond);

}  // namespace kura::server
