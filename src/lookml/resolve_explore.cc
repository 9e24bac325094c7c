// Explores and their joins.
#include "lookml/diagnostics.h"
#include "lookml/parameters.h"
#include "lookml/resolve.h"
#include "lookml/sql_text.h"

namespace kura::lookml {
namespace {

constexpr std::pair<std::string_view, JoinType> kJoinTypes[] = {
    {"left_outer", JoinType::kLeftOuter},
    {"inner", JoinType::kInner},
    {"full_outer", JoinType::kFullOuter},
    {"cross", JoinType::kCross},
};

constexpr std::pair<std::string_view, Relationship> kRelationships[] = {
    {"many_to_one", Relationship::kManyToOne},
    {"one_to_one", Relationship::kOneToOne},
    {"one_to_many", Relationship::kOneToMany},
    {"many_to_many", Relationship::kManyToMany},
};

// `foreign_key: user_id` stands for  ${base.user_id} = ${joined.<its primary key>}; the key's name
// is not known here, so the piece has an empty text that Load fills in.
Sql ForeignKeySql(const Node& node, Scope& scope, const Join& join, const std::string& base) {
  Sql sql;
  sql.span = node.value_span();
  SqlPiece from = FieldPiece(scope.Text(node), sql.span);
  if (from.view.empty()) from.view = base;
  SqlPiece equals;
  equals.text = " = ";
  equals.span = sql.span;
  SqlPiece key;
  key.kind = SqlPiece::Kind::kField;
  key.view = join.name;
  key.span = sql.span;
  sql.pieces = {std::move(from), std::move(equals), std::move(key)};
  return sql;
}

void ResolveJoinParameter(const Node& node, Scope& scope, Join& join) {
  if (node.key == "from") {
    join.view = scope.Text(node);
  } else if (node.key == "type") {
    join.type = scope.Choice<JoinType>(node, "join type", kJoinTypes, join.type);
  } else if (node.key == "relationship") {
    join.relationship =
        scope.Choice<Relationship>(node, "relationship", kRelationships, join.relationship);
    join.relationship_span = node.value_span();
  } else if (node.key == "sql_on") {
    join.sql_on = scope.SqlText(node);
  } else if (node.key == "sql_where") {
    join.sql_where = scope.SqlText(node);
  } else if (node.key == "required_joins") {
    join.required_joins = scope.Names(node);
  } else if (node.key == "fields") {
    join.fields = scope.Names(node);
  } else if (node.key == "view_label") {
    join.view_label = scope.Text(node);
  }
}

Join ResolveJoin(const Node& tree, Scope& scope, const std::string& base) {
  Join join;
  join.name = std::string(tree.name);
  join.view = join.name;
  join.span = tree.name_span();
  join.relationship_span = join.span;
  CheckParameters(tree.children, Holder::kJoin, scope.diagnostics());
  for (const Node& node : tree.children) ResolveJoinParameter(node, scope, join);
  const Node* foreign_key = tree.Find("foreign_key");
  if (foreign_key != nullptr) join.sql_on = ForeignKeySql(*foreign_key, scope, join, base);
  if (join.sql_on.empty() && join.type != JoinType::kCross && tree.Find("sql") == nullptr) {
    AddError(scope.diagnostics(),
             kMissingParameter,
             join.span,
             {"join '" + join.name + "' has no sql_on",
              "",
              "add  sql_on: ${" + base + ".…} = ${" + join.name + ".…} ;;"});
  }
  return join;
}

void ResolveAlwaysFilter(const Node& node, Scope& scope, Explore& explore) {
  if (node.kind != NodeKind::kBlock) {
    (void)scope.Text(node);
    return scope.AddFilters(node, explore.always_filter);
  }
  for (const Node& child : node.children) {
    if (child.key == "filters") scope.AddFilters(child, explore.always_filter);
  }
}

bool ApplyText(const Node& node, Scope& scope, Explore& explore) {
  static const std::map<std::string_view, std::string Explore::*> kTexts = {
      {"label", &Explore::label},
      {"description", &Explore::description},
      {"group_label", &Explore::group_label},
      {"view_label", &Explore::view_label},
  };
  const auto text = kTexts.find(node.key);
  if (text == kTexts.end()) return false;
  explore.*(text->second) = scope.Text(node);
  return true;
}

void ResolveParameter(const Node& node, Scope& scope, Explore& explore) {
  if (ApplyText(node, scope, explore)) return;
  if (node.key == "hidden") {
    explore.hidden = scope.YesNo(node);
  } else if (node.key == "sql_always_where") {
    explore.sql_always_where = scope.SqlText(node);
  } else if (node.key == "sql_always_having") {
    explore.sql_always_having = scope.SqlText(node);
  } else if (node.key == "always_filter") {
    ResolveAlwaysFilter(node, scope, explore);
  } else if (node.key == "always_join") {
    explore.always_join = scope.Names(node);
  } else if (node.key == "fields") {
    explore.fields = scope.Names(node);
  }
}

// Enters a join; the first of two with one name stays.
void AddJoin(const Node& node, Scope& scope, Explore& explore) {
  Join join = ResolveJoin(node, scope, explore.base);
  if (join.name == explore.base || explore.Find(join.name) != nullptr) {
    AddError(scope.diagnostics(),
             kDuplicate,
             join.span,
             {"'" + join.name + "' is joined twice in explore '" + explore.name + "'",
              "",
              "give one of them another name with  from: " + join.view});
    return;
  }
  explore.joins.push_back(std::move(join));
}

}  // namespace

Explore ResolveExplore(const Node& tree, Scope& scope) {
  Explore explore;
  explore.name = std::string(tree.name);
  explore.span = tree.name_span();
  CheckParameters(tree.children, Holder::kExplore, scope.diagnostics());
  const Node* from = tree.Find("from");
  const Node* view_name = tree.Find("view_name");
  explore.base = view_name != nullptr ? scope.Text(*view_name) : explore.name;
  explore.base_view = from != nullptr ? scope.Text(*from) : explore.base;
  for (const Node& node : tree.children) ResolveParameter(node, scope, explore);
  for (const Node& node : tree.children) {
    if (node.key == "join" && node.kind == NodeKind::kBlock) AddJoin(node, scope, explore);
  }
  return explore;
}

}  // namespace kura::lookml
