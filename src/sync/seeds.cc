// List, compare hashes, check, load: file by file.
#include "sync/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "sql/staging.h"
#include "sync/run_lock.h"
#include "warehouse/state.h"

namespace kura::sync {
namespace {

// Part of each hash: a kura that reads files otherwise loads them again.
constexpr std::string_view kReaderVersion = "seed reader 1";

// Everything that the table depends on.
std::string HashOf(const SeedsInput& input, const SeedFile& file) {
  std::string declared = fmt::format("{}\n{}\n", kReaderVersion, input.timezone);
  if (file.config != nullptr) {
    declared += fmt::format("{}\n", static_cast<int>(file.config->charset));
    for (const auto& [name, type] : file.config->columns) {
      declared += "column " + name + " " + sql::TypeName(type.first) + "\n";
    }
    for (const SeedName& name : file.config->primary_key) declared += "key " + name.name + "\n";
    for (const SeedName& name : file.config->not_null) declared += "not null " + name.name + "\n";
  }
  return "sha256:" + Sha256(declared).Hex(file.bytes);
}

std::string ColumnsJson(const SeedTable& table, const std::string& timezone) {
  nlohmann::ordered_json columns = nlohmann::ordered_json::array();
  for (const SeedColumn& column : table.columns) {
    nlohmann::ordered_json entry = {{"name", column.name},
                                    {"type", sql::TypeName(column.type)},
                                    {"nullable", !column.not_null}};
    if (column.type.kind == sql::TypeKind::kTimestamp) entry["zone"] = timezone;
    if (column.is_key) entry["pk"] = true;
    columns.push_back(std::move(entry));
  }
  return columns.dump();
}

// Puts a checked table in place of the one before, with its state: all or nothing.
Status Land(warehouse::Connection& connection, const SeedTable& table,
            const warehouse::TableState& state, const warehouse::SyncRun& run) {
  sql::StagingShape shape{std::string(kSeedSchema), table.table, "", {}, {}, false};
  for (const SeedColumn& column : table.columns)
    shape.columns.push_back({column.name, column.type});
  const sql::StagingText text(std::move(shape));
  return warehouse::InTransaction(connection, [&]() -> Status {
    for (const std::string& sql : text.CreateRows(text.stage()))
      TRY_STATUS(connection.Execute(sql));
    {
      TRY(const auto loader, connection.Load(text.schema(), text.stage()));
      TRY_STATUS(ReadSeedRows(
          table, [&](const warehouse::Batch& batch) { return loader->Append(batch); }));
      TRY_STATUS(loader->Finish());
    }
    for (const std::string& sql : text.Swap(text.stage())) TRY_STATUS(connection.Execute(sql));
    TRY_STATUS(warehouse::WriteTableState(connection, state));
    return warehouse::AppendSyncRun(connection, run);
  });
}

class SeedRun {
 public:
  SeedRun(const SeedsInput& input, const Clock& clock, const SeedsOptions& options)
      : input_(input), clock_(clock), options_(options) {}

  Result<SeedsReport> Go(warehouse::Warehouse& warehouse) {
    TRY(connection_, warehouse.Connect());
    TRY_STATUS(warehouse::PrepareState(*connection_));
    TRY(const auto states, warehouse::ReadAllStates(*connection_));
    for (const warehouse::TableState& state : states) {
      if (state.source == kSeedSource) states_[state.table] = state;
    }
    const std::vector<SeedPath> paths = ListSeeds(input_, out_.diagnostics);
    if (!paths.empty()) {
      TRY_STATUS(connection_->Execute(sql::CreateSchemaText(kSeedSchema)));
    }
    for (const SeedPath& path : paths) {
      if (Wanted(path.table)) out_.report.tables.push_back(Load(path));
    }
    TRY_STATUS(LookForGone(paths));
    out_.report.server = fmt::format(
        "{} file{}", out_.report.tables.size(), out_.report.tables.size() == 1 ? "" : "s");
    out_.diagnostics.Sort();
    return std::move(out_);
  }

