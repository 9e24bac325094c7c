// The joined and filtered rows of a question. On a spine, conditions on other views stand in the ON
// of their branch, so that they take facts away and no days (DESIGN §11.3).
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "query/condition.h"
#include "query/select.h"

namespace kura::query {
namespace {

using lookml::JoinType;

const char* JoinKeyword(JoinType type) {
  switch (type) {
    case JoinType::kLeftOuter:
      return "LEFT JOIN";
    case JoinType::kInner:
      return "INNER JOIN";
    case JoinType::kFullOuter:
      return "FULL OUTER JOIN";
    case JoinType::kCross:
      return "CROSS JOIN";
  }
  return "LEFT JOIN";
}

class RowBuilder {
 public:
  RowBuilder(const Plan& plan, FieldSql& fields, Diagnostics& diagnostics)
      : plan_(plan), fields_(fields), diagnostics_(diagnostics) {}

  sql::Select Build();

 private:
  void AddConditions();
  void AddCondition(sql::Expr condition, const std::set<std::string>& aliases);
  sql::Source SourceOf(const std::string& alias);
  sql::Join JoinOf(const lookml::Join& join);
  void AddJoins();
  void AddBranch(const std::string& branch);
  bool NeedsNesting(const std::vector<const lookml::Join*>& members) const;

  const Plan& plan_;
  FieldSql& fields_;
  Diagnostics& diagnostics_;
  sql::Select select_;
  std::map<std::string, std::vector<sql::Expr>> branch_conditions_;
};

sql::Select RowBuilder::Build() {
  select_.from = SourceOf(plan_.scope.explore->base);
  AddConditions();
  AddJoins();
  for (const lookml::View* view : fields_.derived()) {
    sql::Cte cte;
    cte.name = view->name;
    sql::Expr text = fields_.Text(view->derived_sql, view->name, {"view", view->name});
    if (auto* raw = std::get_if<sql::Raw>(&text.node)) cte.text = std::move(*raw);
    select_.ctes.push_back(std::move(cte));
  }
  return std::move(select_);
}

sql::Source RowBuilder::SourceOf(const std::string& alias) {
  sql::Source source;
  source.alias = alias;
  const lookml::View* view = plan_.scope.ViewOf(alias);
  if (view) source.table = fields_.TableText(*view, {"view", alias});
  return source;
}

void RowBuilder::AddConditions() {
  const std::string& base = plan_.scope.explore->base;
  for (const PlannedFilter& filter : plan_.filters) {
    if (filter.use.field->is_measure()) continue;
    std::set<std::string> aliases;
    CollectAliases(plan_.scope, filter.use, &aliases);
    AddCondition(fields_.Condition(filter.use, filter.parsed, filter.member), aliases);
  }
  const auto add_text = [&](const lookml::Sql& text, const std::string& own, const char* member) {
    if (text.empty()) return;
    std::set<std::string> aliases;
    CollectAliases(plan_.scope, text, own, &aliases);
    AddCondition(fields_.Text(text, own, {member, own}), aliases);
  };
  add_text(plan_.scope.explore->sql_always_where, base, "sql_always_where");
  for (const lookml::Join* join : plan_.joins) add_text(join->sql_where, join->name, "sql_where");
}

// On a spine a condition belongs to the branch of the last alias that it reads.
void RowBuilder::AddCondition(sql::Expr condition, const std::set<std::string>& aliases) {
  if (IsAlwaysTrue(condition)) return;
  std::string branch;
  if (plan_.spine) {
    for (const lookml::Join* join : plan_.joins) {
      if (aliases.contains(join->name)) branch = plan_.BranchOf(join->name);
    }
  }
  if (branch.empty()) {
    select_.where.push_back(std::move(condition));
  } else {
    branch_conditions_[branch].push_back(std::move(condition));
  }
}

sql::Join RowBuilder::JoinOf(const lookml::Join& join) {
  sql::Join made;
  made.kind = JoinKeyword(join.type);
  made.source = SourceOf(join.name);
  if (join.type == JoinType::kCross) return made;
  if (join.sql_on.empty()) {
    made.on.push_back({sql::Boolean{true}});
  } else {
    made.on.push_back(fields_.Text(join.sql_on, join.name, {"join", join.name}));
  }
  return made;
}

void RowBuilder::AddJoins() {
  std::set<std::string> done;
  for (const lookml::Join* join : plan_.joins) {
    if (!plan_.spine) {
      select_.joins.push_back(JoinOf(*join));
    } else if (const std::string branch = plan_.BranchOf(join->name); done.insert(branch).second) {
      AddBranch(branch);
    }
  }
}

// Inside parentheses, conditions and inner joins of the branch do not touch the spine's rows.
bool RowBuilder::NeedsNesting(const std::vector<const lookml::Join*>& members) const {
  if (members.size() < 2) return false;
  const auto conditions = branch_conditions_.find(plan_.BranchOf(members[0]->name));
  if (conditions != branch_conditions_.end()) return true;
  return std::any_of(members.begin() + 1, members.end(), [](const lookml::Join* join) {
    return join->type != JoinType::kLeftOuter;
  });
}

void RowBuilder::AddBranch(const std::string& branch) {
  std::vector<const lookml::Join*> members;
  for (const lookml::Join* join : plan_.joins) {
    if (join->name == branch) members.insert(members.begin(), join);
    if (join->name != branch && plan_.BranchOf(join->name) == branch) members.push_back(join);
  }
  sql::Join top = JoinOf(*members[0]);
  const bool nested = NeedsNesting(members);
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (nested) top.nested.push_back(JoinOf(*members[i]));
    const bool reads_base =
        std::any_of(plan_.edges.begin(), plan_.edges.end(), [&](const Edge& edge) {
          return edge.child == members[i]->name && edge.parent == plan_.scope.explore->base;
        });
    if (nested && reads_base) {
      Report(diagnostics_,
             {"join", members[i]->name},
             {kUnsupportedFeature,
              fmt::format("join '{}' reads both the calendar and '{}', which cannot be filtered "
                          "together yet",
                          members[i]->name,
                          branch),
              "",
              fmt::format("join it by fields of '{}' alone", branch)});
    }
  }
  for (sql::Expr& condition : branch_conditions_[branch]) top.on.push_back(std::move(condition));
  select_.joins.push_back(std::move(top));
  for (std::size_t i = 1; i < members.size() && !nested; ++i) {
    select_.joins.push_back(JoinOf(*members[i]));
  }
}

}  // namespace

sql::Select BuildRows(const Plan& plan, FieldSql& fields, Diagnostics& diagnostics) {
  return RowBuilder(plan, fields, diagnostics).Build();
}

}  // namespace kura::query
