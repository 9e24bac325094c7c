// One pointer per thread: a command runs on one thread, and what it starts is told explicitly.
#include "cli/terminal.h"

#include <cstdlib>

namespace kura::cli {
namespace {

thread_local const Terminal* current = nullptr;

}  // namespace

const Terminal& CurrentTerminal() {
  static const Terminal ours;
  return current == nullptr ? ours : *current;
}

std::string Variable(const char* name) {
  const Terminal& terminal = CurrentTerminal();
  if (terminal.is_ours) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  }
  const auto found = terminal.variables.find(name);
  return found == terminal.variables.end() ? "" : found->second;
}

TerminalScope::TerminalScope(const Terminal* terminal) : previous_(current) {
  current = terminal;
}

TerminalScope::~TerminalScope() {
  current = previous_;
}

}  // namespace kura::cli
