// The table of parameters. Sources: the LookML reference's parameter lists and reference §1.1–1.7.
#include "lookml/parameters.h"

#include <map>
#include <set>
#include <string>

#include "base/text.h"
#include "lookml/diagnostics.h"

namespace kura::lookml {
namespace {

// One row: the objects, what Kura does, and the parameters.
struct Row {
  std::vector<Holder> holders;
  Support support;
  std::string_view parameters;
};

std::vector<Row> FieldRows() {
  using enum Holder;
  const std::vector<Holder> fields = {kDimension, kDimensionGroup, kMeasure, kFilter, kParameter};
  return {
      {fields,
       Support::kApplied,
       "type sql label description view_label group_label group_item_label hidden tags "
       "drill_fields"},
      {fields,
       Support::kKept,
       "alias html link action can_filter suggestable suggestions suggest_dimension "
       "suggest_explore suggest_persist_for full_suggestions bypass_suggest_restrictions "
       "alpha_sort "
       "skip_drill_filter map_layer_name synonyms convert_tz_label required_fields allow_fill "
       "style_hint"},
      {fields,
       Support::kUnsupported,
       "case_sensitive label_from_parameter order_by_field fanout_on"},
      {fields, Support::kAccess, "required_access_grants"},
      {{kDimension, kMeasure}, Support::kApplied, "value_format value_format_name"},
      {{kDimension, kDimensionGroup, kMeasure}, Support::kApplied, "convert_tz datatype"},
      {{kDimension}, Support::kApplied, "primary_key"},
      {{kDimension},
       Support::kUnsupported,
       "case tiers bins style sql_latitude sql_longitude start_location_field end_location_field "
       "units sql_start sql_end intervals sql_case string_datatype"},
      {{kDimensionGroup}, Support::kApplied, "timeframes"},
      {{kDimensionGroup},
       Support::kUnsupported,
       "intervals sql_start sql_end order_by_field custom_calendar"},
      {{kMeasure}, Support::kApplied, "filters"},
      {{kMeasure},
       Support::kKept,
       "precision approximate approximate_threshold "
       "allow_approximate_optimization"},
      {{kMeasure},
       Support::kUnsupported,
       "sql_distinct_key percentile list_field direction based_on based_on_time period kind "
       "value_to_date"},
      {{kFilter, kParameter}, Support::kApplied, "default_value"},
      {{kFilter}, Support::kKept, "datatype convert_tz"},
      {{kParameter}, Support::kKept, "allowed_value"},
  };
}

std::vector<Row> ViewRows() {
  using enum Holder;
  return {
      {{kView},
       Support::kApplied,
       "label sql_table_name derived_table dimension dimension_group measure filter parameter set "
       "drill_fields extends extension final"},
      {{kView}, Support::kKept, "suggestions view_label fields_hidden_by_default tags"},
      {{kView}, Support::kUnsupported, "calendar_definition test"},
      {{kView}, Support::kAccess, "required_access_grants"},
      {{kSet}, Support::kApplied, "fields"},
      {{kDerivedTable}, Support::kApplied, "sql"},
      {{kDerivedTable},
       Support::kKept,
       "datagroup_trigger persist_for sql_trigger_value interval_trigger materialized_view "
       "publish_as_db_view increment_key increment_offset partition_keys cluster_keys sortkeys "
       "distribution distribution_style indexes table_compression table_format sort_keys"},
      {{kDerivedTable}, Support::kUnsupported, "explore_source sql_create create_process"},
  };
}

std::vector<Row> ExploreRows() {
  using enum Holder;
  return {
      {{kExplore},
       Support::kApplied,
       "from view_name label description group_label view_label hidden fields join "
       "sql_always_where sql_always_having always_filter always_join extends extension final"},
      {{kExplore},
       Support::kKept,
       "tags persist_with persist_for aggregate_table query suggest_persist_for icon"},
      {{kExplore},
       Support::kUnsupported,
       "conditionally_filter cancel_grouping_fields symmetric_aggregates sql_table_name "
       "case_sensitive sql_preamble"},
      {{kExplore}, Support::kAccess, "access_filter required_access_grants"},
      {{kJoin},
       Support::kApplied,
       "from type relationship sql_on sql_where foreign_key fields view_label required_joins"},
      {{kJoin},
       Support::kUnsupported,
       "sql sql_table_name outer_only sql_foreign_key required_joins_outer view_name"},
      {{kJoin}, Support::kKept, "label description"},
      {{kJoin}, Support::kAccess, "required_access_grants"},
  };
}

std::vector<Row> FileRows() {
  using enum Holder;
  return {
      {{kModel},
       Support::kApplied,
       "connection label include view explore week_start_day fiscal_month_offset"},
      {{kModel},
       Support::kKept,
       "datagroup persist_with persist_for map_layer aggregate_awareness view_label access_grant "
       "sql_preamble"},
      {{kModel}, Support::kUnsupported, "named_value_format case_sensitive test"},
      {{kManifest}, Support::kApplied, "project_name constant"},
      {{kManifest},
       Support::kKept,
       "new_lookml_runtime application visualization localization_settings entitlements "
       "rule lams_rule"},
      {{kManifest}, Support::kUnsupported, "local_dependency remote_dependency"},
  };
}

using Table = std::map<Holder, std::map<std::string_view, Support>>;

Table MakeTable() {
  Table table;
  for (const auto& rows : {FieldRows(), ViewRows(), ExploreRows(), FileRows()}) {
    for (const Row& row : rows) {
      for (const Holder holder : row.holders) {
        for (const std::string_view name : Split(row.parameters, ' ')) {
          table[holder][name] = row.support;
        }
      }
    }
  }
  return table;
}

const Table& Parameters() {
  static const Table table = MakeTable();
  return table;
}

std::string Article(Holder holder) {
  return holder == Holder::kExplore ? "an " : "a ";
}

void ReportUnknown(const Node& node, Holder holder, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const auto& [name, support] : Parameters().at(holder)) names.emplace_back(name);
  const std::string nearest = NearestName(node.key, names);
  const std::string guess = nearest.empty() ? "" : " (did you mean '" + nearest + "'?)";
  AddWarning(diagnostics,
             kUnknownParameter,
             node.key_span(),
             {"'" + std::string(node.key) + "' is no parameter of " + Article(holder) +
                  std::string(HolderName(holder)) + guess,
              "ignored",
              ""});
}

// Blocks and these collect; of other parameters the last one wins.
bool Collects(const Node& node) {
  return node.kind == NodeKind::kBlock || node.key == "include" || node.key == "filters" ||
         node.key == "extends" || node.key == "sql_step";
}

}  // namespace

