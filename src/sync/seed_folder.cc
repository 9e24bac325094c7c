// Names are checked before anything is read: a table's name must do in SQL and LookML as it is.
#include "sync/seed_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "sync/diagnostics.h"

namespace kura::sync {
namespace {

constexpr std::size_t kSeedBytesMax = 64'000'000;
constexpr std::string_view kSuffix = ".csv";

// About a file as a whole.
Diagnostic About(const std::string& name, Severity severity, Diagnostics& diagnostics) {
  Diagnostic finding;
  finding.kind = kSeedFile;
  finding.severity = severity;
  finding.span.file = diagnostics.Keep(std::make_shared<const SourceFile>(name, std::string()));
  return finding;
}

void Report(Diagnostic finding, std::string message, std::string hint, Diagnostics& diagnostics) {
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  diagnostics.Add(std::move(finding));
}

bool IsNameByte(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Letters of any script, digits and "_": what SQL and LookML take without quotes.
bool IsTableName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), IsNameByte) && IsUtf8(name) &&
         !name.starts_with("_kura");
}

std::string AsTableName(std::string_view name) {
  std::string out;
  for (const char c : name) out += IsNameByte(c) ? c : '_';
  return IsTableName(out) ? out : "seed" + out;
}

// Files that somebody may miss among the tables.
void WarnOfOther(const std::string& name, Diagnostics& diagnostics) {
  for (const std::string_view suffix : {".xlsx", ".xls", ".tsv"}) {
    if (!ToLower(name).ends_with(suffix)) continue;
    Report(About(name, Severity::kWarning, diagnostics),
           "this file is not read",
           "save it as CSV beside it",
           diagnostics);
  }
}

bool CheckName(const SeedPath& path, std::set<std::string>* lower_names, Diagnostics& diagnostics) {
  if (!IsTableName(path.table)) {
    Report(About(path.name, Severity::kError, diagnostics),
           fmt::format("'{}' cannot be the name of a table", path.table),
           fmt::format("rename the file, for example to {}.csv: letters of any script, digits and "
                       "_ are allowed",
                       AsTableName(path.table)),
           diagnostics);
    return false;
  }
  if (lower_names->insert(ToLower(path.table)).second) return true;
  Report(About(path.name, Severity::kError, diagnostics),
         "another file differs only in capitals",
         "rename one of them",
         diagnostics);
  return false;
}

// Entries of kura.yaml without a file.
void ReportMissing(const std::map<std::string, SeedConfig>& seeds,
                   const std::vector<SeedPath>& paths, Diagnostics& diagnostics) {
  std::vector<std::string> tables;
  for (const SeedPath& path : paths) tables.push_back(path.table);
  for (const auto& [table, config] : seeds) {
    if (std::find(tables.begin(), tables.end(), table) != tables.end()) continue;
    const std::string nearest = NearestName(table, tables);
    Diagnostic finding;
    finding.kind = kSeedDeclaration;
    finding.span = config.span;
    Report(std::move(finding),
           fmt::format("there is no file seeds/{}.csv", table),
           nearest.empty() ? "add the file, or take the entry out"
                           : fmt::format("did you mean '{}'?", nearest),
           diagnostics);
  }
}

void AddToCatalogue(const SeedTable& table, const std::string& timezone,
                    sql::Catalogue* catalogue) {
  sql::CatalogueTable entry;
  entry.schema = kSeedSchema;
  entry.name = table.table;
  entry.rows = table.rows;
  for (const SeedColumn& column : table.columns) {
    sql::CatalogueColumn known{column.name, column.type, !column.not_null, "", ""};
    if (column.type.kind == sql::TypeKind::kTimestamp) known.zone = timezone;
    entry.columns.push_back(std::move(known));
    if (column.is_key) entry.primary_key.push_back(column.name);
  }
  catalogue->tables[entry.schema + "." + entry.name] = std::move(entry);
}

}  // namespace

std::vector<SeedPath> ChooseSeedFiles(const std::vector<std::string>& files,
                                      const std::map<std::string, SeedConfig>& seeds,
                                      Diagnostics& diagnostics) {
  std::vector<SeedPath> paths;
  std::set<std::string> lower_names;
  for (const std::string& file : files) {
    if (file.starts_with('.') || file.starts_with("~$")) continue;  // of editors and Excel
    const std::string name = "seeds/" + file;
    if (!ToLower(file).ends_with(kSuffix)) {
      WarnOfOther(name, diagnostics);
    } else if (file.find('/') != std::string::npos) {
      Report(About(name, Severity::kWarning, diagnostics),
             "this file is not read",
             "move it into seeds/ itself",
             diagnostics);
    } else {
      SeedPath path{file.substr(0, file.size() - kSuffix.size()), file, name};
      if (CheckName(path, &lower_names, diagnostics)) paths.push_back(std::move(path));
    }
  }
  ReportMissing(seeds, paths, diagnostics);
  return paths;
}

std::vector<SeedPath> ListSeeds(const SeedsInput& input, Diagnostics& diagnostics) {
  const Result<std::vector<std::string>> files = ListFiles(input.folder, "");
  return ChooseSeedFiles(files ? *files : std::vector<std::string>(), input.seeds, diagnostics);
}

Result<std::string> ReadSeed(const SeedsInput& input, const SeedPath& path) {
  Result<std::string> bytes = ReadFile(JoinPath(input.folder, path.file), kSeedBytesMax);
  if (bytes || bytes.error().code != Code::kInvalid) return bytes;
  return FailWithHint(Code::kInvalid,
                      fmt::format("{} is larger than {} MB", path.name, kSeedBytesMax / 1'000'000),
                      "seeds are small tables; load this one into the database");
}

SeedFile ToSeedFile(const SeedsInput& input, const SeedPath& path, std::string_view bytes) {
  const auto config = input.seeds.find(path.table);
  return {path.table, path.name, bytes, config == input.seeds.end() ? nullptr : &config->second};
}

void CheckSeeds(const SeedsInput& input, sql::Catalogue* catalogue, Diagnostics& diagnostics) {
  for (const SeedPath& path : ListSeeds(input, diagnostics)) {
    const Result<std::string> bytes = ReadSeed(input, path);
    if (!bytes) {
      Report(About(path.name, Severity::kError, diagnostics),
             bytes.error().message,
             bytes.error().hint,
             diagnostics);
      continue;
    }
    const auto table = CheckSeed(ToSeedFile(input, path, *bytes), diagnostics);
    if (table) AddToCatalogue(*table, input.timezone, catalogue);
  }
}

}  // namespace kura::sync
