// lookml/load.h: the door of this folder: LookML texts → Project. Pure: the texts are given.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "lookml/model.h"
#include "sql/catalogue.h"

namespace kura::lookml {

/// The texts of a project. Names are as messages show them, for example "lookml/shop.model.lkml";
/// `root` ("lookml/") is the part of them that "/" in includes means. `builtin` holds what
/// "//kura/NAME" includes find, named "NAME" (for example "calendar"), as LookML text.
struct LoadInput {
  std::string root;
  std::vector<std::shared_ptr<const SourceFile>> files;
  std::vector<std::shared_ptr<const SourceFile>> builtin;
};

/// Parses and resolves all models of a project. Mistakes go to `diagnostics`; what could be
/// understood is returned all the same, so that one broken view does not take the others away.
std::shared_ptr<const Project> Load(const LoadInput& input, Diagnostics& diagnostics);

/// Checks a resolved project: unknown fields and views, cycles, types, keys, and columns against
/// `catalogue` (null when there is none yet).
void Validate(const Project& project, const sql::Catalogue* catalogue, Diagnostics& diagnostics);

}  // namespace kura::lookml
