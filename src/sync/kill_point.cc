// Ends the process where a test asks for it, and records which places were reached.
#include "sync/kill_point.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string>

#include "base/ensure.h"

namespace kura::sync {
namespace {

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

void Record(const char* path, std::string_view name) {
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  const std::string line = std::string(name) + "\n";
  // A test that misses the line fails by itself.
  [[maybe_unused]] const ssize_t written = write(file, line.data(), line.size());
  close(file);
}

}  // namespace

void KillPoint(std::string_view name, std::string_view table) {
  ENSURE(std::find(kKillPoints.begin(), kKillPoints.end(), name) != kKillPoints.end());
  const std::string_view only = Variable("KURA_KILL_TABLE");
  if (!only.empty() && only != table) return;
  const std::string_view log = Variable("KURA_KILL_LOG");
  if (!log.empty()) Record(log.data(), name);
  if (Variable("KURA_KILL_AT") == name) std::raise(SIGKILL);
}

bool Planted(std::string_view name) {
  return Variable("KURA_PLANT") == name;
}

}  // namespace kura::sync
