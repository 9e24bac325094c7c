// Two processes may want the first salt at the same time: each writes its own beside, and the name
// goes to whoever links it first.
#include "project/salt.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "warehouse/generation.h"

namespace kura::project {
namespace {

constexpr std::size_t kSaltBytes = 32;

tl::unexpected<Error> CannotWrite(const std::string& path) {
  return Fail(Code::kUnavailable, "cannot write {}: {}", path, std::strerror(errno));
}

Status WriteOnce(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return CannotWrite(path);
  const bool is_written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file) == 0;
  const auto failure = CannotWrite(path);
  ::close(file);
  if (is_written) return {};
  return failure;
}

Status MakeSalt(const std::string& kura, const std::string& path) {
  TRY_STATUS(MakeFolder(kura));
  const std::string mine = path + "." + RandomHex(8);
  const Status written = WriteOnce(mine, RandomHex(kSaltBytes) + "\n");
  const bool is_linked = written && ::link(mine.c_str(), path.c_str()) == 0;
  const bool is_theirs = !is_linked && errno == EEXIST;
  const auto failure = CannotWrite(path);
  ::unlink(mine.c_str());
  if (!written) return written;
  if (!is_linked && !is_theirs) return failure;
  return warehouse::FlushFolder(kura);
}

}  // namespace

Result<std::string> ReadOrMakeSalt(const std::string& folder) {
  const std::string kura = JoinPath(folder.empty() ? "." : folder, ".kura");
  const std::string path = JoinPath(kura, "salt");
  if (!PathExists(path)) TRY_STATUS(MakeSalt(kura, path));
  TRY(const std::string text, ReadFile(path, 4096));
  const std::string salt(Trim(text));
  const bool is_hex = salt.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (is_hex && salt.size() == 2 * kSaltBytes) return salt;
  return FailWithHint(Code::kInvalid,
                      fmt::format("{} is damaged: it must hold 64 hexadecimal digits", path),
                      "bring it back from a backup; when there is none, remove it: every table "
                      "with a sha256 mask is then copied whole, with other hashes");
}

Status CheckSalt(const std::string& salt) {
  if (salt.size() >= kSaltCharactersMin) return {};
  return FailWithHint(
      Code::kInvalid,
      fmt::format(
          "'salt' has {} characters; at least {} are needed", salt.size(), kSaltCharactersMin),
      "make one with  openssl rand -hex 32");
}

}  // namespace kura::project
