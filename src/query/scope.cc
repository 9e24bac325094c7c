// Lookups by alias, and the walk over references that tells which aliases a text needs.
#include "query/scope.h"

namespace kura::query {
namespace {

// Each field is walked once; a circle is reported where the field is turned into SQL.
class Collector {
 public:
  Collector(const Scope& scope, std::set<std::string>* aliases)
      : scope_(scope), aliases_(aliases) {}

  void Field(const Use& use) {
    aliases_->insert(use.alias);
    if (!seen_.insert(use.name()).second) return;
    Text(use.field->sql, use.alias);
    for (const lookml::FilterEntry& entry : use.field->filters) {
      const std::optional<Use> filtered = FindEntry(scope_, entry, use.alias);
      if (filtered) Field(*filtered);
    }
  }

  void Text(const lookml::Sql& sql, const std::string& own) {
    for (const lookml::SqlPiece& piece : sql.pieces) {
      if (piece.kind == lookml::SqlPiece::Kind::kTable) aliases_->insert(own);
      if (piece.kind != lookml::SqlPiece::Kind::kField) continue;
      const std::string& alias = piece.view.empty() ? own : piece.view;
      const std::optional<Use> use = scope_.Find(alias, piece.text);
      if (use) Field(*use);
    }
  }

 private:
  const Scope& scope_;
  std::set<std::string>* aliases_;
  std::set<std::string> seen_;
};

}  // namespace

const lookml::View* Scope::ViewOf(std::string_view alias) const {
  const auto found = model->views.find(explore->ViewOf(alias));
  return found == model->views.end() ? nullptr : &found->second;
}

std::optional<Use> Scope::Find(std::string_view alias, std::string_view field) const {
  const lookml::View* view = ViewOf(alias);
  const lookml::Field* found = view ? view->Find(field) : nullptr;
  if (!found) return std::nullopt;
  return Use{std::string(alias), view, found};
}

std::optional<Use> Scope::Find(std::string_view name) const {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  return Find(name.substr(0, dot), name.substr(dot + 1));
}

std::vector<std::string> Scope::Aliases() const {
  std::vector<std::string> aliases = {explore->base};
  for (const lookml::Join& join : explore->joins) aliases.push_back(join.name);
  return aliases;
}

std::vector<std::string> Scope::FieldNames() const {
  std::vector<std::string> names;
  for (const std::string& alias : Aliases()) {
    const lookml::View* view = ViewOf(alias);
    if (!view) continue;
    for (const lookml::Field& field : view->fields) names.push_back(alias + "." + field.name);
  }
  return names;
}

bool Scope::is_spine() const {
  const lookml::View* base = ViewOf(explore->base);
  return base && base->builtin && base->name == "calendar";
}

const sql::CatalogueTable* Scope::TableOf(const lookml::View& view) const {
  if (!catalogue || view.is_derived()) return nullptr;
  std::string name;
  for (const lookml::SqlPiece& piece : view.sql_table_name.pieces) {
    if (piece.kind != lookml::SqlPiece::Kind::kText) return nullptr;
    name += piece.text;
  }
  return catalogue->Find(name.empty() ? view.name : name);
}

void CollectAliases(const Scope& scope, const Use& use, std::set<std::string>* aliases) {
  Collector(scope, aliases).Field(use);
}

void CollectAliases(const Scope& scope, const lookml::Sql& sql, const std::string& own,
                    std::set<std::string>* aliases) {
  Collector(scope, aliases).Text(sql, own);
}

std::optional<Use> FindEntry(const Scope& scope, const lookml::FilterEntry& entry,
                             const std::string& own) {
  if (entry.field.find('.') == std::string::npos) return scope.Find(own, entry.field);
  // A measure's filter may name its own view while the explore knows it under another alias.
  const std::optional<Use> direct = scope.Find(entry.field);
  if (direct) return direct;
  const lookml::View* view = scope.ViewOf(own);
  const std::size_t dot = entry.field.find('.');
  if (!view || entry.field.substr(0, dot) != view->name) return std::nullopt;
  return scope.Find(own, entry.field.substr(dot + 1));
}

}  // namespace kura::query
