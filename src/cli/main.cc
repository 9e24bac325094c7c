// The program.
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/interrupt.h"

int main(int argc, char** argv) {
  kura::cli::BlockInterrupts();
  return kura::cli::RunCommandLine(std::vector<std::string>(argv + 1, argv + argc), true);
}
