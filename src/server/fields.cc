// server/fields.cc: labels, types and the JSON of fields, by nlohmann/json.
#include "server/fields.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/text.h"

namespace kura::server {
namespace {

using Json = nlohmann::ordered_json;
using lookml::Field;
using lookml::FieldKind;
using lookml::Timeframe;

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

/// The timeframe's part of an expanded field's name: "date" of "created_date".
std::string TimeframeName(const Field& field) {
  const std::string prefix = field.dimension_group + "_";
  return field.name.starts_with(prefix) ? field.name.substr(prefix.size()) : field.name;
}

bool IsTimeframe(const Field& field) {
  return field.timeframe != Timeframe::kNone;
}

bool IsNumberTimeframe(Timeframe timeframe) {
  constexpr std::array kNumbers = {Timeframe::kHourOfDay,
                                   Timeframe::kDayOfWeekIndex,
                                   Timeframe::kDayOfMonth,
                                   Timeframe::kDayOfYear,
                                   Timeframe::kWeekOfYear,
                                   Timeframe::kMonthNum};
  return std::find(kNumbers.begin(), kNumbers.end(), timeframe) != kNumbers.end();
}

bool IsNumeric(const Field& field) {
  if (IsTimeframe(field)) return IsNumberTimeframe(field.timeframe);
  if (field.is_measure()) return !IsOneOf(field.type, {"string", "date", "list", "yesno", "time"});
  return IsOneOf(field.type, {"number", "int", "distance", "duration", "unquoted_number"});
}

bool CanBeFilled(Timeframe timeframe) {
  constexpr std::array kRanges = {Timeframe::kDate,
                                  Timeframe::kWeek,
                                  Timeframe::kMonth,
                                  Timeframe::kQuarter,
                                  Timeframe::kYear,
                                  Timeframe::kHour};
  return std::find(kRanges.begin(), kRanges.end(), timeframe) != kRanges.end();
}

/// The three parts of a field's label: "Day Date" stands in group "Day" as variant "Date".
struct Labels {
  std::string in_view;
  std::string group;
  std::string variant;
};

Labels LabelsOf(const Field& field) {
  Labels labels;
  if (IsTimeframe(field) && !field.dimension_group.empty()) {
    const std::string group = LabelOf(field.label, field.dimension_group);
    labels.variant = TitleCase(TimeframeName(field));
    labels.in_view = group.empty() ? labels.variant : group + " " + labels.variant;
    labels.group = field.group_label.empty() ? group : field.group_label;
  } else {
    labels.in_view = LabelOf(field.label, field.name);
    labels.variant = labels.in_view;
    labels.group = field.group_label;
  }
  if (!field.group_item_label.empty()) labels.variant = field.group_item_label;
  return labels;
}

Json TextOrNull(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json UnavailableJson(const ExploreRef& at, const VisibleField& visible) {
  if (!visible.field->is_measure()) return nullptr;
  const std::optional<query::Unavailable> reason =
      query::WhyUnavailable(*at.model, *at.explore, visible.alias, *visible.field);
  if (!reason) return nullptr;
  return Json{{"reason", reason->reason}, {"hint", reason->hint}};
}

Json FieldJson(const ExploreRef& at, const VisibleField& visible) {
  const Field& field = *visible.field;
  const Labels labels = LabelsOf(field);
  const std::string view_label = ViewLabel(at, visible);
  const bool timeframe = IsTimeframe(field);
  Json suggestions = Json::array();
  if (field.type == "yesno") suggestions = {"Yes", "No"};
  Json json;
  json["name"] = visible.alias + "." + field.name;
  json["label"] = view_label.empty() ? labels.in_view : view_label + " " + labels.in_view;
  json["label_short"] = labels.in_view;
  json["description"] = field.description;
  json["view"] = visible.alias;
  json["view_label"] = view_label;
  json["field_group_label"] = TextOrNull(labels.group);
  json["field_group_variant"] = labels.variant;
  json["dimension_group"] = field.dimension_group.empty()
                                ? Json(nullptr)
                                : Json(visible.alias + "." + field.dimension_group);
  json["type"] = timeframe ? "date_" + TimeframeName(field) : field.type;
  json["category"] = FieldKindName(field.kind);
  json["measure"] = field.is_measure();
  json["is_numeric"] = IsNumeric(field);
  json["is_timeframe"] = timeframe;
  json["is_filter"] = field.kind == FieldKind::kFilter;
  json["hidden"] = field.hidden;
  json["fill_style"] = CanBeFilled(field.timeframe) ? Json("range") : Json(nullptr);
  json["value_format"] = TextOrNull(field.value_format);
  json["value_format_name"] = TextOrNull(field.value_format_name);
  json["suggestions"] = std::move(suggestions);
  json["unavailable"] = UnavailableJson(at, visible);
  return json;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string LabelOf(const std::string& label, const std::string& name) {
  return label.empty() ? TitleCase(name) : label;
}

std::string ViewLabel(const ExploreRef& at, const VisibleField& field) {
  if (!field.field->view_label.empty()) return field.field->view_label;
  const lookml::Join* join = at.explore->Find(field.alias);
  const std::string& in_explore = join != nullptr ? join->view_label : at.explore->view_label;
  if (!in_explore.empty()) return in_explore;
  return LabelOf(field.view->label, field.alias);
}

std::string ExploreFieldsJson(const ExploreRef& at) {
  Json lists{{"dimensions", Json::array()},
             {"measures", Json::array()},
             {"filters", Json::array()},
             {"parameters", Json::array()}};
  for (const VisibleField& visible : VisibleFields(*at.model, *at.explore)) {
    const std::string list = std::string(FieldKindName(visible.field->kind)) + "s";
    lists[list].push_back(FieldJson(at, visible));
  }
  return Dump(lists);
}

std::string AnswerFieldsJson(const ExploreRef& at,
                             const std::vector<query::OutputColumn>& columns) {
  Json lists{{"dimensions", Json::array()},
             {"measures", Json::array()},
             {"table_calculations", Json::array()},
             {"pivots", Json::array()}};
  for (const query::OutputColumn& column : columns) {
    const auto view = at.model->views.find(at.explore->ViewOf(column.view));
    if (column.field == nullptr || view == at.model->views.end()) continue;
    lists[column.is_measure ? "measures" : "dimensions"].push_back(
        FieldJson(at, {column.view, &view->second, column.field}));
  }
  return Dump(lists);
}

}  // namespace kura::server
