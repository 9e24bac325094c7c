// The terminal is opened by itself, so that pipes of stdin and stdout do not matter.
#include "cli/password.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace kura::cli {
namespace {

// Turns the echo off while it lives.
class Quiet {
 public:
  explicit Quiet(int terminal) : terminal_(terminal) {
    known_ = ::tcgetattr(terminal, &before_) == 0;
    if (!known_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    known_ = ::tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
  }
  ~Quiet() {
    if (known_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  bool silent() const { return known_; }

 private:
  int terminal_;
  bool known_ = false;
  termios before_ = {};
};

bool Say(int terminal, const std::string& text) {
  return ::write(terminal, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::optional<std::string> ReadLine(int terminal) {
  constexpr std::size_t kPasswordBytesMax = 1024;
  std::string line;
  for (char c = '\0'; line.size() < kPasswordBytesMax;) {
    const ssize_t read = ::read(terminal, &c, 1);
    if (read <= 0) return std::nullopt;
    if (c == '\n') return line;
    if (c != '\r') line += c;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> AskPassword(const std::string& prompt) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) return std::nullopt;
  std::optional<std::string> password;
  {
    const Quiet quiet(terminal);
    if (quiet.silent() && Say(terminal, prompt)) {
      password = ReadLine(terminal);
      (void)Say(terminal, "\n");  // The person's own line end was not shown.
    }
  }
  ::close(terminal);
  return password;
}

}  // namespace kura::cli
