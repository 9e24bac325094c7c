// Directives for src/project: `config` reads kura.yaml, and kura.local.yaml below a line with its
// name, and prints what was understood, with the findings; `duration` reads durations.
#include <fmt/format.h>

#include <optional>

#include "base/diagnostics.h"
#include "base/text.h"
#include "golden/runner.h"
#include "project/config.h"
#include "project/local_config.h"

namespace kura::golden {
namespace {

std::string PrintSource(const project::SourceEntry& entry) {
  std::string out =
      fmt::format("source {} zone={}\n", entry.config.name, entry.config.datetime_zone);
  for (const auto& [key, setting] : entry.connection) {
    out += fmt::format("  {} = {}\n", key, setting.text);
  }
  const sync::MysqlConfig& mysql = entry.config.mysql;
  if (!mysql.tunnel_command.empty()) out += "  local tunnel = " + mysql.tunnel_command + "\n";
  if (!mysql.password_command.empty()) {
    out += "  local password_command = " + mysql.password_command + "\n";
  }
  for (const auto& [name, table] : entry.config.tables) {
    out += fmt::format("  table {} mode={} cursor={} lookback={}s exclude={}\n",
                       name,
                       static_cast<int>(table.mode),
                       table.cursor,
                       table.lookback / kMicrosPerSecond,
                       Join(table.exclude, ","));
    if (table.deletes == sync::Deletes::kKeep) out += "    deletes=keep\n";
    if (!table.where.empty()) {
      out += fmt::format("    where {} at {}\n", table.where, table.where_place);
    }
    for (const auto& [column, mask] : table.masks) {
      out += fmt::format("    mask {} kind={} last={} '{}' → '{}' at {}\n",
                         column,
                         static_cast<int>(mask.kind),
                         mask.last,
                         mask.pattern,
                         mask.replacement,
                         mask.place);
    }
  }
  return out;
}

std::string PrintSeed(const std::string& table, const sync::SeedConfig& seed) {
  std::string out = fmt::format("seed {} charset={}", table, static_cast<int>(seed.charset));
  for (const auto& [name, type] : seed.columns) {
    out += fmt::format(" {}={}", name, sql::TypeName(type.first));
  }
  for (const sync::SeedName& name : seed.primary_key) out += " key=" + name.name;
  for (const sync::SeedName& name : seed.not_null) out += " not_null=" + name.name;
  return out + "\n";
}

std::string RunConfig(Context& /*context*/, const Case& run) {
  const std::string divider = std::string("--- ") + project::kLocalConfigName + "\n";
  const std::size_t local_at = run.input.find(divider);
  const SourceFile file("kura.yaml", run.input.substr(0, local_at));
  Diagnostics diagnostics;
  project::Config config = project::ReadConfig(file, diagnostics);
  std::optional<SourceFile> local;
  if (local_at != std::string::npos) {
    local.emplace(project::kLocalConfigName, run.input.substr(local_at + divider.size()));
    project::ReadLocalConfig(*local, &config, diagnostics);
  }
  diagnostics.Sort();
  std::string out;
  if (!diagnostics.has_errors()) {
    out = fmt::format("{} zone={} warehouse={} rows={} timeout={}s memory={}\n",
                      config.name,
                      config.timezone,
                      config.warehouse_path,
                      config.limit_rows,
                      config.limit_timeout_s,
                      config.limit_memory);
    for (const project::SourceEntry& entry : config.sources) out += PrintSource(entry);
    for (const auto& [table, seed] : config.seeds) out += PrintSeed(table, seed);
  }
  RenderOptions options;
  options.show_kinds = true;
  return out + Render(diagnostics, options);
}

std::string RunDuration(Context& /*context*/, const Case& run) {
  std::string out;
  for (const std::string_view line : Split(Trim(run.input), '\n')) {
    const Result<Micros> length = project::ParseDuration(line);
    out +=
        length ? fmt::format("{} s\n", *length / kMicrosPerSecond) : length.error().message + "\n";
  }
  return out;
}

const bool kConfig = Register("config", &RunConfig);
const bool kDuration = Register("duration", &RunDuration);

}  // namespace
}  // namespace kura::golden
