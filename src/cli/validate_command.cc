// kura validate: checks kura.yaml and the LookML files, against the warehouse's columns when there
// is a warehouse that nobody else has open.
#include <fmt/format.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "lookml/load.h"
#include "project/seeds.h"

namespace kura::cli {
namespace {

std::string Count(std::size_t number, std::string_view word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

// What is known of tables: those of the warehouse, without one only the seeds, whose files are
// there.
sql::Catalogue ReadCatalogue(const Globals& globals, project::Project& project) {
  if (!project.HasWarehouse()) return {};
  const Result<execute::Snapshot> snapshot = project.TakeSnapshot(nullptr);
  if (snapshot) return *snapshot->catalogue;
  Note(globals, "columns were not checked: " + snapshot.error().message);
  return {};
}

int Validate(const Globals& globals) {
  int exit_code = kExitDone;
  const std::unique_ptr<project::Project> project = OpenProject(globals, &exit_code);
  if (!project) return exit_code;
  const double begin_s = MonotonicSeconds();
  Diagnostics diagnostics;
  const auto model = project->LoadModel(diagnostics);
  const double parsed_s = MonotonicSeconds();
  sql::Catalogue catalogue = ReadCatalogue(globals, *project);
  const double opened_s = MonotonicSeconds();
  sync::CheckSeeds(project::SeedsOf(*project), &catalogue, diagnostics);
  lookml::Validate(*model, &catalogue, diagnostics);
  diagnostics.Sort();
  const double spent_s = MonotonicSeconds() - begin_s - (opened_s - parsed_s);
  if (globals.json) {
    Print(fmt::format("{{\"files\":{},\"errors\":{},\"warnings\":{},\"diagnostics\":{}}}\n",
                      model->files.size(),
                      diagnostics.error_count(),
                      diagnostics.warning_count(),
                      DiagnosticsJson(diagnostics)));
  } else {
    ReportDiagnostics(globals, diagnostics);
    Note(globals,
         fmt::format("{}, {} in {} ({:.0f} ms)",
                     Count(diagnostics.error_count(), "error"),
                     Count(diagnostics.warning_count(), "warning"),
                     Count(model->files.size(), "file"),
                     spent_s * 1000));
  }
  return diagnostics.has_errors() ? kExitUserError : kExitDone;
}

}  // namespace

void AddValidate(CLI::App& app, const Globals& globals, RunCommand* run) {
  CLI::App* command = app.add_subcommand("validate", "check the LookML files");
  command->footer("Examples:\n  kura validate\n  kura validate --json");
  command->callback([&globals, run] { *run = [&globals] { return Validate(globals); }; });
}

}  // namespace kura::cli