Support SupportOf(Holder holder, std::string_view parameter) {
  const auto& parameters = Parameters().at(holder);
  const auto found = parameters.find(parameter);
  return found == parameters.end() ? Support::kUnknown : found->second;
}

std::string_view HolderName(Holder holder) {
  switch (holder) {
    case Holder::kManifest:
      return "manifest";
    case Holder::kModel:
      return "model";
    case Holder::kView:
      return "view";
    case Holder::kDerivedTable:
      return "derived table";
    case Holder::kExplore:
      return "explore";
    case Holder::kJoin:
      return "join";
    case Holder::kDimension:
      return "dimension";
    case Holder::kDimensionGroup:
      return "dimension group";
    case Holder::kMeasure:
      return "measure";
    case Holder::kFilter:
      return "filter";
    case Holder::kParameter:
      return "parameter";
    case Holder::kSet:
      return "set";
  }
  return "";
}

void CheckParameters(const std::vector<Node>& parameters, Holder holder, Diagnostics& diagnostics) {
  std::set<std::string_view> seen;
  for (const Node& node : parameters) {
    const std::string name = "'" + std::string(node.key) + "'";
    switch (SupportOf(holder, node.key)) {
      case Support::kUnknown:
        ReportUnknown(node, holder, diagnostics);
        break;
      case Support::kUnsupported:
        AddWarning(diagnostics,
                   kUnsupportedParameter,
                   node.key_span(),
                   {name + " is not supported yet", "kept, but not applied", ""});
        break;
      case Support::kAccess:
        AddError(diagnostics,
                 kUnsupportedAccess,
                 node.key_span(),
                 {name + " is not supported yet, and without it data would be open",
                  "what it protects is left out",
                  ""});
        break;
      default:
        break;
    }
    if (!Collects(node) && !seen.insert(node.key).second) {
      AddWarning(diagnostics,
                 kRepeatedParameter,
                 node.key_span(),
                 {name + " is given twice here", "this one counts", ""});
    }
  }
}

}  // namespace kura::lookml