 private:
  bool Wanted(const std::string& table) const {
    const auto& asked = options_.tables;
    return asked.empty() || std::find(asked.begin(), asked.end(), table) != asked.end();
  }

  TableReport Load(const SeedPath& path) {
    TableReport report;
    report.table = path.table;
    report.mode = "seed";
    const double begin_s = MonotonicSeconds();
    const Status loaded = LoadFile(path, &report);
    if (!loaded) report.error = loaded.error();
    report.seconds = MonotonicSeconds() - begin_s;
    return report;
  }

  Status LoadFile(const SeedPath& path, TableReport* report) {
    const Micros begin = clock_.Now();
    TRY(const std::string bytes, ReadSeed(input_, path));
    const SeedFile file = ToSeedFile(input_, path, bytes);
    const std::string hash = HashOf(input_, file);
    const auto before = states_.find(path.table);
    if (before != states_.end() && before->second.server_id == hash && !options_.full) {
      report->rows = before->second.rows;
      report->note = "unchanged";
      return {};
    }
    const std::size_t errors_before = out_.diagnostics.error_count();
    const std::optional<SeedTable> table = CheckSeed(file, out_.diagnostics);
    if (!table) {
      const std::size_t mistakes = out_.diagnostics.error_count() - errors_before;
      return FailWithHint(
          Code::kInvalid,
          fmt::format("{} has {} mistake{}", file.name, mistakes, mistakes == 1 ? "" : "s"),
          before == states_.end() ? "the table was not made" : "the table is as it was");
    }
    warehouse::TableState state;
    state.source = kSeedSource;
    state.table = path.table;
    state.mode = warehouse::kSeedMode;
    state.watermark = state.complete_through = state.read_at = begin;
    state.rows = table->rows;
    state.version = (before == states_.end() ? 0 : before->second.version) + 1;
    state.server_id = hash;
    state.columns_json = ColumnsJson(*table, input_.timezone);
    report->rows = table->rows;
    return Land(*connection_,
                *table,
                state,
                {state.source, state.table, begin, clock_.Now(), state.mode, table->rows, 0, 0});
  }

  // A table whose file was taken away or renamed.
  Status LookForGone(const std::vector<SeedPath>& paths) {
    for (const auto& entry : states_) {
      const std::string& table = entry.first;
      const bool is_there = std::any_of(
          paths.begin(), paths.end(), [&](const SeedPath& path) { return path.table == table; });
      if (is_there || !Wanted(table) || PathExists(JoinPath(input_.folder, table + ".csv")))
        continue;
      if (options_.drop_gone) {
        TRY_STATUS(Forget(table));
        out_.report.warnings.push_back(
            fmt::format("raw_seeds.{} was dropped, since seeds/{}.csv is gone", table, table));
        continue;
      }
      out_.report.warnings.push_back(fmt::format(
          "seeds/{}.csv is gone; raw_seeds.{} keeps its {} row{} until  kura sync seeds "
          "--drop-gone",
          table,
          table,
          GroupDigits(entry.second.rows),
          entry.second.rows == 1 ? "" : "s"));
    }
    return {};
  }

  Status Forget(const std::string& table) {
    const sql::StagingText text({std::string(kSeedSchema), table, "", {}, {}, false});
    return warehouse::InTransaction(*connection_, [&]() -> Status {
      TRY_STATUS(connection_->Execute(text.Drop(table)));
      return warehouse::ForgetTableState(*connection_, std::string(kSeedSource), table);
    });
  }

  const SeedsInput& input_;
  const Clock& clock_;
  const SeedsOptions& options_;
  std::unique_ptr<warehouse::Connection> connection_;
  std::map<std::string, warehouse::TableState> states_;
  SeedsReport out_;
};

}  // namespace

Result<SeedsReport> SyncSeeds(const SeedsInput& input, warehouse::Warehouse& warehouse,
                              const Clock& clock, const SeedsOptions& options) {
  TRY(const RunLock lock, RunLock::Take(&warehouse, std::string(kSeedSource), "sync"));
  return SeedRun(input, clock, options).Go(warehouse);
}

}  // namespace kura::sync
