// Starting, reading and ending commands. posix_spawn, since a plain fork of a process with threads
// and a large memory is neither safe nor cheap.
#include "sync/shell_command.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <vector>

#include "base/text.h"

namespace kura::sync {
namespace {

constexpr std::size_t kOutputBytesMax = 64 * 1024;
constexpr std::size_t kErrorBytesKept = 4 * 1024;
constexpr std::size_t kLastWordsBytesMax = 400;
constexpr int kGraceSteps = 100;  // of 10 ms
constexpr const char* kGuardian = "read -r line; kill -s KILL -- \"-$1\"";

void Close(int* descriptor) {
  if (*descriptor >= 0) close(*descriptor);
  *descriptor = -1;
}

// Both ends close on exec: only what a child is given as 0, 1 or 2 reaches it.
Status MakePipe(int* read_end, int* write_end) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Fail(Code::kUnavailable, "no pipe for a command: {}", std::strerror(errno));
  }
  *read_end = ends[0];
  *write_end = ends[1];
  return {};
}

struct Streams {
  int input = -1;  // -1 = /dev/null
  int output = -1;
  int errors = -1;
};

// A shell in a session of its own, with default signals and no descriptor of ours.
Result<pid_t> Spawn(std::vector<std::string> arguments, const Streams& streams) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  const auto give = [&actions](int from, int to, int flags) {
    if (from >= 0) {
      posix_spawn_file_actions_adddup2(&actions, from, to);
    } else {
      posix_spawn_file_actions_addopen(&actions, to, "/dev/null", flags, 0);
    }
  };
  give(streams.input, STDIN_FILENO, O_RDONLY);
  give(streams.output, STDOUT_FILENO, O_WRONLY);
  give(streams.errors, STDERR_FILENO, O_WRONLY);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int problem = posix_spawn(&pid, "/bin/sh", &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (problem != 0) {
    return Fail(Code::kUnavailable, "cannot run /bin/sh: {}", std::strerror(problem));
  }
  return pid;
}

}  // namespace

Result<std::unique_ptr<ShellCommand>> ShellCommand::Start(const std::string& command) {
  auto started = std::make_unique<ShellCommand>(Passkey());
  Streams streams;
  Status piped = MakePipe(&started->output_pipe_, &streams.output);
  if (piped) piped = MakePipe(&started->error_pipe_, &streams.errors);
  Result<pid_t> pid = piped ? Spawn({"sh", "-c", command}, streams)
                            : Result<pid_t>(tl::make_unexpected(piped.error()));
  Close(&streams.output);
  Close(&streams.errors);
  if (!pid) return tl::make_unexpected(pid.error());
  started->pid_ = *pid;
  for (const int descriptor : {started->output_pipe_, started->error_pipe_}) {
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
  }
  TRY_STATUS(started->StartGuardian());
  return started;
}

Status ShellCommand::StartGuardian() {
  Streams streams;
  TRY_STATUS(MakePipe(&streams.input, &guardian_pipe_));
  const Result<pid_t> pid = Spawn({"sh", "-c", kGuardian, "sh", std::to_string(pid_)}, streams);
  Close(&streams.input);
  if (!pid) return tl::make_unexpected(pid.error());
  guardian_ = *pid;
  return {};
}

ShellCommand::~ShellCommand() {
  // The command is not reaped before its group is dead, so the group's number is still ours.
  if (pid_ > 0) {
    kill(-pid_, SIGTERM);
    for (int i = 0; i < kGraceSteps && !Ended(); ++i) Pump(10);
    kill(-pid_, SIGKILL);
  }
  if (guardian_ > 0) {
    kill(guardian_, SIGKILL);
    waitpid(guardian_, nullptr, 0);
  }
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  Close(&guardian_pipe_);
  Close(&output_pipe_);
  Close(&error_pipe_);
}

void ShellCommand::Pump(int wait_ms) {
  std::array<pollfd, 2> waiting = {pollfd{output_pipe_, POLLIN, 0}, pollfd{error_pipe_, POLLIN, 0}};
  poll(waiting.data(), waiting.size(), wait_ms);  // A descriptor of -1 is skipped.
  Take(&output_pipe_, true);
  Take(&error_pipe_, false);
}

void ShellCommand::Take(int* descriptor, bool is_output) {
  std::array<char, 4096> buffer;
  while (*descriptor >= 0) {
    const ssize_t size = read(*descriptor, buffer.data(), buffer.size());
    if (size < 0) return;  // Nothing more for now.
    if (size == 0) return Close(descriptor);
    std::string& text = is_output ? output_ : errors_;
    text.append(buffer.data(), static_cast<std::size_t>(size));
    if (is_output && text.size() > kOutputBytesMax) text.resize(kOutputBytesMax);
    if (!is_output && text.size() > kErrorBytesKept) text.erase(0, text.size() - kErrorBytesKept);
  }
}

std::optional<int> ShellCommand::Ended() {
  if (ended_ || pid_ <= 0) return ended_;
  siginfo_t info = {};
  // WNOWAIT: it stays a zombie, which keeps the group's number from being used again.
  const int known = waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  if (known != 0 || info.si_pid == 0) return std::nullopt;
  ended_ = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
  return ended_;
}

std::string LastWords(const std::string& errors) {
  std::vector<std::string> lines;
  for (const std::string_view line : Split(errors, '\n')) {
    if (!Trim(line).empty()) lines.emplace_back(Trim(line));
  }
  std::string words;
  while (!lines.empty() && words.size() + lines.back().size() <= kLastWordsBytesMax) {
    words = lines.back() + (words.empty() ? "" : "; " + words);
    lines.pop_back();
  }
  if (words.empty() && !lines.empty()) words = lines.back().substr(0, kLastWordsBytesMax);
  return words;
}

}  // namespace kura::sync
