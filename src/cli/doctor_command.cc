// kura doctor: looks at everything that a sync and a question need, one line each, and goes on when
// something is broken. It changes nothing.
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "advise/checkup.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/source_shape.h"
#include "lookml/load.h"
#include "warehouse/state.h"

namespace kura::cli {
namespace {

using advise::CheckLine;
using advise::Level;
using Json = nlohmann::json;

// What the warehouse knows, when it could be opened.
struct Known {
  std::shared_ptr<const sql::Catalogue> catalogue;
  std::vector<warehouse::TableState> states;
};

bool IsUsersFault(Code code) {
  return code == Code::kInvalid || code == Code::kNotFound;
}

CheckLine ErrorLine(const std::string& area, const Error& error) {
  return {Level::kError, area, error.message, error.hint, !IsUsersFault(error.code)};
}

std::int64_t SizeOf(const std::string& path) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(path, problem);
  return problem ? 0 : static_cast<std::int64_t>(size);
}

void CheckSpace(const project::Project& project, std::vector<CheckLine>* lines) {
  struct statvfs disk = {};
  if (::statvfs(project.folder().c_str(), &disk) != 0) return;
  const auto free_bytes = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
  lines->push_back(
      advise::CheckDisk(free_bytes, SizeOf(project.PathOf(project.config().warehouse_path))));
}

Result<Known> ReadWarehouse(project::Project& project) {
  Known known;
  TRY(const execute::Snapshot snapshot, project.TakeSnapshot(nullptr));
  known.catalogue = snapshot.catalogue;
  TRY(const auto connection, snapshot.warehouse->Connect());
  TRY(known.states, warehouse::ReadAllStates(*connection));
  return known;
}

Known CheckWarehouse(project::Project& project, std::vector<CheckLine>* lines) {
  if (!project.HasWarehouse()) {
    lines->push_back({Level::kWarning, "warehouse", "there is none yet", "kura sync", false});
    return {};
  }
  Result<Known> known = ReadWarehouse(project);
  if (known) {
    lines->push_back({Level::kOk,
                      "warehouse",
                      fmt::format("{} opens; {} tables were copied",
                                  project.config().warehouse_path,
                                  known->states.size()),
                      "",
                      false});
    return *std::move(known);
  }
  if (known.error().code == Code::kConflict) {
    lines->push_back({Level::kOk,
                      "warehouse",
                      known.error().message + "; its tables were not looked at",
                      "",
                      false});
  } else {
    lines->push_back(ErrorLine("warehouse", known.error()));
  }
  return {};
}

void CheckModel(const project::Project& project, const Known& known,
                std::vector<CheckLine>* lines) {
  Diagnostics diagnostics;
  const auto model = project.LoadModel(diagnostics);
  lookml::Validate(*model, known.catalogue.get(), diagnostics);
  const std::string found = fmt::format("{} files, {} errors, {} warnings",
                                        model->files.size(),
                                        diagnostics.error_count(),
                                        diagnostics.warning_count());
  const Level level = diagnostics.has_errors()          ? Level::kError
                      : diagnostics.warning_count() > 0 ? Level::kWarning
                                                        : Level::kOk;
  lines->push_back({level, "model", found, level == Level::kOk ? "" : "kura validate", false});
}

std::string TlsName(sync::TlsMode mode) {
  if (mode == sync::TlsMode::kOff) return "off";
  return mode == sync::TlsMode::kSkipVerify ? "skip-verify" : "verify";
}

advise::ServerCheck ToCheck(const sync::SourceConfig& source, const sync::ServerFacts& facts) {
  const sync::MysqlConfig& mysql = source.mysql;
  advise::ServerCheck check;
  check.name = source.name;
  check.address =
      mysql.socket.empty() ? fmt::format("{}:{}", mysql.host, mysql.port) : mysql.socket;
  check.is_local = !mysql.socket.empty() || mysql.host == "127.0.0.1" || mysql.host == "::1" ||
                   mysql.host == "localhost";
  check.database = mysql.database;
  check.server = facts.server;
  check.account = facts.account;
  check.tls = TlsName(mysql.tls);
  check.tls_cipher = facts.tls_cipher;
  check.time_zone = facts.time_zone;
  check.clock_ahead = facts.clock_ahead;
  check.grants = facts.grants;
  check.sees_transactions = facts.sees_transactions;
  check.refused = facts.refused;
  return check;
}

sync::TableConfig ConfigOf(const sync::SourceConfig& source, const std::string& table) {
  const auto found = source.tables.find(table);
  return found == source.tables.end() ? sync::TableConfig() : found->second;
}

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
    return EqualsIgnoreCase(candidate, name);
  });
}

// Which columns the source and the warehouse do not share, but for excluded ones and our own.
void CompareColumns(const sync::SourceTable& table, const sync::TableConfig& config,
                    const sql::CatalogueTable& synced, advise::TableCheck* check) {
  check->is_synced = true;
  for (const sync::SourceColumn& column : table.columns) {
    if (synced.Find(column.name) == nullptr && !Has(config.exclude, column.name)) {
      check->new_columns.push_back(column.name);
    }
  }
  for (const sql::CatalogueColumn& column : synced.columns) {
    if (table.Find(column.name) == nullptr && !column.name.starts_with('_')) {
      check->gone_columns.push_back(column.name);
    }
  }
}

