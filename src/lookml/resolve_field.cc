// Fields, and dimension groups expanded to one dimension per timeframe.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "lookml/diagnostics.h"
#include "lookml/parameters.h"
#include "lookml/resolve.h"

namespace kura::lookml {
namespace {

using TimeframeEntry = std::pair<std::string_view, Timeframe>;

// In the order in which a group without `timeframes` shows them: all that Kura knows.
constexpr std::array<TimeframeEntry, 20> kTimeframes = {{
    {"raw", Timeframe::kRaw},
    {"time", Timeframe::kTime},
    {"time_of_day", Timeframe::kTimeOfDay},
    {"date", Timeframe::kDate},
    {"week", Timeframe::kWeek},
    {"month", Timeframe::kMonth},
    {"quarter", Timeframe::kQuarter},
    {"year", Timeframe::kYear},
    {"hour", Timeframe::kHour},
    {"minute", Timeframe::kMinute},
    {"second", Timeframe::kSecond},
    {"hour_of_day", Timeframe::kHourOfDay},
    {"day_of_week", Timeframe::kDayOfWeek},
    {"day_of_week_index", Timeframe::kDayOfWeekIndex},
    {"day_of_month", Timeframe::kDayOfMonth},
    {"day_of_year", Timeframe::kDayOfYear},
    {"week_of_year", Timeframe::kWeekOfYear},
    {"month_num", Timeframe::kMonthNum},
    {"month_name", Timeframe::kMonthName},
    {"quarter_of_year", Timeframe::kQuarterOfYear},
}};

// Timeframes of LookML that Kura does not have yet; with "hour2", "minute15", "millisecond100" …
constexpr std::array<std::string_view, 10> kLaterTimeframes = {"fiscal_month_num",
                                                               "fiscal_quarter",
                                                               "fiscal_quarter_of_year",
                                                               "fiscal_year",
                                                               "yesno",
                                                               "microsecond",
                                                               "millisecond",
                                                               "day_of_week_name",
                                                               "half_year",
                                                               "am_pm"};

bool IsClockTime(Timeframe timeframe) {
  switch (timeframe) {
    case Timeframe::kTime:
    case Timeframe::kTimeOfDay:
    case Timeframe::kHour:
    case Timeframe::kMinute:
    case Timeframe::kSecond:
    case Timeframe::kHourOfDay:
      return true;
    default:
      return false;
  }
}

bool IsLater(std::string_view name) {
  if (std::find(kLaterTimeframes.begin(), kLaterTimeframes.end(), name) != kLaterTimeframes.end()) {
    return true;
  }
  const std::size_t digits = name.find_first_of("0123456789");
  const std::string_view unit = name.substr(0, digits);
  return digits != std::string_view::npos &&
         (unit == "hour" || unit == "minute" || unit == "second" || unit == "millisecond");
}

constexpr std::array<std::string_view, 8> kDimensionTypes = {
    "string", "number", "yesno", "date", "date_time", "zipcode", "int", "unquoted"};
constexpr std::array<std::string_view, 5> kLaterDimensionTypes = {
    "tier", "location", "distance", "bin", "duration"};
constexpr std::array<std::string_view, 12> kMeasureTypes = {"count",
                                                            "count_distinct",
                                                            "sum",
                                                            "average",
                                                            "min",
                                                            "max",
                                                            "number",
                                                            "string",
                                                            "yesno",
                                                            "date",
                                                            "date_time",
                                                            "median"};
constexpr std::array<std::string_view, 10> kLaterMeasureTypes = {
    "sum_distinct",
    "average_distinct",
    "median_distinct",
    "percentile",
    "percentile_distinct",
    "list",
    "percent_of_total",
    "percent_of_previous",
    "running_total",
    "period_over_period",
};

template <std::size_t N>
bool Has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::pair<std::string_view, Datatype> kDatatypes[] = {
    {"datetime", Datatype::kDatetime},
    {"timestamp", Datatype::kTimestamp},
    {"date", Datatype::kDate},
    {"epoch", Datatype::kEpoch},
    {"yyyymmdd", Datatype::kYyyymmdd},
};

class FieldResolver {
 public:
  FieldResolver(const Node& tree, Scope& scope) : tree_(tree), scope_(scope) {}

