// project/seeds.h: the folder seeds/ of a project, as the sync takes it.
#pragma once
#include <string>

#include "project/project.h"
#include "sync/seed_folder.h"

namespace kura::project {

/// The project's folder and what kura.yaml says of its files.
sync::SeedsInput SeedsOf(const Project& project);

/// A text that changes when a file of seeds/ changes: names, sizes and times of change. Empty
/// without files.
std::string SeedsFingerprint(const Project& project);

}  // namespace kura::project
