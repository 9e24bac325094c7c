// server/router_test.cc: the table of routes is the table of docs/http.md.
#include "server/router.h"

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/text.h"

namespace kura::server {
namespace {

/// The rows of the table of routes as "GET /path", up to the first name in braces.
std::vector<std::string> DocumentedRoutes() {
  std::string root = __FILE__;
  root.resize(root.size() - std::string_view("src/server/router_test.cc").size());
  const std::string text = ReadFile(root + "docs/http.md").value();
  std::vector<std::string> routes;
  for (const std::string_view line : Split(text, '\n')) {
    if (!line.starts_with("| `")) continue;
    const std::string_view cell = line.substr(3, line.find('`', 3) - 3);
    routes.emplace_back(cell.substr(0, cell.find('{')));
  }
  return routes;
}

TEST_CASE("routes and docs/http.md list the same, in the same order") {
  std::vector<std::string> routes;
  for (const Route& route : Routes()) {
    const std::string_view fixed = route.pattern.substr(0, route.pattern.find('{'));
    routes.push_back(std::string(route.method) + " " + std::string(fixed));
  }
  CHECK(routes.size() == 7);
  CHECK(Join(routes, "\n") == Join(DocumentedRoutes(), "\n"));
}

}  // namespace
}  // namespace kura::server