  void Run(std::vector<Field>& out) {
    Holder holder = Holder::kDimension;
    field_.name = std::string(tree_.name);
    field_.span = tree_.name_span();
    if (tree_.key == "measure") holder = Holder::kMeasure;
    if (tree_.key == "filter") holder = Holder::kFilter;
    if (tree_.key == "parameter") holder = Holder::kParameter;
    if (tree_.key == "dimension_group") holder = Holder::kDimensionGroup;
    field_.kind = KindOf(holder);
    CheckParameters(tree_.children, holder, scope_.diagnostics());
    for (const Node& node : tree_.children) {
      if (SupportOf(holder, node.key) == Support::kApplied) Apply(node);
    }
    if (IsProtected(tree_.children)) return;
    if (holder == Holder::kDimensionGroup) return Expand(out);
    Finish(holder);
    out.push_back(std::move(field_));
  }

 private:
  static FieldKind KindOf(Holder holder) {
    switch (holder) {
      case Holder::kMeasure:
        return FieldKind::kMeasure;
      case Holder::kFilter:
        return FieldKind::kFilter;
      case Holder::kParameter:
        return FieldKind::kParameter;
      default:
        return FieldKind::kDimension;
    }
  }

  void Apply(const Node& node) {
    if (ApplyText(node)) return;
    if (node.key == "type") {
      type_ = &node;
      field_.type = scope_.Text(node);
    } else if (node.key == "sql") {
      field_.sql = scope_.SqlText(node);
    } else if (node.key == "hidden") {
      field_.hidden = scope_.YesNo(node);
    } else if (node.key == "primary_key") {
      field_.primary_key = scope_.YesNo(node);
    } else if (node.key == "convert_tz") {
      field_.convert_tz = scope_.YesNo(node);
    } else if (node.key == "datatype") {
      field_.datatype = scope_.Choice<Datatype>(node, "datatype", kDatatypes, Datatype::kDatetime);
    } else if (node.key == "timeframes") {
      timeframes_ = &node;
    } else if (node.key == "filters") {
      scope_.AddFilters(node, field_.filters);
    } else if (node.key == "drill_fields") {
      field_.drill_fields = scope_.Names(node);
    } else if (node.key == "tags") {
      field_.tags = scope_.Names(node);
    }
  }

  bool ApplyText(const Node& node) {
    static const std::map<std::string_view, std::string Field::*> kTexts = {
        {"label", &Field::label},
        {"description", &Field::description},
        {"view_label", &Field::view_label},
        {"group_label", &Field::group_label},
        {"group_item_label", &Field::group_item_label},
        {"value_format", &Field::value_format},
        {"value_format_name", &Field::value_format_name},
        {"default_value", &Field::default_value},
    };
    const auto text = kTexts.find(node.key);
    if (text == kTexts.end()) return false;
    field_.*(text->second) = scope_.Text(node);
    return true;
  }

  // Types and what each needs.
  void Finish(Holder holder) {
    if (holder == Holder::kMeasure) return FinishMeasure();
    if (holder != Holder::kDimension || type_ == nullptr) return;
    if (field_.type.starts_with("date_")) {
      field_.timeframe = TimeframeOf(field_.type.substr(5));
      if (field_.timeframe != Timeframe::kNone) return;
    }
    CheckType("type of a dimension", kDimensionTypes, kLaterDimensionTypes);
  }

  void FinishMeasure() {
    if (type_ == nullptr) {
      field_.type = "string";
      AddWarning(scope_.diagnostics(),
                 kMissingParameter,
                 field_.span,
                 {"measure '" + field_.name + "' has no type",
                  "taken as type: string",
                  "most measures are one of: count, sum, average, count_distinct, number"});
    } else {
      CheckType("type of a measure", kMeasureTypes, kLaterMeasureTypes);
    }
    if (field_.type != "count" && field_.sql.empty() && Has(kMeasureTypes, field_.type)) {
      AddError(scope_.diagnostics(),
               kMissingParameter,
               field_.span,
               {"measure '" + field_.name + "' of type " + field_.type + " has no sql",
                "",
                "add  sql: ${some_dimension} ;;"});
    }
  }

