// lookml/include.h: which files an `include` means. Names are those of LoadInput::files.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kura::lookml {

/// Tells whether `name` matches `pattern`: "*" is any run within a folder, "**" across folders.
bool MatchesPattern(std::string_view pattern, std::string_view name);

/// The pattern of an include as a name from the root of all names: "/views/*" means below `root`,
/// others start in the folder of `from`; "." and ".." are resolved.
std::string IncludePattern(std::string_view include, std::string_view from, std::string_view root);

/// Tells whether an include's pattern means the file `name`: as written, or in the old form without
/// the ending ".lkml".
bool IncludeMeans(std::string_view pattern, std::string_view name);

}  // namespace kura::lookml
