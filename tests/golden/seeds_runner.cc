// Directives for seeds/*.csv: `seed TABLE` checks a file, after a line "--- kura.yaml" with what is
// declared of it, and prints columns and rows as they would land, with the findings; `types`
// guesses the type of the cells of each line, which "|" separates.
#include <fmt/format.h>

#include "base/diagnostics.h"
#include "base/text.h"
#include "golden/runner.h"
#include "project/config.h"
#include "sync/seed_folder.h"
#include "sync/seed_table.h"
#include "sync/seed_value.h"

namespace kura::golden {
namespace {

// A value in its native form, as far as a person can read it.
std::string PrintValue(const warehouse::BatchColumn& column, std::size_t row) {
  if (column.valid[row] == 0) return "NULL";
  const std::size_t width = warehouse::WidthBytes(column.type);
  if (width == 0) {
    const std::size_t begin = row == 0 ? 0 : column.ends[row - 1];
    return ReplaceAll(column.bytes.substr(begin, column.ends[row] - begin), "\n", "⏎");
  }
  std::int64_t value = 0;  // Of a wider one the low bytes.
  for (std::size_t i = std::min<std::size_t>(width, 8); i-- > 0;) {
    value = value * 256 + std::to_integer<int>(column.fixed[row * width + i]);
  }
  switch (column.type.kind) {
    case sql::TypeKind::kDate:
      return FormatDate(static_cast<Days>(value));
    case sql::TypeKind::kTimestamp:
      return FormatDateTime(value);
    case sql::TypeKind::kTimestampTz:
      return FormatInstant(value);
    default:
      return std::to_string(value);
  }
}

std::string PrintTable(const sync::SeedTable& table) {
  std::string out;
  for (const sync::SeedColumn& column : table.columns) {
    out += fmt::format("{}{} {}{}{}",
                       out.empty() ? "" : ", ",
                       column.name,
                       sql::TypeName(column.type),
                       column.not_null ? " NOT NULL" : "",
                       column.is_key ? " key" : "");
  }
  out += fmt::format("\n{} rows\n", table.rows);
  const Status read = sync::ReadSeedRows(table, [&out](const warehouse::Batch& batch) -> Status {
    for (std::size_t row = 0; row < batch.rows; ++row) {
      std::vector<std::string> values;
      for (const auto& column : batch.columns) values.push_back(PrintValue(column, row));
      out += Join(values, " | ") + "\n";
    }
    return {};
  });
  return read ? out : read.error().message;
}

std::string RunSeed(Context& /*context*/, const Case& run) {
  const std::string divider = "--- kura.yaml\n";
  const std::size_t yaml_at = run.input.find(divider);
  std::string bytes = run.input.substr(0, yaml_at);
  bytes = ReplaceAll(ReplaceAll(ReplaceAll(bytes, "\\r", "\r"), "\\x", "\xFF"), "\\e\n", "\n");
  Diagnostics diagnostics;
  const SourceFile yaml(
      "kura.yaml", yaml_at == std::string::npos ? "" : run.input.substr(yaml_at + divider.size()));
  const project::Config config = project::ReadConfig(yaml, diagnostics);
  const std::string table = run.args.empty() ? "targets" : run.args[0];
  const auto declared = config.seeds.find(table);
  const sync::SeedFile file{table,
                            "seeds/" + table + ".csv",
                            bytes,
                            declared == config.seeds.end() ? nullptr : &declared->second};
  const std::optional<sync::SeedTable> checked = sync::CheckSeed(file, diagnostics);
  diagnostics.Sort();
  RenderOptions options;
  options.show_kinds = true;
  return (checked ? PrintTable(*checked) : "") + Render(diagnostics, options);
}

std::string RunTypes(Context& /*context*/, const Case& run) {
  std::string out;
  for (const std::string_view line : Split(Trim(run.input), '\n')) {
    sync::TypeGuess guess;
    for (const std::string_view cell : Split(line, '|')) guess.See(Trim(cell));
    out += fmt::format("{} → {}\n", line, sql::TypeName(guess.Type()));
  }
  return out;
}

std::string RunFiles(Context& /*context*/, const Case& run) {
  const std::string divider = "--- kura.yaml\n";
  const std::size_t yaml_at = run.input.find(divider);
  Diagnostics diagnostics;
  const SourceFile yaml(
      "kura.yaml", yaml_at == std::string::npos ? "" : run.input.substr(yaml_at + divider.size()));
  const project::Config config = project::ReadConfig(yaml, diagnostics);
  std::vector<std::string> files;
  for (const std::string_view line :
       Split(Trim(std::string_view(run.input).substr(0, yaml_at)), '\n')) {
    files.emplace_back(line);
  }
  std::string out;
  for (const sync::SeedPath& path : sync::ChooseSeedFiles(files, config.seeds, diagnostics)) {
    out += fmt::format("{} → raw_seeds.{}\n", path.name, path.table);
  }
  diagnostics.Sort();
  RenderOptions options;
  options.show_kinds = true;
  return out + Render(diagnostics, options);
}

const bool kFiles = Register("seed_files", &RunFiles);
const bool kSeed = Register("seed", &RunSeed);
const bool kTypes = Register("types", &RunTypes);

}  // namespace
}  // namespace kura::golden
