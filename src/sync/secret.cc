// Files and commands that hold a password.
#include "sync/secret.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "sync/shell_command.h"

namespace kura::sync {
namespace {

constexpr std::size_t kPasswordBytesMax = 65'536;
constexpr int kPumpMs = 20;
constexpr int kNotFoundStatus = 127;  // The shell's word for "no such command".
constexpr const char* kWhere = "see password_command in kura.local.yaml";

// Editors and `echo` end a file with a line break that is no part of the password.
std::string WithoutLineEnd(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

Result<std::string> FromFile(const std::string& path) {
  const Result<std::string> text = ReadFile(path, kPasswordBytesMax);
  if (!text) return Annotate(text.error(), "password_file");
  std::string password = WithoutLineEnd(*text);
  if (password.empty()) return Fail(Code::kInvalid, "password_file: {} is empty", path);
  return password;
}

// What a command said in its trouble, without the secret should it have said that too.
std::string Complaint(const ShellCommand& command) {
  const std::string secret = WithoutLineEnd(command.output());
  std::string words = LastWords(command.errors());
  for (const std::string_view line : Split(secret, '\n')) {
    if (!Trim(line).empty()) words = ReplaceAll(words, Trim(line), "…");
  }
  return words.empty() ? "" : ": " + words;
}

Result<std::string> FromCommand(const std::string& text, double timeout_s) {
  Result<std::unique_ptr<ShellCommand>> started = ShellCommand::Start(text);
  if (!started) return Annotate(started.error(), "password_command");
  ShellCommand& command = **started;
  const double end_s = MonotonicSeconds() + timeout_s;
  while (!command.Ended() && MonotonicSeconds() < end_s) command.Pump(kPumpMs);
  command.Pump(0);
  const std::optional<int> status = command.Ended();
  if (!status) {
    return FailWithHint(
        Code::kUnavailable,
        fmt::format("password_command did not end within {} s{}", timeout_s, Complaint(command)),
        "it has no terminal, so it cannot ask for anything: " + std::string(kWhere));
  }
  if (*status != 0) {
    return FailWithHint(
        *status == kNotFoundStatus ? Code::kInvalid : Code::kUnavailable,
        fmt::format("password_command failed with status {}{}", *status, Complaint(command)),
        kWhere);
  }
  std::string password = WithoutLineEnd(command.output());
  if (password.empty()) {
    return FailWithHint(Code::kInvalid,
                        "password_command printed no password" + Complaint(command),
                        "it must print the password, and nothing else, to standard output");
  }
  return password;
}

}  // namespace

Result<std::string> ReadPassword(const MysqlConfig& config, double timeout_s) {
  if (!config.password_command.empty()) return FromCommand(config.password_command, timeout_s);
  if (!config.password_file.empty()) return FromFile(config.password_file);
  return config.password;
}

}  // namespace kura::sync
