// Choosing between a whole copy and a delta. Whatever makes a delta unsafe leads to a whole copy,
// with the reason in the summary.
#include "sync/plan.h"

#include <algorithm>

#include "base/text.h"
#include "sync/mask.h"
#include "sync/plan_history.h"
#include "sync/projection.h"

namespace kura::sync {
namespace {

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

std::string MaskPlace(const MaskConfig& mask, const std::string& column) {
  return (mask.place.empty() ? "" : mask.place + ": ") + "mask of '" + column + "'";
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

// `column` is the source's own. A time that is masked is a text, which has no zone.
Status MaskColumn(const SourceTable& table, const MaskConfig& config, const std::string& salt,
                  SourceColumn* column) {
  const Result<std::shared_ptr<const Mask>> mask = Mask::Make(config, column->type, salt);
  if (!mask) return Annotate(mask.error(), "{}", MaskPlace(config, column->name));
  if (Contains(table.primary_key, column->name) && !(*mask)->keeps_apart()) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("{}: the column is part of the primary key of '{}', and this "
                                    "mask can make different keys equal",
                                    MaskPlace(config, column->name),
                                    table.name),
                        "use  sha256  for a key");
  }
  column->nullable = (*mask)->makes_null() || CanBeNull(*column);
  if (!(*mask)->makes_null()) column->clock = ClockKind::kNone;
  column->type = (*mask)->type();
  column->mask = *mask;
  return {};
}

Status MaskColumns(const TableConfig& config, const std::string& salt, SourceTable* table) {
  for (const auto& [name, mask] : config.masks) {
    const auto column =
        std::find_if(table->columns.begin(), table->columns.end(), [&](const SourceColumn& known) {
          return EqualsIgnoreCase(known.name, name);
        });
    if (column == table->columns.end()) {
      if (Contains(config.exclude, name)) continue;  // Not copied at all: masked well enough.
      return NoColumn(*table, MaskPlace(mask, name), name);
    }
    TRY_STATUS(MaskColumn(*table, mask, salt, &*column));
  }
  const bool all_hidden =
      std::all_of(table->columns.begin(), table->columns.end(), [](const SourceColumn& column) {
        return column.mask != nullptr && column.mask->makes_null();
      });
  if (!all_hidden) return {};
  return Fail(Code::kInvalid, "every column of '{}' is masked with null", table->name);
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

// What is read from where on is a matter of the cursor's values.
Status CheckCursorMask(const SourceTable& table, const SourceTable& projected,
                       const std::string& cursor) {
  const SourceColumn* column = projected.Find(cursor);
  if (column == nullptr || column->mask == nullptr) return {};
  return FailWithHint(
      Code::kInvalid,
      fmt::format("mask: '{}' is the cursor of '{}', which cannot be masked", cursor, table.name),
      fmt::format(
          "leave it out instead (exclude: [{}]), which a cursor can bear; or copy the table "
          "whole (mode: full)",
          cursor));
}

// Why the stored rows cannot be brought up to date by a delta; empty when they can.
std::string NoDeltaReason(const TablePlan& plan, const PlanInput& input) {
  const warehouse::TableState* state = input.state;
  if (state == nullptr) return "";
  if (!input.table_exists) return "the table was missing in the warehouse: copied whole";
  if (state->server_id != input.server_id) return "the source is another server now: copied whole";
  return ShapeReason(state->columns_json, plan.columns_json);
}

bool IsKey(const SourceTable& table, const std::string& column) {
  return table.primary_key.size() == 1 && EqualsIgnoreCase(table.primary_key[0], column);
}

// By a time when one is named, else by the key.
Status PlanAppend(const SourceTable& table, const TableConfig& config, TablePlan* plan) {
  plan->appends = true;
  plan->incremental = true;
  const SourceTable& projected = plan->table;
  if (projected.primary_key.empty()) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("mode: append needs a primary key in '{}'", table.name),
                        "use  mode: full  for this table");
  }
  const std::string cursor = config.cursor.empty() ? projected.primary_key[0] : config.cursor;
  const SourceColumn* column = table.Find(cursor);
  if (column == nullptr) return NoColumn(table, "cursor", cursor);
  TRY_STATUS(CheckCursorMask(table, projected, cursor));
  plan->cursor = column->name;
  plan->cursor_clock = column->clock;
  if (column->clock != ClockKind::kNone) {
    if (Contains(table.indexed_columns, cursor)) return {};
    plan->note = fmt::format("no index begins with {}: each delta scans the table", cursor);
    return {};
  }
  plan->by_key = true;
  if (IsKey(projected, cursor) && sql::IsInteger(column->type.kind)) return {};
  return FailWithHint(
      Code::kInvalid,
      fmt::format("mode: append cannot read new rows of '{}' by {}", table.name, cursor),
      "name the time that each row gets when it is inserted:  cursor: created_at; without a cursor "
      "the primary key must be one integer that grows");
}

