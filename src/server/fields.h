// server/fields.h: FIELD of docs/http.md: what a person reads about a field. Labels follow LookML's
// rules: what the model says, else the name in words.
#pragma once
#include <string>
#include <vector>

#include "lookml/model.h"
#include "query/compile.h"
#include "server/visible_fields.h"

namespace kura::server {

/// Where a field stands: labels and counting depend on it.
struct ExploreRef {
  const lookml::Model* model = nullptr;
  const lookml::Explore* explore = nullptr;
};

/// The label of a model or explore: what it says, else its name in words.
std::string LabelOf(const std::string& label, const std::string& name);

/// The label of a view in an explore: of the field, the join, the explore (base), the view.
std::string ViewLabel(const ExploreRef& at, const VisibleField& field);

/// Prints `{"dimensions": […], "measures": […], "filters": […], "parameters": […]}`.
std::string ExploreFieldsJson(const ExploreRef& at);

/// Prints `{"dimensions": […], "measures": […], "table_calculations": [], "pivots": []}` for the
/// columns of an answer.
std::string AnswerFieldsJson(const ExploreRef& at, const std::vector<query::OutputColumn>& columns);

}  // namespace kura::server
