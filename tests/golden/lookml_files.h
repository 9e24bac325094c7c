// tests/golden/lookml_files.h: the virtual files of a golden test as a LookML project, for every
// runner that needs a model.
#pragma once
#include <memory>
#include <string>

#include "golden/runner.h"
#include "lookml/model.h"

namespace kura::golden {

/// The findings as the command line prints them, sorted, with their kinds.
std::string RenderSorted(Diagnostics& diagnostics);

/// Loads the context's *.lkml files with the builtin views. `extra`, when not empty, is added as
/// the file "test.model.lkml". The project's root is "lookml/" when names begin with it, else "".
std::shared_ptr<const lookml::Project> LoadFiles(const Context& context, const std::string& extra,
                                                 Diagnostics& diagnostics);

}  // namespace kura::golden