Status PlanCursor(const SourceTable& table, const TableConfig& config, TablePlan* plan) {
  if (config.mode == TableMode::kAppend) return PlanAppend(table, config, plan);
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
  TRY_STATUS(CheckCursorMask(table, plan->table, cursor));
  plan->incremental = true;
  plan->cursor = table.Find(cursor)->name;
  plan->cursor_clock = table.Find(cursor)->clock;
  return {};
}

// Rows that vanish are told by their keys, and stay under a column of ours.
Status PlanKept(const TableConfig& config, TablePlan* plan) {
  if (config.deletes != Deletes::kKeep) return {};
  SourceTable& table = plan->table;
  if (table.primary_key.empty()) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("deletes: keep needs a primary key in '{}'", table.name),
                        "without one no row can be told from another: use  deletes: reconcile");
  }
  if (config.mode == TableMode::kAppend) {
    return FailWithHint(
        Code::kInvalid,
        fmt::format("deletes: keep is of no use in '{}', whose mode is append", table.name),
        "with  mode: append  deletes are not looked for, and every row stays");
  }
  if (table.Find(sql::kDeletedAt) != nullptr) {
    return FailWithHint(
        Code::kInvalid,
        fmt::format(
            "deletes: keep needs the name {} for itself, and '{}' has a column of that name",
            sql::kDeletedAt,
            table.name),
        fmt::format("leave it out:  exclude: [{}]", sql::kDeletedAt));
  }
  table.keeps_deleted = true;
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
  TRY_STATUS(MaskColumns(config, input.source->salt, &plan.table));
  plan.table.where = config.where;
  plan.table.where_place = config.where_place;
  plan.zone = config.datetime_zone.empty() ? input.source->datetime_zone : config.datetime_zone;
  if (!plan.zone.empty()) TRY_STATUS(Zone::Find(plan.zone).map([](const Zone&) {}));
  TRY_STATUS(PlanCursor(table, config, &plan));
  TRY_STATUS(PlanKept(config, &plan));
  TRY_STATUS(PlanHistory(table, config, input, &plan));
  plan.columns_json = ProjectionText(plan);
  plan.redefines = input.state != nullptr && WhereOf(input.state->columns_json) != plan.table.where;
  plan.carried = CarriedOf(plan, input);
  plan.unmasks =
      input.table_exists && input.state != nullptr && HoldsMore(input.state->columns_json, plan);
  if (!plan.incremental) return plan;
  const std::string reason = NoDeltaReason(plan, input);
  if (!reason.empty()) plan.note = reason;
  const bool has_position = input.state != nullptr && input.state->cursor == plan.cursor;
  plan.delta = has_position && reason.empty() && !input.full;
  plan.lookback = config.lookback;
  if (plan.delta) plan.since = input.state->watermark - config.lookback;
  // The bounds of ranges are kept with the copy, and would be keys as they are.
  // A copy up to a key is one read.
  plan.ranged = !plan.delta && !plan.by_key && !plan.table.has_masked_key() &&
                table.rows_expected > input.ranges_from;
  return plan;
}

}  // namespace kura::sync
