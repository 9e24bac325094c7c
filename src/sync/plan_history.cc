// Why a table cannot have a history is said before anything is read.
#include "sync/plan_history.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sql/history.h"
#include "sync/mask.h"

namespace kura::sync {
namespace {

using Json = nlohmann::ordered_json;

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
    return EqualsIgnoreCase(candidate, name);
  });
}

// Versions are told apart by their keys and by two columns of ours.
Status CheckHistory(const SourceTable& table, const TableConfig& config, const TablePlan& plan) {
  const std::string place = config.history_place.empty() ? "" : config.history_place + ": ";
  if (plan.table.primary_key.empty()) {
    return FailWithHint(
        Code::kInvalid,
        fmt::format("{}history: true needs a primary key in '{}'", place, table.name),
        table.primary_key.empty()
            ? "without one no row can be told from another: leave  history  out"
            : "its key is left out by  exclude: copy " + Join(table.primary_key, ", ") + " too");
  }
  if (config.mode == TableMode::kAppend) {
    return FailWithHint(
        Code::kInvalid,
        fmt::format(
            "{}history: true is of no use in '{}', whose mode is append", place, table.name),
        "with  mode: append  changes are not looked for, so each row has one version: leave  "
        "history  out");
  }
  for (const std::string_view name : {sql::kValidFrom, sql::kValidTo}) {
    if (plan.table.Find(name) == nullptr) continue;
    return FailWithHint(
        Code::kInvalid,
        fmt::format("{}history: true needs the name {} for itself, and '{}' has a column of that "
                    "name",
                    place,
                    name,
                    table.name),
        fmt::format("leave it out:  exclude: [{}]", name));
  }
  return {};
}

// Whether a history shows what is masked or left out now.
bool HistoryShows(const std::string& columns_json, const SourceTable& table) {
  const Json columns = Json::parse(columns_json, nullptr, false);
  return std::any_of(columns.begin(), columns.end(), [&](const Json& known) {
    if (!known.is_object()) return false;
    const std::string name = known.value("was", known.value("name", ""));
    if (Contains(table.excluded, name)) return true;
    const SourceColumn* column = table.Find(name);
    return column != nullptr && column->mask != nullptr &&
           column->mask->declared() != known.value("mask", "");
  });
}

}  // namespace

// A history that is not kept on stays, but not what must not be seen in it.
Status PlanHistory(const SourceTable& table, const TableConfig& config, const PlanInput& input,
                   TablePlan* plan) {
  plan->table.excluded = config.exclude;
  if (config.history) {
    TRY_STATUS(CheckHistory(table, config, *plan));
    plan->table.keeps_history = true;
    plan->records = true;
    return {};
  }
  if (input.history == nullptr) return {};
  plan->records = HistoryShows(input.history->columns_json, plan->table);
  const bool was_on =
      input.state != nullptr && input.history->table_version == input.state->version;
  if (was_on) plan->history_note = "history is off: " + input.history->name + " stays as it is";
  return {};
}

}  // namespace kura::sync
