// kura sync: copies the sources of kura.yaml into the warehouse and prints what happened per table.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/text.h"
#include "cli/command_socket.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/seed_sync.h"
#include "cli/sync_summary.h"

namespace kura::cli {
namespace {

struct SyncCommandOptions {
  std::vector<std::string> tables;
  bool full = false;
  bool confirm_deletes = false;
  bool drop_gone = false;
};

// What the user is told when a source could not be copied at all.
int ReportFailure(const Globals& globals, const std::string& source, Error error) {
  if (!error.message.starts_with(source)) error.message = source + ": " + error.message;
  return ReportError(globals, error);
}

// Copies one source; the exit code.
int SyncOne(const Globals& globals, const project::Project& project,
            const project::SourceEntry& entry, warehouse::Warehouse& warehouse,
            const sync::SyncOptions& options) {
  const Result<sync::SourceConfig> source = project::ResolveSource(entry);
  if (!source) return ReportFailure(globals, entry.config.name, source.error());
  ProgressBoard board(globals);
  sync::SyncOptions with_progress = options;
  with_progress.on_progress = [&board](const sync::Progress& progress) { board.Update(progress); };
  const double begin_s = MonotonicSeconds();
  const Result<sync::SyncReport> report =
      sync::SyncSource(*source, warehouse, SystemClock(), with_progress);
  board.Clear();
  if (!report) return ReportFailure(globals, entry.config.name, report.error());
  const SummaryInput summary{project.config().timezone,
                             MonotonicSeconds() - begin_s,
                             entry.config.name,
                             project.config().warehouse_path};
  if (globals.json) {
    Print(SummaryJson(*report, summary) + "\n");
  } else {
    Print(SummaryTable(*report, summary));
  }
  for (const std::string& warning : report->warnings) Note(globals, "warning: " + warning);
  int exit_code = kExitDone;
  for (const sync::TableReport& table : report->tables) {
    if (!table.error) continue;
    Error error = *table.error;
    if (!error.message.starts_with(table.table)) error.message = table.table + ": " + error.message;
    exit_code =
        std::max(exit_code, globals.json ? ExitCodeOf(error.code) : ReportError(globals, error));
  }
  return exit_code;
}

int Sync(const Globals& globals, const SyncCommandOptions& options) {
  int exit_code = kExitDone;
  const std::unique_ptr<project::Project> project = OpenProject(globals, &exit_code);
  if (!project) return exit_code;
  const SyncChoice choice = ChooseSeeds(*project, options.tables);
  if (project->config().sources.empty() && choice.sources) {
    const bool has_seeds = HasSeeds(*project);
    if (!choice.source_tables.empty() && has_seeds) {
      return ReportError(globals,
                         {Code::kNotFound,
                          fmt::format("there is no file seeds/{}.csv", choice.source_tables[0]),
                          "kura sync seeds  loads what there is; kura.yaml names no sources"});
    }
    if (!has_seeds) {
      return ReportError(
          globals,
          {Code::kInvalid,
           "kura.yaml names no sources",
           "add one:  sources: {shop: {type: mysql, host: …, user: …, database: …}}"});
    }
  }
  const Result<warehouse::Warehouse*> warehouse = project->OpenWarehouse();
  if (!warehouse) return ReportError(globals, warehouse.error());
  // Questions of other terminals are answered meanwhile.
  std::unique_ptr<CommandSocket> socket;
  if (CurrentTerminal().is_ours) {
    Result<std::unique_ptr<CommandSocket>> listening =
        CommandSocket::Listen(project->folder(), **warehouse, {[] {}, true});
    if (listening) socket = *std::move(listening);
  }
  std::atomic<bool> stop = false;
  const InterruptWatcher watcher([&stop] { stop = true; });
  sync::SyncOptions sync_options;
  sync_options.tables = choice.source_tables;
  sync_options.full = options.full;
  sync_options.confirm_deletes = options.confirm_deletes;
  sync_options.stop = &stop;
  if (choice.seeds) {
    exit_code = SyncSeedFiles(
        globals, *project, **warehouse, {choice.seed_tables, options.full, options.drop_gone});
  }
  for (const project::SourceEntry& entry : project->config().sources) {
    if (!choice.sources) break;
    exit_code = std::max(exit_code, SyncOne(globals, *project, entry, **warehouse, sync_options));
    if (stop) break;
  }
  if (!watcher.interrupted()) return exit_code;
  Note(globals, "interrupted; tables that were not finished are as they were before");
  return kExitInterrupted;
}

}  // namespace

void AddSync(CLI::App& app, const Globals& globals, RunCommand* run) {
  const auto options = std::make_shared<SyncCommandOptions>();
  CLI::App* command = app.add_subcommand("sync", "copy the sources and seeds into the warehouse");
  command->add_option("tables",
                      options->tables,
                      "only these tables (default: all); seeds means all of seeds/*.csv");
  command->add_flag("--full", options->full, "copy whole tables even when a delta would do");
  command->add_flag("--confirm-deletes",
                    options->confirm_deletes,
                    "remove however many rows the source no longer has");
  command->add_flag(
      "--drop-gone", options->drop_gone, "drop the tables of seeds whose file is gone");
  command->footer(
      "Examples:\n  kura sync\n  kura sync orders users\n  kura sync --full orders\n"
      "  kura sync seeds");
  command->callback(
      [&globals, options, run] { *run = [&globals, options] { return Sync(globals, *options); }; });
}

}  // namespace kura::cli
