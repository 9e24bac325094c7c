// Symlinks by POSIX calls; names of generations are numbers that only grow.
#include "warehouse/generation.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"

namespace kura::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".duckdb";

// Where the generations of `path` lie: its name without the suffix.
fs::path FolderOf(const fs::path& path) {
  fs::path folder = path;
  if (path.extension() == kSuffix) return folder.replace_extension();
  return folder += ".generations";
}

// The number in "12.duckdb", 0 for other names (logs, strangers).
std::int64_t NumberOf(const fs::path& file) {
  std::int64_t number = 0;
  if (file.extension() != kSuffix || !ParseInt(file.stem().string(), &number)) return 0;
  return number;
}

tl::unexpected<Error> SystemError(std::string_view doing, const std::string& path) {
  return Fail(Code::kUnavailable, "cannot {} {}: {}", doing, path, std::strerror(errno));
}

}  // namespace

Status FlushFolder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return SystemError("open", folder);
  const bool flushed = ::fsync(descriptor) == 0;
  const tl::unexpected<Error> error = SystemError("flush", folder);
  ::close(descriptor);
  if (!flushed) return error;
  return {};
}

Result<std::string> NewGeneration(const std::string& path) {
  const fs::path folder = FolderOf(path);
  TRY_STATUS(MakeFolder(folder.string()));
  std::error_code error;
  std::int64_t last = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    last = std::max(last, NumberOf(entry->path()));
  }
  if (error)
    return Fail(Code::kUnavailable, "cannot list {}: {}", folder.string(), error.message());
  return (folder / (std::to_string(last + 1) + std::string(kSuffix))).string();
}

Status PublishGeneration(const std::string& path, const std::string& file) {
  const fs::path link(path);
  const std::string parent = link.has_parent_path() ? link.parent_path().string() : ".";
  const std::string beside = path + ".new";
  const std::string target = fs::path(file).lexically_relative(parent).string();
  if (::unlink(beside.c_str()) != 0 && errno != ENOENT) return SystemError("remove", beside);
  if (::symlink(target.c_str(), beside.c_str()) != 0) return SystemError("create", beside);
  if (::rename(beside.c_str(), path.c_str()) != 0) return SystemError("rename", beside);
  TRY_STATUS(FlushFolder(fs::path(file).parent_path().string()));
  return FlushFolder(parent);
}

Result<std::string> CurrentGeneration(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (status.type() == fs::file_type::regular) return path;
  if (status.type() == fs::file_type::symlink) {
    const fs::path target = fs::read_symlink(path, error);
    if (error) return Fail(Code::kUnavailable, "cannot read {}: {}", path, error.message());
    const fs::path file = target.is_absolute() ? target : fs::path(path).parent_path() / target;
    TRY_STATUS(MakeFolder(file.parent_path().string()));
    return file.string();
  }
  if (status.type() != fs::file_type::not_found) {
    return Fail(Code::kUnavailable, "{} is neither a file nor a link to one", path);
  }
  TRY(const std::string first, NewGeneration(path));
  TRY_STATUS(PublishGeneration(path, first));
  return first;
}

}  // namespace kura::warehouse
