// "prefecture" → "users_now.prefecture" when one view of the explore has such a field.
#include "cli/field_names.h"

#include <string>
#include <vector>

namespace kura::cli {
namespace {

std::string Complete(const lookml::Project::Found& found, const std::string& name) {
  if (found.explore == nullptr || name.find('.') != std::string::npos) return name;
  std::vector<std::string> aliases = {found.explore->base};
  for (const lookml::Join& join : found.explore->joins) aliases.push_back(join.name);
  std::vector<std::string> owners;
  for (const std::string& alias : aliases) {
    const auto view = found.model->views.find(found.explore->ViewOf(alias));
    if (view != found.model->views.end() && view->second.Find(name) != nullptr) {
      owners.push_back(alias);
    }
  }
  return owners.size() == 1 ? owners.front() + "." + name : name;
}

}  // namespace

void CompleteFieldNames(const lookml::Project& project, query::Query* query) {
  const lookml::Project::Found found = project.FindExplore(query->explore);
  for (std::string& field : query->fields) field = Complete(found, field);
  for (std::string& sort : query->sorts) {
    const std::size_t space = sort.find(' ');
    const std::string rest = space == std::string::npos ? "" : sort.substr(space);
    sort = Complete(found, sort.substr(0, space)) + rest;
  }
  std::map<std::string, std::string> filters;
  for (const auto& [field, expression] : query->filters) {
    filters[Complete(found, field)] = expression;
  }
  query->filters = std::move(filters);
}

}  // namespace kura::cli
