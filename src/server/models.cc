// server/models.cc: GET /api/4.0/lookml_models and its explores.
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "server/errors.h"
#include "server/fields.h"
#include "server/handlers.h"

namespace kura::server {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json ModelJson(const lookml::Model& model) {
  const std::string model_label = LabelOf(model.label, model.name);
  Json explores = Json::array();
  for (const std::string& name : model.explore_order) {
    const auto found = model.explores.find(name);
    if (found == model.explores.end()) continue;
    const lookml::Explore& explore = found->second;
    explores.push_back(
        {{"name", name},
         {"label", LabelOf(explore.label, name)},
         {"description", explore.description},
         {"hidden", explore.hidden},
         {"group_label", explore.group_label.empty() ? model_label : explore.group_label}});
  }
  return {{"name", model.name}, {"label", model_label}, {"explores", std::move(explores)}};
}

std::string ExploreJson(const ExploreRef& at) {
  const lookml::Explore& explore = *at.explore;
  Json filters = Json::array();
  for (const lookml::FilterEntry& entry : explore.always_filter) {
    const bool qualified = entry.field.find('.') != std::string::npos;
    filters.push_back({{"name", qualified ? entry.field : explore.base + "." + entry.field},
                       {"value", entry.expression}});
  }
  const Json head{{"id", at.model->name + "::" + explore.name},
                  {"name", explore.name},
                  {"label", LabelOf(explore.label, explore.name)},
                  {"description", explore.description},
                  {"model_name", at.model->name},
                  {"view_name", explore.base_view},
                  {"hidden", explore.hidden},
                  {"always_filter", std::move(filters)}};
  std::string text = Dump(head);
  text.back() = ',';  // the fields are printed already
  return text + "\"fields\":" + ExploreFieldsJson(at) + "}";
}

template <typename Map>
Response NotFound(std::string_view kind, const std::string& name, const Map& known) {
  std::vector<std::string> names;
  for (const auto& [candidate, value] : known) names.push_back(candidate);
  const std::string nearest = NearestName(name, names);
  return ErrorResponse(404,
                       "unknown-" + std::string(kind),
                       "there is no " + std::string(kind) + " '" + name + "'",
                       nearest.empty() ? "" : "did you mean '" + nearest + "'?");
}

Response ExploreResponse(const lookml::Project& project, const PathValues& values) {
  const std::string& model_name = values.find("model")->second;
  const std::string& explore_name = values.find("explore")->second;
  const auto model = project.models.find(model_name);
  if (model == project.models.end()) return NotFound("model", model_name, project.models);
  const auto explore = model->second.explores.find(explore_name);
  if (explore == model->second.explores.end()) {
    return NotFound("explore", explore_name, model->second.explores);
  }
  return Response::Json(200, ExploreJson({&model->second, &explore->second}));
}

}  // namespace

void AnswerModels(Context& context, const Request&, const PathValues&, const Respond& respond) {
  const auto snapshot = UsableSnapshot(context);
  if (!snapshot) return respond(ErrorResponse(snapshot.error()));
  Json models = Json::array();
  for (const auto& [name, model] : (*snapshot)->project->models) models.push_back(ModelJson(model));
  respond(Response::Json(200, Dump(models)));
}

void AnswerExplore(Context& context, const Request&, const PathValues& values,
                   const Respond& respond) {
  const auto snapshot = UsableSnapshot(context);
  if (!snapshot) return respond(ErrorResponse(snapshot.error()));
  respond(ExploreResponse(*(*snapshot)->project, values));
}

}  // namespace kura::server
