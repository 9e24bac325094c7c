// Names and look-ups of the model.
#include "lookml/model.h"

#include <algorithm>

namespace kura::lookml {

std::string_view FieldKindName(FieldKind kind) {
  switch (kind) {
    case FieldKind::kDimension:
      return "dimension";
    case FieldKind::kMeasure:
      return "measure";
    case FieldKind::kFilter:
      return "filter";
    case FieldKind::kParameter:
      return "parameter";
  }
  return "";
}

std::string_view RelationshipName(Relationship relationship) {
  switch (relationship) {
    case Relationship::kManyToOne:
      return "many_to_one";
    case Relationship::kOneToOne:
      return "one_to_one";
    case Relationship::kOneToMany:
      return "one_to_many";
    case Relationship::kManyToMany:
      return "many_to_many";
  }
  return "";
}

const Field* View::Find(std::string_view field) const {
  const auto found = field_index.find(field);
  return found == field_index.end() ? nullptr : &fields[found->second];
}

const Field* View::primary_key() const {
  const auto key = std::find_if(
      fields.begin(), fields.end(), [](const Field& field) { return field.primary_key; });
  return key == fields.end() ? nullptr : &*key;
}

const Join* Explore::Find(std::string_view alias) const {
  const auto join =
      std::find_if(joins.begin(), joins.end(), [&](const Join& j) { return j.name == alias; });
  return join == joins.end() ? nullptr : &*join;
}

std::string Explore::ViewOf(std::string_view alias) const {
  if (alias == base) return base_view;
  const Join* join = Find(alias);
  return join == nullptr ? "" : join->view;
}

Project::Found Project::FindExplore(std::string_view name) const {
  Found found;
  const std::size_t colons = name.find("::");
  const std::string_view wanted = colons == std::string_view::npos ? name : name.substr(colons + 2);
  std::vector<std::string> having;
  for (const auto& [model_name, model] : models) {
    if (colons != std::string_view::npos && model_name != name.substr(0, colons)) continue;
    const auto explore = model.explores.find(wanted);
    if (explore == model.explores.end()) continue;
    having.push_back(model_name);
    found.model = &model;
    found.explore = &explore->second;
  }
  if (having.size() > 1) return {nullptr, nullptr, std::move(having)};
  return found;
}

}  // namespace kura::lookml
