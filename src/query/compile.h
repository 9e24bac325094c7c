// query/compile.h: Model + Query + AccessContext + times → Compiled. Pure: no database, no clock.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/time.h"
#include "lookml/model.h"
#include "query/query.h"
#include "sql/catalogue.h"
#include "sql/type.h"

namespace kura::query {

/// Who asks. Row filters read it; the local command line is not filtered.
struct AccessContext {
  std::map<std::string, std::string> attributes;
  bool local_administrator = false;
};

/// What a question is compiled against, besides the model.
struct CompileInput {
  const lookml::Project* project = nullptr;
  const sql::Catalogue* catalogue = nullptr;  // may be null: columns are then not known
  AccessContext access;
  Micros now = 0;
  std::string timezone = "UTC";  // of the project; Query::timezone overrides it
  int row_limit = 5000;          // the server's limit
};

enum class Completeness { kComplete, kIncomplete, kNotArrived };

/// One column of the answer.
struct OutputColumn {
  std::string name;  // "view.field"
  const lookml::Field* field = nullptr;
  std::string view;  // the alias in the explore
  bool is_measure = false;
  bool is_time_axis = false;  // its periods are compared with complete_through
};

/// Why a measure is right (docs/http.md "proof"): `rule` is a sentence for people.
struct Proof {
  std::string measure;
  std::string view;
  std::string verdict;  // plain | insensitive
  std::string rule;
};

/// A period of the time axis as local microseconds, [begin, end).
struct Period {
  Micros begin = 0;
  Micros end = 0;
};

/// A compiled question.
struct Compiled {
  std::string sql;
  std::vector<OutputColumn> columns;
  std::vector<std::string> tables;            // synced tables it reads, "raw_shop.orders"
  std::vector<std::string> freshness_tables;  // those that carry measures and the time axis
  std::vector<Proof> proof;
  std::map<std::string, std::string> applied_filters;
  std::string timezone;
  std::string plan_text;                   // the plan stage, for --stage and golden files
  std::optional<std::size_t> time_axis;    // the column whose periods can be late
  std::optional<Micros> complete_through;  // of freshness_tables, as local time in `timezone`
};

/// Compiles `query` to one SELECT. A measure counts each row of its own view once, or the question
/// is refused with the reason. Mistakes go to `diagnostics` (with Diagnostic::field), with no
/// value.
std::optional<Compiled> Compile(const CompileInput& input, const Query& query,
                                Diagnostics& diagnostics);

/// The state of a cell whose row's time axis has `value` ("2026-11-24", "2026-11"): whether its
/// period ends after, or begins after, the data (DESIGN §11.3).
Completeness CompletenessOf(const Compiled& compiled, const std::string& value);

/// Why a measure of an explore can never be counted there, and what to do; empty when it can with
/// at least the base view alone.
struct Unavailable {
  std::string reason;
  std::string hint;
};
std::optional<Unavailable> WhyUnavailable(const lookml::Model& model,
                                          const lookml::Explore& explore, const std::string& view,
                                          const lookml::Field& field);

/// The fields that Looker fills by default (DESIGN §11.4): time dimensions of a question with one
/// dimension and without filters on measures. The command line and the web add them.
std::vector<std::string> DefaultFillFields(const CompileInput& input, const Query& query);

/// "Asia/Tokyo" data bounds of a date filter expression, for messages: [begin, end) local.
std::optional<Period> DateFilterPeriod(const std::string& expression, Micros now,
                                       const std::string& timezone, int week_start_day);

}  // namespace kura::query