advise::TableCheck ToCheck(const sync::SourceTable& table, const sync::SourceConfig& source,
                           const Known& known) {
  const sync::TableConfig config = ConfigOf(source, table.name);
  advise::TableCheck check;
  check.name = table.name;
  check.rows = table.rows_expected;
  check.has_key = !table.primary_key.empty();
  check.copied_whole = config.mode == sync::TableMode::kFull;
  check.cursor = config.cursor.empty() ? "updated_at" : config.cursor;
  check.has_cursor = table.Find(check.cursor) != nullptr;
  check.cursor_is_indexed = Has(table.indexed_columns, check.cursor);
  if (!known.catalogue) return check;
  check.is_compared = true;
  const sql::CatalogueTable* synced =
      known.catalogue->Find("raw_" + source.name + "." + table.name);
  if (synced != nullptr) CompareColumns(table, config, *synced, &check);
  return check;
}

// Names of kura.yaml that the source does not have: a sync of that table would fail.
std::vector<advise::UnknownName> UnknownNames(const sync::SourceConfig& source,
                                              const sync::SchemaShape& schema) {
  std::vector<advise::UnknownName> unknown;
  std::vector<std::string> tables;
  for (const sync::TableShape& shape : schema.tables) tables.push_back(shape.table.name);
  for (const auto& [name, config] : source.tables) {
    const auto shape =
        std::find_if(schema.tables.begin(), schema.tables.end(), [&, &table = name](const auto& s) {
          return s.table.name == table;
        });
    if (shape == schema.tables.end()) {
      unknown.push_back({"tables", name, tables});
      continue;
    }
    std::vector<std::string> columns;
    for (const sync::SourceColumn& column : shape->table.columns) columns.push_back(column.name);
    for (const std::string& column : config.exclude) {
      if (!Has(columns, column))
        unknown.push_back({"tables." + name + ".exclude", column, columns});
    }
    if (!config.cursor.empty() && !Has(columns, config.cursor)) {
      unknown.push_back({"tables." + name + ".cursor", config.cursor, columns});
    }
  }
  return unknown;
}

// Tables whose DATETIME columns have no zone, neither of their own nor of the source.
std::vector<std::string> Undecided(const sync::SchemaShape& schema,
                                   const sync::SourceConfig& source) {
  std::vector<std::string> tables;
  if (!source.datetime_zone.empty()) return tables;
  for (const sync::TableShape& shape : schema.tables) {
    const auto& columns = shape.table.columns;
    const bool has = std::any_of(columns.begin(), columns.end(), [](const auto& column) {
      return column.clock == sync::ClockKind::kWallClock;
    });
    if (has && ConfigOf(source, shape.table.name).datetime_zone.empty()) {
      tables.push_back(shape.table.name);
    }
  }
  return tables;
}

Status CheckReachable(const sync::SourceConfig& source, const Known& known,
                      std::vector<CheckLine>* lines) {
  TRY(const sync::SchemaShape schema, sync::ReadMysqlClocks(source.mysql));
  std::vector<std::string> names;
  std::vector<advise::TableCheck> tables;
  for (const sync::TableShape& shape : schema.tables) {
    names.push_back(shape.table.name);
    tables.push_back(ToCheck(shape.table, source, known));
  }
  TRY(const sync::ServerFacts facts, sync::ReadMysqlFacts(source.mysql, SystemClock(), names));
  for (CheckLine& line : advise::CheckServer(ToCheck(source, facts))) {
    lines->push_back(std::move(line));
  }
  if (tables.empty()) {
    lines->push_back({Level::kError,
                      source.name,
                      "the account sees no table in " + source.mysql.database,
                      "GRANT SELECT ON " + source.mysql.database + ".* TO it",
                      true});
    return {};
  }
  for (CheckLine& line : advise::CheckNames(source.name, UnknownNames(source, schema))) {
    lines->push_back(std::move(line));
  }
  std::vector<std::string> gone;
  for (const warehouse::TableState& state : known.states) {
    if (state.source == source.name && !Has(names, state.table)) gone.push_back(state.table);
  }
  for (CheckLine& line : advise::CheckTables(source.name, tables, gone)) {
    lines->push_back(std::move(line));
  }
  const advise::SourceShape shape = ToAdvice(schema, source.name);
  if (advise::HasWallClocks(shape)) {
    lines->push_back(advise::CheckZone(source.name,
                                       source.datetime_zone,
                                       Undecided(schema, source),
                                       advise::GuessZone(shape, LocalZone())));
  }
  return {};
}

void CheckSource(const project::SourceEntry& entry, const Known& known,
                 std::vector<CheckLine>* lines) {
  const std::string& name = entry.config.name;
  const Result<sync::SourceConfig> source = project::ResolveSource(entry);
  if (!source) {
    lines->push_back(ErrorLine(name, source.error()));
    return;
  }
  lines->push_back({Level::kOk, name, "its variables and files are there", "", false});
  const Status checked = CheckReachable(*source, known, lines);
  if (!checked) lines->push_back(ErrorLine(name, checked.error()));
}

