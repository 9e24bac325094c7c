// advise/new_explore.h: `kura new explore current|daily NAME`: one more explore of the two designs
// in a project that exists. What the project has already is used, not written again.
#pragma once
#include <string>
#include <vector>

#include "advise/init.h"
#include "advise/views.h"
#include "base/result.h"
#include "lookml/model.h"
#include "sql/catalogue.h"

namespace kura::advise {

struct NewExploreInput {
  SourceShape shape;
  ProjectStyle style;
  std::string kind;    // "current" or "daily"
  std::string name;    // of the explore
  std::string entity;  // a table; empty: the one that the explore's name names
  std::string fact;    // a table; empty: the one that fits best
};

/// What to write: new files, and text for the end of the model file.
struct NewExplore {
  std::vector<ProjectFile> files;
  std::string explore;   // LookML
  std::string question;  // arguments of `kura query`
  std::vector<std::string> notes;
};

/// Designs the explore. Errors: kInvalid (the name is taken, the entity has no key or no facts, a
/// view of the project does not fit), kNotFound (no such table, with what is near).
Result<NewExplore> PlanNewExplore(const NewExploreInput& input, const lookml::Model& model);

/// The shape of a source as the warehouse holds it: without samples, enums and foreign keys.
SourceShape ShapeOf(const sql::Catalogue& catalogue, const std::string& source);

}  // namespace kura::advise
