// server/status.cc: GET /healthz, /readyz, /metrics and /api/v1/status: how the server itself is.
#include <nlohmann/json.hpp>

#include "server/errors.h"
#include "server/handlers.h"

namespace kura::server {
namespace {

using Json = nlohmann::ordered_json;

Json TablesJson(const sql::Catalogue& catalogue) {
  Json tables = Json::array();
  for (const auto& [name, table] : catalogue.tables) {
    if (!table.times) continue;
    tables.push_back({{"table", name},
                      {"rows", table.rows},
                      {"complete_through", FormatInstant(table.times->complete_through)},
                      {"read_at", FormatInstant(table.times->read_at)}});
  }
  return tables;
}

}  // namespace

void AnswerHealth(Context&, const Request&, const PathValues&, const Respond& respond) {
  respond(Response::Json(200, R"({"status":"ok"})"));
}

void AnswerReady(Context& context, const Request&, const PathValues&, const Respond& respond) {
  const auto snapshot = UsableSnapshot(context);
  if (snapshot) return respond(Response::Json(200, R"({"status":"ready"})"));
  respond(ErrorResponse(503, "not-ready", snapshot.error().message, snapshot.error().hint));
}

void AnswerMetrics(Context& context, const Request&, const PathValues&, const Respond& respond) {
  respond(Response::Text(200, "text/plain; version=0.0.4; charset=utf-8", context.metrics.Print()));
}

void AnswerStatus(Context& context, const Request&, const PathValues&, const Respond& respond) {
  const auto snapshot = UsableSnapshot(context);
  if (!snapshot) return respond(ErrorResponse(snapshot.error()));
  const sql::Catalogue none;
  const Json json{{"name", context.options.project_name},
                  {"version", context.options.version},
                  {"timezone", (*snapshot)->timezone},
                  {"model_errors", (*snapshot)->model_errors},
                  {"tables", TablesJson((*snapshot)->catalogue ? *(*snapshot)->catalogue : none)}};
  respond(Response::Json(200, json.dump(-1, ' ', false, Json::error_handler_t::replace)));
}

}  // namespace kura::server