  template <std::size_t N, std::size_t M>
  void CheckType(std::string_view what, const std::array<std::string_view, N>& types,
                 const std::array<std::string_view, M>& later) {
    if (Has(later, field_.type)) {
      AddWarning(scope_.diagnostics(),
                 kUnsupportedParameter,
                 type_->value_span(),
                 {"type " + field_.type + " is not supported yet",
                  "'" + field_.name + "' cannot be asked for",
                  ""});
      return;
    }
    if (Has(types, field_.type)) return;
    scope_.ReportChoice(*type_, what, field_.type, {types.begin(), types.end()});
  }

  static Timeframe TimeframeOf(std::string_view name) {
    const auto found =
        std::find_if(kTimeframes.begin(), kTimeframes.end(), [&](const TimeframeEntry& entry) {
          return entry.first == name;
        });
    return found == kTimeframes.end() ? Timeframe::kNone : found->second;
  }

  void Expand(std::vector<Field>& out) {
    const bool duration = field_.type == "duration";
    if (type_ != nullptr && field_.type != "time") {
      if (duration || field_.type == "custom_calendar") {
        AddWarning(scope_.diagnostics(),
                   kUnsupportedParameter,
                   type_->value_span(),
                   {"type " + field_.type + " is not supported yet",
                    "'" + field_.name + "' has no fields",
                    ""});
        return;
      }
      scope_.ReportChoice(*type_, "type of a dimension group", field_.type, {"time", "duration"});
    }
    if (timeframes_ == nullptr) return ExpandAll(out);
    if (timeframes_->kind != NodeKind::kList) {
      AddError(scope_.diagnostics(),
               kWrongValue,
               timeframes_->value_span(),
               {"'timeframes' takes a list", "", "write  timeframes: [date, week, month]"});
      return;
    }
    for (const Node& item : timeframes_->children) {
      const Timeframe timeframe = TimeframeOf(item.value);
      if (timeframe != Timeframe::kNone) {
        out.push_back(Expanded(item.value, timeframe, item.value_span()));
      } else {
        ReportTimeframe(item);
      }
    }
  }

  void ExpandAll(std::vector<Field>& out) {
    const bool days_only =
        field_.datatype == Datatype::kDate || field_.datatype == Datatype::kYyyymmdd;
    for (const auto& [name, timeframe] : kTimeframes) {
      if (days_only && IsClockTime(timeframe)) continue;
      out.push_back(Expanded(name, timeframe, field_.span));
    }
  }

  Field Expanded(std::string_view name, Timeframe timeframe, Span span) const {
    Field field = field_;
    field.dimension_group = field_.name;
    field.name = field_.name + "_" + std::string(name);
    field.type = "date_" + std::string(name);
    field.timeframe = timeframe;
    field.span = span;
    return field;
  }

  void ReportTimeframe(const Node& item) {
    if (IsLater(item.value)) {
      AddWarning(
          scope_.diagnostics(),
          kUnsupportedParameter,
          item.value_span(),
          {"timeframe " + std::string(item.value) + " is not supported yet", "left out", ""});
      return;
    }
    std::vector<std::string> names;
    for (const auto& [name, timeframe] : kTimeframes) names.emplace_back(name);
    scope_.ReportChoice(item, "timeframe", item.value, names);
  }

  const Node& tree_;
  Scope& scope_;
  Field field_;
  const Node* type_ = nullptr;
  const Node* timeframes_ = nullptr;
};

}  // namespace

void ResolveField(const Node& tree, Scope& scope, std::vector<Field>& out) {
  FieldResolver(tree, scope).Run(out);
}

std::string_view TimeframeName(Timeframe timeframe) {
  for (const auto& [name, known] : kTimeframes) {
    if (known == timeframe) return name;
  }
  return "";
}

}  // namespace kura::lookml
