// Matching of include patterns.
#include "lookml/include.h"

#include <algorithm>

#include "base/text.h"

namespace kura::lookml {
namespace {

// The folder of a name, with "/" behind it.
std::string_view FolderOf(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(0, slash + 1);
}

}  // namespace

// The usual backtracking to the last star; "**/" may also stand for no folder at all.
bool MatchesPattern(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_name = 0;
  std::size_t deep_star = std::string_view::npos;
  std::size_t deep_name = 0;
  bool whole_folders = false;
  while (n < name.size() || p < pattern.size()) {
    if (pattern.substr(p, 2) == "**") {
      whole_folders = pattern.substr(p, 3) == "**/";
      p += whole_folders ? 3 : 2;
      deep_star = p;
      deep_name = n;
      star = std::string_view::npos;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_name = n;
      continue;
    }
    if (p < pattern.size() && n < name.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
      continue;
    }
    if (star != std::string_view::npos && star_name < name.size() && name[star_name] != '/') {
      p = star;
      n = ++star_name;
    } else if (deep_star != std::string_view::npos && deep_name < name.size()) {
      p = deep_star;
      star = std::string_view::npos;
      ++deep_name;
      if (whole_folders) deep_name = std::min(name.find('/', deep_name - 1), name.size() - 1) + 1;
      n = deep_name;
    } else {
      return false;
    }
  }
  return true;
}

std::string IncludePattern(std::string_view include, std::string_view from, std::string_view root) {
  std::string path(include.starts_with('/') ? root : FolderOf(from));
  path += include.starts_with('/') ? include.substr(1) : include;
  std::vector<std::string> parts;
  for (const std::string_view part : Split(path, '/')) {
    if (part == "." || part.empty()) continue;
    if (part != "..") {
      parts.emplace_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  return Join(parts, "/");
}

bool IncludeMeans(std::string_view pattern, std::string_view name) {
  if (MatchesPattern(pattern, name)) return true;
  constexpr std::string_view kEnding = ".lkml";
  return name.ends_with(kEnding) &&
         MatchesPattern(pattern, name.substr(0, name.size() - kEnding.size()));
}

}  // namespace kura::lookml
