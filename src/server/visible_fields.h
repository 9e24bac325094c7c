// server/visible_fields.h: which fields an explore shows: all of its views, less what `fields:` of
// the explore and of its joins leave out.
#pragma once
#include <string>
#include <vector>

#include "lookml/model.h"

namespace kura::server {

/// A field where an explore shows it. Points into the model.
struct VisibleField {
  std::string alias;
  const lookml::View* view = nullptr;
  const lookml::Field* field = nullptr;
};

/// The fields of `explore` in the order of its views and of their text; hidden ones too. Aliases
/// without a view are left out (validation reports them).
std::vector<VisibleField> VisibleFields(const lookml::Model& model, const lookml::Explore& explore);

}  // namespace kura::server
