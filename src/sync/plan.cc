// Choosing between a whole copy and a delta. Whatever makes a delta unsafe leads to a whole copy,
// with the reason in the summary.
#include "sync/plan.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace kura::sync {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDefaultCursor = "updated_at";

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
    return EqualsIgnoreCase(candidate, name);
  });
}

tl::unexpected<Error> NoColumn(const SourceTable& table, std::string_view key,
                               const std::string& name) {
  std::vector<std::string> names;
  for (const SourceColumn& column : table.columns) names.push_back(column.name);
  const std::string nearest = NearestName(name, names);
  return FailWithHint(Code::kInvalid,
                      fmt::format("{}: table '{}' has no column '{}'", key, table.name, name),
                      nearest.empty() ? "" : "did you mean '" + nearest + "'?");
}

Result<SourceTable> Project(const SourceTable& table, const std::vector<std::string>& exclude) {
  for (const std::string& name : exclude) {
    if (table.Find(name) == nullptr) return NoColumn(table, "exclude", name);
  }
  SourceTable projected = table;
  std::erase_if(projected.columns,
                [&](const SourceColumn& column) { return Contains(exclude, column.name); });
  if (projected.columns.empty()) {
    return Fail(Code::kInvalid, "every column of '{}' is excluded", table.name);
  }
  for (const std::string& key : table.primary_key) {
    if (Contains(exclude, key)) projected.primary_key.clear();
  }
  return projected;
}

Json ColumnJson(const TablePlan& plan, const SourceColumn& column) {
  const bool is_date = column.type.kind == sql::TypeKind::kDate;
  const bool has_clock = column.clock != ClockKind::kNone;
  return Json{{"name", column.name},
              {"type", sql::TypeName(column.type)},
              {"source_type", column.source_type},
              {"pk", Contains(plan.table.primary_key, column.name)},
              // A zero date is NULL here even where the source has none.
              {"nullable", column.nullable || is_date || has_clock},
              {"zone", column.clock == ClockKind::kWallClock ? plan.zone : ""},
              {"comment", column.comment}};
}

std::string ColumnsJson(const TablePlan& plan) {
  Json columns = Json::array();
  for (const SourceColumn& column : plan.table.columns) columns.push_back(ColumnJson(plan, column));
  return columns.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What stored rows were made from: when it changes, they no longer fit. Comments and zones say only
// what the rows mean.
std::string Shape(const std::string& columns_json) {
  Json columns = Json::parse(columns_json, nullptr, false);
  if (!columns.is_array()) return "";
  for (Json& column : columns) {
    if (!column.is_object()) return "";
    for (const char* meaning : {"nullable", "zone", "comment"}) column.erase(meaning);
  }
  return columns.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Why changes of the table cannot be read by a cursor; empty when they can.
std::string NoCursorReason(const SourceTable& table, const SourceTable& projected,
                           const std::string& cursor) {
  if (projected.primary_key.empty()) return "no primary key: copied whole";
  const SourceColumn* column = table.Find(cursor);
  if (column == nullptr) return "no " + cursor + ": copied whole";
  if (column->clock == ClockKind::kNone) return cursor + " is not a time: copied whole";
  if (!Contains(table.indexed_columns, cursor)) return cursor + " has no index: copied whole";
  return "";
}

// An explicit `mode: incremental` that cannot work is the user's mistake; a missing index is not.
Status CheckExplicit(const SourceTable& table, const SourceTable& projected,
                     const std::string& cursor) {
  if (projected.primary_key.empty()) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("mode: incremental needs a primary key in '{}'", table.name),
                        "use  mode: full  for this table");
  }
  const SourceColumn* column = table.Find(cursor);
  if (column == nullptr) return NoColumn(table, "cursor", cursor);
  if (column->clock == ClockKind::kNone) {
    return Fail(Code::kInvalid, "cursor: '{}' is {}, not a time", cursor, column->source_type);
  }
  return {};
}

// Why the stored rows cannot be brought up to date by a delta; empty when they can.
std::string NoDeltaReason(const TablePlan& plan, const PlanInput& input) {
  const warehouse::TableState* state = input.state;
  if (state == nullptr) return "";
  if (!input.table_exists) return "the table was missing in the warehouse: copied whole";
  if (state->server_id != input.server_id) return "the source is another server now: copied whole";
  if (Shape(state->columns_json) != Shape(plan.columns_json))
    return "columns changed: copied whole";
  return "";
}

Status PlanCursor(const SourceTable& table, const TableConfig& config, TablePlan* plan) {
  const std::string cursor = config.cursor.empty() ? std::string(kDefaultCursor) : config.cursor;
  if (config.mode == TableMode::kFull) return {};
  const std::string reason = NoCursorReason(table, plan->table, cursor);
  if (config.mode == TableMode::kIncremental) {
    TRY_STATUS(CheckExplicit(table, plan->table, cursor));
    if (!reason.empty()) {
      plan->note = fmt::format("no index begins with {}: each delta scans the table", cursor);
    }
  } else if (!reason.empty()) {
    if (!config.cursor.empty() && table.Find(cursor) == nullptr) {
      return NoColumn(table, "cursor", cursor);
    }
    plan->note = reason;
    return {};
  }
  plan->incremental = true;
  plan->cursor = table.Find(cursor)->name;
  plan->cursor_clock = table.Find(cursor)->clock;
  return {};
}

}  // namespace

std::string TablePlan::mode() const {
  if (!incremental) return "full";
  return delta ? "delta" : "copy";
}

Result<TablePlan> PlanTable(const SourceTable& table, const PlanInput& input) {
  const auto found = input.source->tables.find(table.name);
  const TableConfig config = found == input.source->tables.end() ? TableConfig() : found->second;
  TablePlan plan;
  plan.replaces = input.table_exists;
  TRY(plan.table, Project(table, config.exclude));
  plan.zone = config.datetime_zone.empty() ? input.source->datetime_zone : config.datetime_zone;
  if (!plan.zone.empty()) TRY_STATUS(Zone::Find(plan.zone).map([](const Zone&) {}));
  TRY_STATUS(PlanCursor(table, config, &plan));
  plan.columns_json = ColumnsJson(plan);
  if (!plan.incremental) return plan;
  const std::string reason = NoDeltaReason(plan, input);
  if (!reason.empty()) plan.note = reason;
  const bool has_position = input.state != nullptr && input.state->cursor == plan.cursor;
  plan.delta = has_position && reason.empty() && !input.full;
  plan.lookback = config.lookback;
  if (plan.delta) plan.since = input.state->watermark - config.lookback;
  plan.ranged = !plan.delta && table.rows_expected > input.ranges_from;
  return plan;
}

}  // namespace kura::sync
