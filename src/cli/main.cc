// The program: global options, the chosen command, its exit code.
#include <CLI/CLI.hpp>
#include <clocale>
#include <string>

#include "cli/app.h"
#include "cli/commands.h"
#include "cli/interrupt.h"

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
    "(source, warehouse, disk) · 70 a bug in kura · 130 interrupted";

}  // namespace

int main(int argc, char** argv) {
  kura::cli::BlockInterrupts();
  CLI::App app("kura: a product team's own data platform in one program", "kura");
  kura::cli::Globals globals;
  app.add_option(
         "--project", globals.project, "the folder with kura.yaml (default: the nearest parent)")
      ->type_name("DIR");
  app.add_flag("--json", globals.json, "machine-readable answers on stdout");
  app.add_flag("--quiet,-q", globals.quiet, "no progress and no notes");
  app.add_flag("--no-color", globals.no_color, "no colours");
  app.set_version_flag("--version", "kura " + std::string(kura::cli::kVersion));
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  kura::cli::RunCommand run;
  kura::cli::AddInit(app, globals, &run);
  kura::cli::AddNew(app, globals, &run);
  kura::cli::AddDoctor(app, globals, &run);
  kura::cli::AddSync(app, globals, &run);
  kura::cli::AddValidate(app, globals, &run);
  kura::cli::AddQuery(app, globals, &run);
  kura::cli::AddSql(app, globals, &run);
  kura::cli::AddServe(app, globals, &run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    const int code = app.exit(problem);
    return code == 0 ? kura::cli::kExitDone : kura::cli::kExitUsage;
  }
  return run();
}
