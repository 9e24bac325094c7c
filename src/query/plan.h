// query/plan.h: a question with every name resolved: fields, filters, the joins it needs and how
// they multiply rows. Between the query object and SQL; `--stage plan` prints it
// (Compiled::plan_text).
#pragma once
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostics.h"
#include "query/compile.h"
#include "query/diagnostics.h"
#include "query/filter.h"
#include "query/scope.h"
#include "query/timeframe.h"

namespace kura::query {

/// How a join relates two aliases.
struct Edge {
  std::string parent;
  std::string child;
  lookml::Relationship relationship = lookml::Relationship::kManyToOne;
  const lookml::Join* join = nullptr;
};

/// A field of the question; `member` is where it was asked for.
struct PlannedField {
  Use use;
  Member member;
};

using ParsedFilter = std::variant<StringFilter, NumberFilter, DateFilter, YesNoFilter>;

/// A filter of the question, of always_filter, or one that bounds the spine.
struct PlannedFilter {
  Use use;
  Member member;
  ParsedFilter parsed;
};

/// A sort by a column of the question.
struct PlannedSort {
  std::size_t column = 0;
  bool descending = false;
};

/// The resolved question.
struct Plan {
  Scope scope;
  bool spine = false;
  std::vector<PlannedField> fields;
  std::vector<PlannedFilter> filters;
  std::vector<PlannedSort> sorts;  // complete: with the default and the tie-breaking dimensions
  std::vector<const lookml::Join*> joins;
  std::vector<Edge> edges;
  std::optional<std::size_t> fill;       // the column whose periods become rows
  std::optional<std::size_t> time_axis;  // the column whose periods can be late
  std::optional<std::int64_t> limit;

  bool has_measures() const;

  /// The used edge that multiplies the rows of `alias`, or null.
  const Edge* MultiplierOf(const std::string& alias) const;

  /// The alias of the join next to the base on the way to `alias`; `alias` itself for the base.
  std::string BranchOf(const std::string& alias) const;
};

/// Resolves a question. Mistakes go to `diagnostics`, with no value then.
std::optional<Plan> MakePlan(const CompileInput& input, const Query& query,
                             Diagnostics& diagnostics);

/// The timeframe of a time dimension (a plain `type: date` counts as kDate); kNone for others.
lookml::Timeframe TimeframeOf(const lookml::Field& field);

/// What filters on a field are written in.
FilterLanguage LanguageOf(const lookml::Field& field);

/// Parses a filter in the field's language.
std::variant<ParsedFilter, FilterError> ParseFilter(const Scope& scope, const lookml::Field& field,
                                                    const std::string& expression);

}  // namespace kura::query
