// The text is a JSON array: an element per column, and nameless ones for what is said of the whole.
#include "sync/projection.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sync/mask.h"

namespace kura::sync {
namespace {

using Json = nlohmann::ordered_json;

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
    return EqualsIgnoreCase(candidate, name);
  });
}

Json ColumnJson(const TablePlan& plan, const SourceColumn& column) {
  Json json{{"name", column.name},
            {"type", sql::TypeName(column.type)},
            {"source_type", column.source_type},
            {"pk", Contains(plan.table.primary_key, column.name)},
            {"nullable", CanBeNull(column)},
            {"zone", column.clock == ClockKind::kWallClock ? plan.zone : ""},
            {"comment", column.comment}};
  if (column.mask != nullptr) json["mask"] = column.mask->declared();
  return json;
}

// What stored rows were made from: when it changes, they no longer fit. Comments and zones say only
// what the rows mean. `without` is left out too.
std::string Shape(const std::string& columns_json, const std::string& without = "") {
  Json columns = Json::parse(columns_json, nullptr, false);
  if (!columns.is_array()) return "";
  Json shape = Json::array();
  for (Json& column : columns) {
    if (!column.is_object()) return "";
    for (const char* meaning : {"nullable", "zone", "comment"}) column.erase(meaning);
    if (!without.empty()) column.erase(without);
    if (!column.empty()) shape.push_back(std::move(column));
  }
  return shape.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The masks that stored rows were made with, by column.
Json MasksOf(const std::string& columns_json) {
  Json masks = Json::object();
  const Json columns = Json::parse(columns_json, nullptr, false);
  if (!columns.is_array()) return masks;
  for (const Json& column : columns) {
    if (column.is_object() && column.contains("mask")) masks[column["name"]] = column["mask"];
  }
  return masks;
}

}  // namespace

// A zero date is NULL here even where the source has none.
bool CanBeNull(const SourceColumn& column) {
  return column.nullable || column.type.kind == sql::TypeKind::kDate ||
         column.clock != ClockKind::kNone;
}

std::string ProjectionText(const TablePlan& plan) {
  Json columns = Json::array();
  for (const SourceColumn& column : plan.table.columns) columns.push_back(ColumnJson(plan, column));
  // What is said of the table as a whole is one more element, without a name.
  if (!plan.table.where.empty()) columns.push_back(Json{{"where", plan.table.where}});
  if (plan.table.keeps_deleted) columns.push_back(Json{{"deletes", "keep"}});
  return columns.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string WhereOf(const std::string& columns_json) {
  const Json columns = Json::parse(columns_json, nullptr, false);
  if (!columns.is_array()) return "";
  for (const Json& column : columns) {
    if (column.is_object() && column.contains("where")) return column["where"];
  }
  return "";
}

bool HoldsMore(const std::string& before, const TablePlan& plan) {
  const Json columns = Json::parse(before, nullptr, false);
  if (!columns.is_array()) return false;
  return MasksOf(before) != MasksOf(plan.columns_json) ||
         std::any_of(columns.begin(), columns.end(), [&](const Json& column) {
           const bool is_column = column.is_object() && column.contains("name");
           return is_column && plan.table.Find(column.value("name", "")) == nullptr;
         });
}

std::string ShapeReason(const std::string& before, const std::string& now) {
  if (Shape(before) == Shape(now)) return "";
  if (MasksOf(before) != MasksOf(now)) return "mask changed: copied whole";
  for (const char* part : {"where", "deletes"}) {
    if (Shape(before, part) == Shape(now, part))
      return std::string(part) + " changed: copied whole";
  }
  return "columns changed: copied whole";
}

sql::CarriedRows CarriedOf(const TablePlan& plan, const PlanInput& input) {
  sql::CarriedRows carried;
  const bool wanted = plan.table.keeps_deleted || (plan.appends && !plan.redefines);
  if (!wanted || input.state == nullptr || !input.table_exists) return carried;
  const Json before = Json::parse(input.state->columns_json, nullptr, false);
  if (!before.is_array()) return carried;
  for (const Json& known : before) {
    if (!known.is_object()) return {};
    if (known.contains("deletes")) carried.has_deleted_at = true;
    if (!known.contains("name")) continue;
    const SourceColumn* column = plan.table.Find(known.value("name", ""));
    if (column == nullptr) continue;
    const Json now = ColumnJson(plan, *column);
    const bool is_same = known.value("type", "") == now.value("type", "") &&
                         known.value("mask", "") == now.value("mask", "");
    if (is_same) carried.columns.push_back(column->name);
  }
  for (const std::string& key : plan.table.primary_key) {
    if (!Contains(carried.columns, key)) carried.columns.clear();
  }
  return carried;
}

}  // namespace kura::sync
