// cli/command_line.h: arguments → the command that they name, run. The program and the command
// socket both come through here.
#pragma once
#include <string>
#include <vector>

namespace kura::cli {

/// Runs `kura <arguments…>` on the current terminal; the exit code. With `may_send`, a command that
/// needs the warehouse goes to the process that owns it, when there is one.
int RunCommandLine(const std::vector<std::string>& arguments, bool may_send);

}  // namespace kura::cli
