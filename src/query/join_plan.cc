// A join is needed when a field, a filter, the explore, or another needed join refers to its alias.
#include "query/join_plan.h"

#include <algorithm>

namespace kura::query {
namespace {

using lookml::JoinType;
using lookml::Relationship;

std::set<std::string> AskedAliases(const Plan& plan) {
  const Scope& scope = plan.scope;
  std::set<std::string> aliases = {scope.explore->base};
  for (const PlannedField& field : plan.fields) CollectAliases(scope, field.use, &aliases);
  for (const PlannedFilter& filter : plan.filters) CollectAliases(scope, filter.use, &aliases);
  CollectAliases(scope, scope.explore->sql_always_where, scope.explore->base, &aliases);
  CollectAliases(scope, scope.explore->sql_always_having, scope.explore->base, &aliases);
  for (const std::string& join : scope.explore->always_join) aliases.insert(join);
  return aliases;
}

// The aliases that the condition refers to, besides the join itself.
std::vector<std::string> ParentsOf(const Scope& scope, const lookml::Join& join) {
  std::set<std::string> aliases;
  CollectAliases(scope, join.sql_on, join.name, &aliases);
  aliases.erase(join.name);
  if (aliases.empty()) return {scope.explore->base};
  std::vector<std::string> parents;
  for (const std::string& alias : scope.Aliases()) {
    if (aliases.contains(alias)) parents.push_back(alias);
  }
  return parents;
}

// Adds what needed joins need themselves until nothing is new.
void Close(const Scope& scope, std::set<std::string>* aliases) {
  for (std::size_t before = 0; before != aliases->size();) {
    before = aliases->size();
    for (const lookml::Join& join : scope.explore->joins) {
      if (!aliases->contains(join.name)) continue;
      CollectAliases(scope, join.sql_on, join.name, aliases);
      CollectAliases(scope, join.sql_where, join.name, aliases);
      aliases->insert(join.required_joins.begin(), join.required_joins.end());
    }
  }
}

bool IsToMany(Relationship relationship, bool downwards) {
  if (relationship == Relationship::kManyToMany) return true;
  return relationship == (downwards ? Relationship::kOneToMany : Relationship::kManyToOne);
}

}  // namespace

void PlanJoins(Plan& plan, Diagnostics& diagnostics) {
  const Scope& scope = plan.scope;
  std::set<std::string> aliases = AskedAliases(plan);
  Close(scope, &aliases);
  for (const lookml::Join& join : scope.explore->joins) {
    if (!aliases.contains(join.name)) continue;
    plan.joins.push_back(&join);
    const bool cross = join.type == JoinType::kCross;
    for (const std::string& parent : ParentsOf(scope, join)) {
      plan.edges.push_back(
          {parent, join.name, cross ? Relationship::kManyToMany : join.relationship, &join});
    }
    if (scope.ViewOf(join.name)) continue;
    Diagnostic diagnostic;
    diagnostic.kind = kBadReference;
    diagnostic.span = join.span;
    diagnostic.message = "join '" + join.name + "' has no view '" + join.view + "'";
    diagnostics.Add(std::move(diagnostic));
  }
}

// Walks the used joins away from `alias`; the first step that finds several rows multiplies it.
const Edge* Plan::MultiplierOf(const std::string& alias) const {
  std::set<std::string> seen = {alias};
  std::vector<std::string> queue = {alias};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const Edge& edge : edges) {
      const bool down = edge.parent == queue[i];
      if (!down && edge.child != queue[i]) continue;
      const std::string& next = down ? edge.child : edge.parent;
      if (!seen.insert(next).second) continue;
      if (IsToMany(edge.relationship, down)) return &edge;
      queue.push_back(next);
    }
  }
  return nullptr;
}

std::string Plan::BranchOf(const std::string& alias) const {
  std::string at = alias;
  for (std::size_t step = 0; step <= edges.size(); ++step) {
    std::string up;
    for (const Edge& edge : edges) {
      if (edge.child == at && (up.empty() || up == scope.explore->base)) up = edge.parent;
    }
    if (up.empty() || up == scope.explore->base) return at;
    at = up;
  }
  return at;
}

}  // namespace kura::query
