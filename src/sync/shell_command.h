// sync/shell_command.h: a command of the user's own (tunnel, password_command) as a process that
// cannot outlive us. It runs in a session of its own, so it has no terminal to ask on, Ctrl-C does
// not reach it, and its whole group can be ended; a small guardian ends that group when kura dies.
#pragma once
#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace kura::sync {

/// A running `/bin/sh -c` command. Not shared between threads.
class ShellCommand {
  struct Passkey {};  // Only Start makes commands.

 public:
  /// Starts it with an empty standard input. Errors: kUnavailable (no process).
  static Result<std::unique_ptr<ShellCommand>> Start(const std::string& command);
  explicit ShellCommand(Passkey) {}
  /// Ends the command's whole process group: asks first, kills after a second.
  ~ShellCommand();
  ShellCommand(const ShellCommand&) = delete;
  ShellCommand& operator=(const ShellCommand&) = delete;

  /// Waits up to `wait_ms` for output and takes it in. Without reading, a command that says much
  /// would stand still.
  void Pump(int wait_ms);
  /// How it ended, as the shell shows it: its status, or 128 + the signal. Nothing while it runs.
  std::optional<int> Ended();
  /// Its process group.
  pid_t group() const { return pid_; }

  /// What it wrote to standard output (its first 64 KB) and to standard error (its last 4 KB).
  const std::string& output() const { return output_; }
  const std::string& errors() const { return errors_; }

 private:
  Status StartGuardian();
  void Take(int* descriptor, bool is_output);

  pid_t pid_ = -1;
  pid_t guardian_ = -1;
  int guardian_pipe_ = -1;  // Its end of file tells the guardian that we are gone.
  int output_pipe_ = -1;
  int error_pipe_ = -1;
  std::optional<int> ended_;
  std::string output_;
  std::string errors_;
};

/// The last words of a command on standard error, on one line; "" when it said nothing.
std::string LastWords(const std::string& errors);

}  // namespace kura::sync
