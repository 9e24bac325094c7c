// base/file.h: whole files and folders; names in messages are relative to what the user knows.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kura {

/// Reads a file of at most `bytes_max`. Errors: kNotFound, kInvalid (too large), kUnavailable.
Result<std::string> ReadFile(const std::string& path, std::size_t bytes_max = 64'000'000);

/// Writes a file beside and renames it over `path`, after flushing to disk. Errors: kUnavailable.
Status WriteFile(const std::string& path, std::string_view content);

/// All regular files below `folder` whose name ends in `suffix`, as paths relative to it, sorted.
/// Folders whose name begins with a dot are left out. Errors: kNotFound, kUnavailable.
Result<std::vector<std::string>> ListFiles(const std::string& folder, std::string_view suffix);

/// A text that changes when one of the files that ListFiles finds changes: names, sizes and times
/// of change. Empty when there are none.
std::string FilesFingerprint(const std::string& folder, std::string_view suffix);

/// Tells whether something is at `path`.
bool PathExists(const std::string& path);

/// Creates a folder and its parents. Errors: kUnavailable.
Status MakeFolder(const std::string& path);

/// Joins two parts of a path; an absolute `name` stays as it is.
std::string JoinPath(std::string_view folder, std::string_view name);

}  // namespace kura
