// One line per decision: what is read, how it is joined, what is filtered, why a measure is right.
#include "query/plan_text.h"

#include <fmt/core.h>

namespace kura::query {
namespace {

std::string DescribeRange(const DateRange& range) {
  return fmt::format("[{}, {})",
                     range.begin ? FormatDateTime(*range.begin) : "…",
                     range.end ? FormatDateTime(*range.end) : "…");
}

std::string DescribeFilter(const PlannedFilter& filter) {
  std::string line = fmt::format("filter   {}  {}", filter.use.name(), filter.member.text);
  const auto* dates = std::get_if<DateFilter>(&filter.parsed);
  if (dates) {
    for (const DateRange& range : dates->ranges) line += "  " + DescribeRange(range);
  }
  return line + "\n";
}

std::string_view TypeName(lookml::JoinType type) {
  switch (type) {
    case lookml::JoinType::kLeftOuter:
      return "left_outer";
    case lookml::JoinType::kInner:
      return "inner";
    case lookml::JoinType::kFullOuter:
      return "full_outer";
    case lookml::JoinType::kCross:
      return "cross";
  }
  return "";
}

}  // namespace

std::string PrintPlan(const Plan& plan, const Compiled& compiled) {
  const Scope& scope = plan.scope;
  std::string out = fmt::format(
      "explore  {}::{}  zone {}\n", scope.model->name, scope.explore->name, compiled.timezone);
  out += fmt::format("base     {}{}\n", scope.explore->base, plan.spine ? "  (every day)" : "");
  for (const Edge& edge : plan.edges) {
    out += fmt::format("join     {}  {} to {}, {}\n",
                       edge.child,
                       RelationshipName(edge.relationship),
                       edge.parent,
                       TypeName(edge.join->type));
  }
  for (const PlannedFilter& filter : plan.filters) out += DescribeFilter(filter);
  for (const PlannedField& field : plan.fields) {
    if (!field.use.field->is_measure()) out += "group    " + field.use.name() + "\n";
  }
  for (const Proof& proof : compiled.proof) {
    out += fmt::format("measure  {}  {}: {}\n", proof.measure, proof.verdict, proof.rule);
  }
  if (plan.fill) out += "fill     " + plan.fields[*plan.fill].use.name() + "\n";
  for (const std::string& table : compiled.tables) out += "reads    " + table + "\n";
  if (compiled.complete_through) {
    out += "complete through " + FormatDateTime(*compiled.complete_through) + "\n";
  }
  for (const PlannedSort& sort : plan.sorts) {
    out += fmt::format(
        "sort     {}{}\n", plan.fields[sort.column].use.name(), sort.descending ? " desc" : "");
  }
  if (plan.limit) out += fmt::format("limit    {}\n", *plan.limit);
  return out;
}

}  // namespace kura::query
