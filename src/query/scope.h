// query/scope.h: the names of one question: its explore's aliases, their views and fields, and what
// the catalogue knows about their columns. Read by every part of the compiler, changed by none.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "lookml/model.h"
#include "query/period.h"
#include "sql/catalogue.h"

namespace kura::query {

/// A field under an alias of the explore.
struct Use {
  std::string alias;
  const lookml::View* view = nullptr;
  const lookml::Field* field = nullptr;

  std::string name() const { return alias + "." + field->name; }
};

/// What a question is asked about.
struct Scope {
  const lookml::Model* model = nullptr;
  const lookml::Explore* explore = nullptr;
  const sql::Catalogue* catalogue = nullptr;  // may be null
  Zone zone = Zone::Utc();                    // of the question
  Micros now = 0;                             // local time in `zone`

  CalendarRules rules() const { return {model->week_start_day, model->fiscal_month_offset}; }

  /// The view behind an alias, or null.
  const lookml::View* ViewOf(std::string_view alias) const;

  /// A field by alias and name; empty when there is none.
  std::optional<Use> Find(std::string_view alias, std::string_view field) const;

  /// A field by "alias.field".
  std::optional<Use> Find(std::string_view name) const;

  /// All "alias.field" names, for nearest-name hints.
  std::vector<std::string> FieldNames() const;

  /// The aliases: the base, then the joins in order.
  std::vector<std::string> Aliases() const;

  /// Whether the base is the builtin calendar: then every day is a row (DESIGN §11.3).
  bool is_spine() const;

  /// The catalogue's table of a plain view; null for derived views and unknown tables.
  const sql::CatalogueTable* TableOf(const lookml::View& view) const;
};

/// Adds every alias that a field's SQL (and a measure's filters) reads, its own included.
void CollectAliases(const Scope& scope, const Use& use, std::set<std::string>* aliases);

/// Adds every alias that a text refers to; ${field} without a view counts for `own`.
void CollectAliases(const Scope& scope, const lookml::Sql& sql, const std::string& own,
                    std::set<std::string>* aliases);

/// The field that a filter entry of a measure or an explore names; `own` is its view's alias.
std::optional<Use> FindEntry(const Scope& scope, const lookml::FilterEntry& entry,
                             const std::string& own);

}  // namespace kura::query
