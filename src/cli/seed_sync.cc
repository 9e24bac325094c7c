// Mistakes are printed as those of any file of the project, below the summary.
#include "cli/seed_sync.h"

#include <algorithm>

#include "base/clock.h"
#include "cli/sync_summary.h"
#include "project/seeds.h"

namespace kura::cli {

SyncChoice ChooseSeeds(const project::Project& project, const std::vector<std::string>& tables) {
  SyncChoice choice;
  if (tables.empty()) return choice;
  Diagnostics ignored;  // The load reports them.
  const std::vector<sync::SeedPath> paths = sync::ListSeeds(project::SeedsOf(project), ignored);
  bool all = false;
  for (const std::string& table : tables) {
    const bool is_seed = std::any_of(
        paths.begin(), paths.end(), [&](const auto& path) { return path.table == table; });
    if (is_seed) {
      choice.seed_tables.push_back(table);
    } else if (table == sync::kSeedSource) {
      all = true;
    } else {
      choice.source_tables.push_back(table);
    }
  }
  if (all) choice.seed_tables.clear();
  choice.seeds = all || !choice.seed_tables.empty();
  choice.sources = !choice.source_tables.empty();
  return choice;
}

bool HasSeeds(const project::Project& project) {
  Diagnostics ignored;
  return !sync::ListSeeds(project::SeedsOf(project), ignored).empty();
}

int SyncSeedFiles(const Globals& globals, const project::Project& project,
                  warehouse::Warehouse& warehouse, const sync::SeedsOptions& options) {
  const double begin_s = MonotonicSeconds();
  const Result<sync::SeedsReport> done =
      sync::SyncSeeds(project::SeedsOf(project), warehouse, SystemClock(), options);
  if (!done) return ReportError(globals, done.error());
  const SummaryInput summary{project.config().timezone,
                             MonotonicSeconds() - begin_s,
                             std::string(sync::kSeedSource),
                             project.config().warehouse_path};
  const bool has_words = !done->report.tables.empty() || !done->diagnostics.items().empty();
  if (globals.json && has_words) {
    std::string json = SummaryJson(done->report, summary);
    json.pop_back();
    Print(json + ",\"diagnostics\":" + DiagnosticsJson(done->diagnostics) + "}\n");
  } else if (!done->report.tables.empty()) {
    Print(SummaryTable(done->report, summary));
  }
  ReportDiagnostics(globals, done->diagnostics);
  for (const std::string& warning : done->report.warnings) Note(globals, "warning: " + warning);
  int exit_code = done->diagnostics.has_errors() ? kExitUserError : kExitDone;
  for (const sync::TableReport& table : done->report.tables) {
    if (!table.error) continue;
    exit_code =
        std::max(exit_code,
                 globals.json ? ExitCodeOf(table.error->code) : ReportError(globals, *table.error));
  }
  return exit_code;
}

}  // namespace kura::cli
