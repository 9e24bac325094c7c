// What of seeds/ is the project's business: where it is.
#include "project/seeds.h"

#include "base/file.h"

namespace kura::project {
namespace {

constexpr const char* kSeedFolder = "seeds";

}  // namespace

sync::SeedsInput SeedsOf(const Project& project) {
  return {project.PathOf(kSeedFolder), project.config().seeds, project.config().timezone};
}

std::string SeedsFingerprint(const Project& project) {
  return FilesFingerprint(project.PathOf(kSeedFolder), "");
}

}  // namespace kura::project