void CheckTimes(const project::Project& project, const Known& known,
                std::vector<CheckLine>* lines) {
  std::vector<advise::FreshnessCheck> tables;
  for (const warehouse::TableState& state : known.states) {
    if (state.mode == warehouse::kSeedMode) continue;  // Files are never late.
    tables.push_back({"raw_" + state.source + "." + state.table, state.complete_through});
  }
  const Zone zone = Zone::Find(project.config().timezone).value_or(Zone::Utc());
  for (CheckLine& line : advise::CheckFreshness(tables, SystemClock().Now(), zone)) {
    lines->push_back(std::move(line));
  }
}

std::vector<CheckLine> Examine(project::Project& project) {
  std::vector<CheckLine> lines;
  const project::Config& config = project.config();
  lines.push_back({Level::kOk,
                   "kura.yaml",
                   fmt::format("{}: {} source{}, business days in {}",
                               config.name,
                               config.sources.size(),
                               config.sources.size() == 1 ? "" : "s",
                               config.timezone),
                   "",
                   false});
  CheckSpace(project, &lines);
  const Known known = CheckWarehouse(project, &lines);
  CheckModel(project, known, &lines);
  for (const project::SourceEntry& entry : config.sources) CheckSource(entry, known, &lines);
  CheckTimes(project, known, &lines);
  return lines;
}

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kOk:
      return "ok";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "";
}

std::size_t CountOf(const std::vector<CheckLine>& lines, Level level) {
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [&](const CheckLine& line) { return line.level == level; }));
}

std::string Plural(std::size_t count, const std::string& word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

void PrintLines(const Globals& globals, const std::vector<CheckLine>& lines) {
  const bool colour = UseColour(globals, CurrentTerminal().out);
  std::size_t width = 0;
  for (const CheckLine& line : lines) width = std::max(width, DisplayWidth(line.area));
  for (const CheckLine& line : lines) {
    const std::string_view paint = !colour                         ? ""
                                   : line.level == Level::kError   ? "\033[31m"
                                   : line.level == Level::kWarning ? "\033[33m"
                                                                   : "\033[2m";
    Print(fmt::format("{}{}{}  {}  {}\n",
                      paint,
                      PadRight(LevelName(line.level), 7),
                      colour ? "\033[0m" : "",
                      PadRight(line.area, width),
                      line.text));
    if (line.fix.empty()) continue;
    for (const std::string_view step : Split(line.fix, '\n')) {
      Print(std::string(width + 13, ' ') + std::string(step) + "\n");
    }
  }
  Print(fmt::format("{} ok, {}, {}\n",
                    CountOf(lines, Level::kOk),
                    Plural(CountOf(lines, Level::kWarning), "warning"),
                    Plural(CountOf(lines, Level::kError), "error")));
}

void PrintJson(const std::vector<CheckLine>& lines) {
  Json out = {{"ok", CountOf(lines, Level::kOk)},
              {"warnings", CountOf(lines, Level::kWarning)},
              {"errors", CountOf(lines, Level::kError)},
              {"lines", Json::array()}};
  for (const CheckLine& line : lines) {
    out["lines"].push_back({{"level", LevelName(line.level)},
                            {"area", line.area},
                            {"message", line.text},
                            {"fix", line.fix}});
  }
  Print(out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

// The user's own mistakes come first: they can be mended here.
int ExitCodeOf(const std::vector<CheckLine>& lines) {
  int code = kExitDone;
  for (const CheckLine& line : lines) {
    if (line.level != Level::kError) continue;
    if (!line.outside) return kExitUserError;
    code = kExitOutside;
  }
  return code;
}

// A kura.yaml that cannot be read is a line too; nothing else can be looked at then.
std::vector<CheckLine> Unreadable(const Error& error, Diagnostics& diagnostics) {
  diagnostics.Sort();
  CheckLine line = ErrorLine("kura.yaml", error);
  const std::string found = Render(diagnostics);
  if (!found.empty()) line.fix = std::string(Trim(found));
  return {line};
}

int Doctor(const Globals& globals) {
  Diagnostics diagnostics;
  const auto project = project::Project::Open(globals.project, diagnostics);
  const std::vector<CheckLine> lines =
      project ? Examine(**project) : Unreadable(project.error(), diagnostics);
  if (globals.json) {
    PrintJson(lines);
  } else {
    PrintLines(globals, lines);
  }
  return ExitCodeOf(lines);
}

}  // namespace

void AddDoctor(CLI::App& app, const Globals& globals, RunCommand* run) {
  CLI::App* command =
      app.add_subcommand("doctor", "check settings, sources, grants, clocks, disk and model");
  command->footer(
      "Examples:\n  kura doctor\n  kura doctor --json\n"
      "Exit code 0: no errors · 1 your files · 3 the outside (source, disk)");
  command->callback([&globals, run] { *run = [&globals] { return Doctor(globals); }; });
}

}  // namespace kura::cli
