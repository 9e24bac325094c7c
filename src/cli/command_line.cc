// Global options, the chosen command, its exit code.
#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <sstream>

#include "cli/app.h"
#include "cli/command_socket.h"
#include "cli/commands.h"

namespace kura::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  kura init shop --from mysql://reader@db/shop   a new project for a database\n"
    "  kura sync                       copy every table of the sources in kura.yaml\n"
    "  kura validate                   check the LookML files\n"
    "  kura query users_now prefecture count --sort \"count desc\"\n"
    "  kura serve --port 8080          the web page and the API\n"
    "\n"
    "Exit codes: 0 done · 1 your files or question are wrong · 2 wrong usage · 3 the outside "
    "failed\n"
    "(source, warehouse, disk) · 4 the data does not match · 70 a bug in kura · 130 interrupted";

void AddGlobals(CLI::App& app, Globals* globals) {
  app.add_option(
         "--project", globals->project, "the folder with kura.yaml (default: the nearest parent)")
      ->type_name("DIR");
  app.add_flag("--json", globals->json, "machine-readable answers on stdout");
  app.add_flag("--quiet,-q", globals->quiet, "no progress and no notes");
  app.add_flag("--no-color", globals->no_color, "no colours");
  app.set_version_flag("--version", "kura " + std::string(kVersion));
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
}

// What CLI11 prints for --help and for wrong usage goes to the command's terminal.
int Explain(const CLI::App& app, const CLI::ParseError& problem) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = app.exit(problem, out, err);
  std::fputs(out.str().c_str(), CurrentTerminal().out);
  std::fputs(err.str().c_str(), CurrentTerminal().err);
  return code == 0 ? kExitDone : kExitUsage;
}

bool NeedsWarehouse(const CLI::App& app) {
  const std::string name = app.get_subcommands().front()->get_name();
  return std::find(kCommandsToSend.begin(), kCommandsToSend.end(), name) != kCommandsToSend.end();
}

}  // namespace

int RunCommandLine(const std::vector<std::string>& arguments, bool may_send) {
  CLI::App app("kura: a product team's own data platform in one program", "kura");
  Globals globals;
  AddGlobals(app, &globals);
  RunCommand run;
  AddInit(app, globals, &run);
  AddNew(app, globals, &run);
  AddDoctor(app, globals, &run);
  AddSync(app, globals, &run);
  AddVerify(app, globals, &run);
  AddValidate(app, globals, &run);
  AddQuery(app, globals, &run);
  AddSql(app, globals, &run);
  AddServe(app, globals, &run);
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& problem) {
    return Explain(app, problem);
  }
  if (!NeedsWarehouse(app)) {
    if (CurrentTerminal().is_ours) return run();
    return ReportError(globals, {Code::kInvalid, "this command is not one that can be sent", ""});
  }
  if (may_send) {
    const std::optional<int> sent = SendCommand(globals, arguments);
    if (sent) return *sent;
  }
  return run();
}

}  // namespace kura::cli
