// Views: where their rows come from, their fields and sets.
#include "lookml/diagnostics.h"
#include "lookml/parameters.h"
#include "lookml/resolve.h"

namespace kura::lookml {
namespace {

void ResolveDerivedTable(const Node& tree, Scope& scope, View& view) {
  CheckParameters(tree.children, Holder::kDerivedTable, scope.diagnostics());
  if (const Node* sql = tree.Find("sql")) view.derived_sql = scope.SqlText(*sql);
  if (!view.derived_sql.empty() || tree.Find("explore_source") != nullptr) return;
  AddError(scope.diagnostics(),
           kMissingParameter,
           tree.key_span(),
           {"the derived table of '" + view.name + "' has no sql", "", "add  sql: SELECT … ;;"});
}

void ResolveSet(const Node& tree, Scope& scope, View& view) {
  CheckParameters(tree.children, Holder::kSet, scope.diagnostics());
  const Node* fields = tree.Find("fields");
  view.sets[std::string(tree.name)] =
      fields == nullptr ? std::vector<std::string>() : scope.Names(*fields);
}

void ResolveParameter(const Node& node, Scope& scope, View& view) {
  if (node.key == "label") {
    view.label = scope.Text(node);
  } else if (node.key == "sql_table_name") {
    view.sql_table_name = scope.SqlText(node);
  } else if (node.key == "derived_table") {
    ResolveDerivedTable(node, scope, view);
  } else if (node.key == "set") {
    ResolveSet(node, scope, view);
  } else if (node.key == "drill_fields") {
    view.drill_fields = scope.Names(node);
  } else if (IsFieldNode(node)) {
    ResolveField(node, scope, view.fields);
  }
}

// Enters the fields into the index; the first of two with one name stays.
void IndexFields(View& view, Scope& scope) {
  std::vector<Field> kept;
  kept.reserve(view.fields.size());
  for (Field& field : view.fields) {
    const auto [entry, is_new] = view.field_index.emplace(field.name, kept.size());
    if (is_new) {
      kept.push_back(std::move(field));
      continue;
    }
    const Field& first = kept[entry->second];
    const auto line = first.span.file->PositionOf(first.span.begin).line;
    AddError(scope.diagnostics(),
             kDuplicate,
             field.span,
             {"there are two fields '" + view.name + "." + field.name + "'",
              "the first is a " + std::string(FieldKindName(first.kind)) + " in line " +
                  std::to_string(line),
              ""});
  }
  view.fields = std::move(kept);
}

void CheckKeys(const View& view, Scope& scope) {
  const Field* first = nullptr;
  for (const Field& field : view.fields) {
    if (!field.primary_key) continue;
    if (first == nullptr) {
      first = &field;
      continue;
    }
    AddError(
        scope.diagnostics(),
        kSeveralPrimaryKeys,
        field.span,
        {"'" + view.name + "' has two primary keys: '" + first->name + "' and '" + field.name + "'",
         "",
         "for a key of several columns, make one hidden dimension that joins them"});
  }
}

}  // namespace

bool IsFieldNode(const Node& node) {
  return node.kind == NodeKind::kBlock && !node.name.empty() &&
         (node.key == "dimension" || node.key == "dimension_group" || node.key == "measure" ||
          node.key == "filter" || node.key == "parameter");
}

bool IsProtected(const std::vector<Node>& parameters) {
  for (const Node& node : parameters) {
    if (node.key == "required_access_grants" || node.key == "access_filter") return true;
  }
  return false;
}

View ResolveView(const Node& tree, Scope& scope) {
  View view;
  view.name = std::string(tree.name);
  view.span = tree.name_span();
  CheckParameters(tree.children, Holder::kView, scope.diagnostics());
  for (const Node& node : tree.children) ResolveParameter(node, scope, view);
  if (IsProtected(tree.children)) view.fields.clear();
  IndexFields(view, scope);
  CheckKeys(view, scope);
  return view;
}

}  // namespace kura::lookml
