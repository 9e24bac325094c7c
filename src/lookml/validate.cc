// Validate: the checks of explores, and the order of all checks.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "lookml/diagnostics.h"
#include "lookml/load.h"
#include "lookml/references.h"
#include "lookml/sql_text.h"
#include "lookml/validate_view.h"

namespace kura::lookml {
namespace {

class ExploreChecker {
 public:
  ExploreChecker(const Explore& explore, References& references)
      : explore_(explore), references_(references) {}

  void Run() {
    if (ViewOf(explore_.base) == nullptr) {
      references_.ReportView(explore_.base_view, explore_.span, "the base of this explore");
    }
    for (const Join& join : explore_.joins) CheckJoin(join);
    CheckSql(explore_.sql_always_where);
    CheckSql(explore_.sql_always_having);
    for (const FilterEntry& filter : explore_.always_filter) {
      CheckField(FieldPiece(filter.field, filter.span), true);
    }
    CheckJoinNames(explore_.always_join, explore_.span);
    for (const std::string& entry : explore_.fields) CheckListed(entry, explore_.span);
  }

 private:
  const View* ViewOf(std::string_view alias) const {
    const auto& views = references_.model().views;
    const auto view = views.find(explore_.ViewOf(alias));
    return view == views.end() ? nullptr : &view->second;
  }

  bool HasAlias(std::string_view alias) const { return !explore_.ViewOf(alias).empty(); }

  void CheckJoin(const Join& join) {
    if (ViewOf(join.name) == nullptr) references_.ReportView(join.view, join.span, "");
    CheckSql(join.sql_on);
    CheckSql(join.sql_where);
    CheckJoinNames(join.required_joins, join.span);
    for (const std::string& entry : join.fields) CheckListed(entry, join.span);
    CheckKeys(join);
  }

  void CheckSql(const Sql& sql) {
    for (const SqlPiece& piece : sql.pieces) {
      if (piece.kind == SqlPiece::Kind::kField && !piece.text.empty()) CheckField(piece, false);
      if (piece.kind == SqlPiece::Kind::kTableName && references_.FindView(piece.view) == nullptr) {
        references_.ReportView(piece.view, piece.span, "");
      }
    }
  }

  // In an explore names are aliases; only its lists and filters may leave the base's out.
  void CheckField(const SqlPiece& piece, bool base_is_meant) {
    if (piece.view.empty() && !base_is_meant) {
      AddError(references_.diagnostics(),
               kUnknownField,
               piece.span,
               {"'${" + piece.text + "}' does not say of which view it is",
                "",
                "write  ${" + explore_.base + "." + piece.text + "}"});
      return;
    }
    const std::string alias = piece.view.empty() ? explore_.base : piece.view;
    const View* view = ViewOf(alias);
    if (!HasAlias(alias)) {
      ReportAlias(alias, piece);
    } else if (view != nullptr && view->Find(piece.text) == nullptr) {
      SqlPiece meant = piece;
      meant.view.clear();
      references_.ReportField(*view, meant);
    }
  }

  void ReportAlias(const std::string& alias, const SqlPiece& piece) {
    std::vector<std::string> aliases = {explore_.base};
    for (const Join& join : explore_.joins) aliases.push_back(join.name);
    const bool is_view = references_.model().views.count(alias) > 0;
    AddError(references_.diagnostics(),
             kUnknownJoin,
             piece.span,
             {"explore '" + explore_.name + "' does not join '" + alias + "'" +
                  (is_view ? "" : Guess(alias, aliases)),
              "",
              "it knows: " + kura::Join(aliases, ", ")});
  }

  void CheckJoinNames(const std::vector<std::string>& names, Span span) {
    for (const std::string& name : names) {
      if (!HasAlias(name)) ReportAlias(name, FieldPiece(name, span));
    }
  }

  // "ALL_FIELDS*", "-view.field", "view.set*", "view.*", "set*".
  void CheckListed(std::string_view entry, Span span) {
    if (entry.starts_with('-')) entry.remove_prefix(1);
    if (entry == "ALL_FIELDS*") return;
    const SqlPiece piece = FieldPiece(entry, span);
    if (!entry.ends_with('*')) return CheckField(piece, true);
    const std::string alias = piece.view.empty() ? explore_.base : piece.view;
    if (!HasAlias(alias)) return ReportAlias(alias, piece);
    const View* view = ViewOf(alias);
    const std::string set = piece.text.substr(0, piece.text.size() - 1);
    if (view == nullptr || set.empty() || set == "ALL_FIELDS" || view->sets.count(set) > 0) return;
    std::vector<std::string> names;
    for (const auto& [name, fields] : view->sets) names.push_back(name);
    AddWarning(references_.diagnostics(),
               kUnknownSet,
               span,
               {"there is no set '" + alias + "." + set + "'" + Guess(set, names), "", ""});
  }

  // A join that multiplies rows needs to know which rows are the same: the keys of the views that
  // it multiplies.
  void CheckKeys(const Join& join) {
    const bool to_many = join.relationship == Relationship::kOneToMany ||
                         join.relationship == Relationship::kManyToMany;
    if (!to_many) return;
    std::set<std::string> multiplied;
    for (const SqlPiece& piece : join.sql_on.pieces) {
      if (piece.kind != SqlPiece::Kind::kField || piece.view.empty()) continue;
      if (piece.view != join.name || join.relationship == Relationship::kManyToMany) {
        multiplied.insert(piece.view);
      }
    }
    for (const std::string& alias : multiplied) CheckKey(join, alias);
  }

  void CheckKey(const Join& join, const std::string& alias) {
    const View* view = ViewOf(alias);
    if (view == nullptr || view->builtin || view->primary_key() != nullptr) return;
    const bool has_measures = std::any_of(view->fields.begin(),
                                          view->fields.end(),
                                          [](const Field& field) { return field.is_measure(); });
    if (!has_measures) return;
    const std::string_view relationship =
        join.relationship == Relationship::kOneToMany ? "one_to_many" : "many_to_many";
    AddWarning(references_.diagnostics(),
               kMissingPrimaryKey,
               join.relationship_span,
               {explore_.name + " joins " + join.name + " " + std::string(relationship) + ", but " +
                    alias + " has no primary_key",
                "sums of " + alias + (alias.ends_with('s') ? "'" : "'s") +
                    " measures will be refused with this join until a key is declared",
                "add  primary_key: yes  to the dimension of '" + view->name +
                    "' that is unique and never NULL"});
  }

  const Explore& explore_;
  References& references_;
};

}  // namespace

void Validate(const Project& project, const sql::Catalogue* catalogue, Diagnostics& diagnostics) {
  Diagnostics found;
  for (const auto& [model_name, model] : project.models) {
    References references(model, found);
    for (const auto& [name, view] : model.views) {
      ValidateView(view, references);
      if (catalogue != nullptr) ValidateColumns(view, *catalogue, references);
    }
    ValidateCycles(references);
    for (const auto& [name, explore] : model.explores) ExploreChecker(explore, references).Run();
  }
  found.Sort();
  diagnostics.Append(std::move(found));
}

}  // namespace kura::lookml
