// cli/terminal.h: where a command speaks: this process's own terminal, or that of a command that
// was sent here because this process owns the warehouse (command_socket.h).
#pragma once
#include <atomic>
#include <cstdio>
#include <map>
#include <string>

#include "warehouse/warehouse.h"

namespace kura::cli {

/// One command's surroundings.
struct Terminal {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
  bool is_ours = true;                           // false: the command was sent here
  std::map<std::string, std::string> variables;  // of a command that was sent
  const std::atomic<bool>* gone = nullptr;       // set when its sender has ended or pressed Ctrl-C
  warehouse::Warehouse* warehouse = nullptr;     // the open one that it uses
};

/// The terminal of the command that runs on this thread.
const Terminal& CurrentTerminal();

/// An environment variable of the command that runs on this thread; "" when unset.
std::string Variable(const char* name);

/// Makes `terminal` the current one of this thread while it lives.
class TerminalScope {
 public:
  explicit TerminalScope(const Terminal* terminal);
  ~TerminalScope();
  TerminalScope(const TerminalScope&) = delete;
  TerminalScope& operator=(const TerminalScope&) = delete;

 private:
  const Terminal* previous_;
};

}  // namespace kura::cli
