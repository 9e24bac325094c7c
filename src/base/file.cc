// Files by the C++ standard library, flushed by POSIX calls.
#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace kura {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> SystemError(std::string_view doing, const std::string& path) {
  const int number = errno;
  const Code code = number == ENOENT ? Code::kNotFound : Code::kUnavailable;
  return Fail(code, "{} {}: {}", doing, path, std::strerror(number));
}

// Writes all bytes to an open descriptor and flushes them to the disk.
bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, std::size_t bytes_max) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  if (!stream) return SystemError("cannot read", path);
  const std::streamoff size = stream.tellg();
  if (size < 0) return Fail(Code::kInvalid, "cannot read {}: it is not a file", path);
  if (static_cast<std::size_t>(size) > bytes_max) {
    return Fail(Code::kInvalid, "{} is larger than {} bytes", path, bytes_max);
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.seekg(0);
  if (!stream.read(text.data(), size)) return SystemError("cannot read", path);
  return text;
}

Status WriteFile(const std::string& path, std::string_view content) {
  const std::string beside = path + ".tmp";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return SystemError("cannot write", path);
  const bool written = WriteAll(descriptor, content);
  if (::close(descriptor) != 0 || !written) return SystemError("cannot write", path);
  if (::rename(beside.c_str(), path.c_str()) != 0) return SystemError("cannot write", path);
  return {};
}

Result<std::vector<std::string>> ListFiles(const std::string& folder, std::string_view suffix) {
  std::error_code problem;
  std::vector<std::string> names;
  fs::recursive_directory_iterator at(folder, problem);
  if (problem) {
    return Fail(Code::kNotFound, "cannot read folder {}: {}", folder, problem.message());
  }
  for (; at != fs::recursive_directory_iterator(); at.increment(problem)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      if (name.starts_with('.')) at.disable_recursion_pending();
    } else if (name.ends_with(suffix)) {
      names.push_back(at->path().lexically_relative(folder).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string FilesFingerprint(const std::string& folder, std::string_view suffix) {
  std::string print;
  const Result<std::vector<std::string>> names = ListFiles(folder, suffix);
  if (!names) return print;
  for (const std::string& name : *names) {
    struct stat info = {};
    if (::stat(JoinPath(folder, name).c_str(), &info) != 0) continue;
    print +=
        fmt::format("{} {} {}.{}\n", name, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  }
  return print;
}

bool PathExists(const std::string& path) {
  std::error_code problem;
  return fs::exists(fs::symlink_status(path, problem));
}

Status MakeFolder(const std::string& path) {
  std::error_code problem;
  fs::create_directories(path, problem);
  if (problem) {
    return Fail(Code::kUnavailable, "cannot create folder {}: {}", path, problem.message());
  }
  return {};
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  return (fs::path(folder) / fs::path(name)).string();
}

}  // namespace kura
