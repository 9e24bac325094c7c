// kura verify: compares what was synced with the sources of kura.yaml, names what differs, and puts
// it right when asked to.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "base/clock.h"
#include "base/text.h"
#include "cli/command_socket.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/verify_summary.h"

namespace kura::cli {
namespace {

constexpr double kDefaultBudgetSeconds = 10;
constexpr std::int64_t kCountMax = 1'000'000;

struct VerifyCommandOptions {
  std::vector<std::string> tables;
  std::string budget;
  bool repair = false;
  bool confirm_deletes = false;
};

// "30s", "5m", "2h" or seconds; negative when it is none of these.
double SecondsOf(std::string_view text) {
  double unit = 1;
  if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h')) {
    unit = text.back() == 'h' ? 3600 : text.back() == 'm' ? 60 : 1;
    text.remove_suffix(1);
  }
  std::int64_t count = 0;
  if (!ParseInt(text, &count) || count < 0 || count > kCountMax) return -1;
  return unit * static_cast<double>(count);
}

int ReportFailure(const Globals& globals, const std::string& source, Error error) {
  if (!error.message.starts_with(source)) error.message = source + ": " + error.message;
  return ReportError(globals, error);
}

int ReportTables(const Globals& globals, const sync::VerifyReport& report) {
  int exit_code = kExitDone;
  for (const sync::TableVerdict& table : report.tables) {
    if (table.status == sync::VerifyStatus::kDiffers) {
      exit_code = std::max<int>(exit_code, kExitMismatch);
    }
    if (!table.error) continue;
    // A repair that was refused is no failure of the outside: the mismatch counts.
    int code = ExitCodeOf(table.error->code);
    if (!globals.json) code = ReportFailure(globals, table.table, *table.error);
    exit_code = std::max(exit_code, code);
  }
  return exit_code;
}

int VerifyOne(const Globals& globals, const project::SourceEntry& entry,
              warehouse::Warehouse& warehouse, const sync::VerifyOptions& options) {
  const Result<sync::SourceConfig> source = project::ResolveSource(entry);
  if (!source) return ReportFailure(globals, entry.config.name, source.error());
  ProgressBoard board(globals);
  sync::VerifyOptions with_progress = options;
  with_progress.on_progress = [&board](const sync::Progress& progress) { board.Update(progress); };
  const double begin_s = MonotonicSeconds();
  const SystemClock clock;
  const Result<sync::VerifyReport> report =
      sync::VerifySource(*source, warehouse, clock, with_progress);
  board.Clear();
  if (!report) return ReportFailure(globals, entry.config.name, report.error());
  if (globals.json) {
    Print(VerifyJson(*report, entry.config.name, MonotonicSeconds() - begin_s) + "\n");
  } else {
    Print(VerifyText(*report, clock.Now()));
  }
  return ReportTables(globals, *report);
}

int Verify(const Globals& globals, const VerifyCommandOptions& options) {
  const double budget_s =
      options.budget.empty() ? kDefaultBudgetSeconds : SecondsOf(options.budget);
  if (budget_s < 0) {
    ReportError(globals,
                {Code::kInvalid,
                 "--budget: '" + options.budget + "' is no time",
                 "for example  --budget 30s  or  --budget 5m"});
    return kExitUsage;
  }
  int exit_code = kExitDone;
  const std::unique_ptr<project::Project> project = OpenProject(globals, &exit_code);
  if (!project) return exit_code;
  if (project->config().sources.empty()) {
    return ReportError(globals,
                       {Code::kInvalid,
                        "kura.yaml names no sources",
                        "add one:  sources: {shop: {type: mysql, host: …, user: …, database: …}}"});
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
  sync::VerifyOptions verify_options;
  verify_options.tables = options.tables;
  verify_options.budget_s = budget_s;
  verify_options.repair = options.repair;
  verify_options.confirm_deletes = options.confirm_deletes;
  verify_options.stop = &stop;
  for (const project::SourceEntry& entry : project->config().sources) {
    exit_code = std::max(exit_code, VerifyOne(globals, entry, **warehouse, verify_options));
    if (stop) break;
  }
  return watcher.interrupted() ? static_cast<int>(kExitInterrupted) : exit_code;
}

}  // namespace

void AddVerify(CLI::App& app, const Globals& globals, RunCommand* run) {
  const auto options = std::make_shared<VerifyCommandOptions>();
  CLI::App* command = app.add_subcommand("verify", "compare the warehouse with the sources");
  command->add_option(
      "tables", options->tables, "only these tables (default: all that were synced)");
  command
      ->add_option("--budget",
                   options->budget,
                   "time for re-reading values, of all tables together (default: 10s); keys are "
                   "always compared whole")
      ->type_name("TIME");
  command->add_flag("--repair", options->repair, "put right what differs, and verify it again");
  command->add_flag("--confirm-deletes",
                    options->confirm_deletes,
                    "with --repair: remove however many rows the source does not have");
  command->footer(
      "Examples:\n  kura verify\n  kura verify orders --budget 5m\n  kura verify users --repair\n"
      "\nExit code 4 when a table differs.");
  command->callback([&globals, options, run] {
    *run = [&globals, options] { return Verify(globals, *options); };
  });
}

}  // namespace kura::cli
