// The whole step: plan, rows, columns, text; and what travels with the text (proofs, tables,
// times).
#include "query/compile.h"

#include <algorithm>

#include "query/field_sql.h"
#include "query/freshness.h"
#include "query/join_plan.h"
#include "query/plan.h"
#include "query/plan_text.h"
#include "query/select.h"
#include "query/spine.h"
#include "sql/print.h"

namespace kura::query {
namespace {

constexpr std::int64_t kDefaultFillPeriodsMax = 5'000;

// Measures prove themselves when they are written, so a first pass finds whose rows they count; the
// tables of those views say how far the data reaches.
void AddTimes(const Plan& plan, const std::set<std::string>& measured, Compiled* compiled) {
  const Scope& scope = plan.scope;
  if (!scope.catalogue) return;
  std::set<std::string> all;
  std::set<std::string> fresh;
  const auto add = [&](const std::string& alias) {
    const lookml::View* view = scope.ViewOf(alias);
    if (!view) return;
    std::set<std::string> tables = TablesOf(scope, *view);
    const bool axis = plan.time_axis && plan.fields[*plan.time_axis].use.alias == alias;
    if (measured.contains(alias) || axis) fresh.insert(tables.begin(), tables.end());
    all.merge(tables);
  };
  add(scope.explore->base);
  for (const lookml::Join* join : plan.joins) add(join->name);
  compiled->tables.assign(all.begin(), all.end());
  compiled->freshness_tables.assign(fresh.begin(), fresh.end());
  const std::optional<Micros> through = LeastComplete(scope, fresh);
  if (through) compiled->complete_through = scope.zone.ToLocal(*through);
}

std::set<std::string> MeasuredAliases(const Plan& plan) {
  Diagnostics ignored;  // The second pass reports.
  FieldSql fields(plan, ignored);
  for (const PlannedField& field : plan.fields) {
    if (field.use.field->is_measure()) fields.Measure(field.use, field.member);
  }
  return fields.measured();
}

void AddColumns(const Plan& plan, Compiled* compiled) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const Use& use = plan.fields[i].use;
    compiled->columns.push_back(
        {use.name(), use.field, use.alias, use.field->is_measure(), plan.time_axis == i});
  }
}

}  // namespace

std::optional<Compiled> Compile(const CompileInput& input, const Query& query,
                                Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  const std::optional<Plan> plan = MakePlan(input, query, diagnostics);
  if (!plan) return std::nullopt;
  Compiled compiled;
  compiled.timezone = plan->scope.zone.name();
  compiled.time_axis = plan->time_axis;
  AddTimes(*plan, MeasuredAliases(*plan), &compiled);
  AddColumns(*plan, &compiled);
  FieldSql fields(*plan, diagnostics);
  sql::Select select = BuildRows(*plan, fields, diagnostics);
  if (plan->fill) {
    select = FinishFilled(*plan, fields, compiled.complete_through, std::move(select), diagnostics);
  } else {
    FinishPlain(*plan, fields, compiled.complete_through, &select);
  }
  if (diagnostics.error_count() > before) return std::nullopt;
  compiled.sql = sql::Print(select, sql::kDuckDb);
  compiled.proof = fields.proofs();
  for (const PlannedFilter& filter : plan->filters) {
    compiled.applied_filters[filter.use.name()] = filter.member.text;
  }
  compiled.plan_text = PrintPlan(*plan, compiled);
  return compiled;
}

Completeness CompletenessOf(const Compiled& compiled, const std::string& value) {
  if (!compiled.time_axis || !compiled.complete_through) return Completeness::kComplete;
  const lookml::Field* field = compiled.columns[*compiled.time_axis].field;
  const std::optional<Unit> unit = UnitOf(TimeframeOf(*field));
  // Weeks are dates already; any rules will do, since values are begins of periods.
  std::string text = value;
  if (text.size() == 4) text += "-01-01";  // A year.
  if (text.size() == 7) text += "-01";     // A month.
  if (text.size() == 13) text += ":00";    // An hour.
  const Result<Micros> begin = ParseDateTime(text);
  if (!unit || !begin) return Completeness::kComplete;
  if (*begin >= *compiled.complete_through) return Completeness::kNotArrived;
  if (AddUnits(*unit, *begin, 1) > *compiled.complete_through) return Completeness::kIncomplete;
  return Completeness::kComplete;
}

std::optional<Unavailable> WhyUnavailable(const lookml::Model& model,
                                          const lookml::Explore& explore, const std::string& view,
                                          const lookml::Field& field) {
  if (!field.is_measure()) return std::nullopt;
  Plan plan;
  plan.scope.model = &model;
  plan.scope.explore = &explore;
  const std::optional<Use> use = plan.scope.Find(view, field.name);
  if (!use) return std::nullopt;
  plan.fields.push_back({*use, {"fields[0]", use->name()}});
  Diagnostics diagnostics;
  PlanJoins(plan, diagnostics);
  FieldSql fields(plan, diagnostics);
  fields.Measure(*use, plan.fields[0].member);
  if (!diagnostics.has_errors()) return std::nullopt;
  const Diagnostic& first = diagnostics.items().front();
  return Unavailable{first.message, first.hint};
}

std::vector<std::string> DefaultFillFields(const CompileInput& input, const Query& query) {
  Diagnostics ignored;  // Compile reports them.
  const std::optional<Plan> plan = MakePlan(input, query, ignored);
  if (!plan || plan->spine || !plan->has_measures()) return {};
  const Use* dimension = nullptr;
  for (const PlannedField& field : plan->fields) {
    if (field.use.field->is_measure()) continue;
    if (dimension) return {};
    dimension = &field.use;
  }
  if (!dimension || !plan->scope.explore->sql_always_having.empty()) return {};
  const std::optional<Unit> unit = UnitOf(TimeframeOf(*dimension->field));
  if (!unit || *unit < Unit::kHour) return {};
  for (const PlannedFilter& filter : plan->filters) {
    if (filter.use.field->is_measure()) return {};
  }
  const DateRange hull = HullOf(*plan, *dimension);
  const bool large = hull.begin && hull.end &&
                     AddUnits(*unit, *hull.begin, kDefaultFillPeriodsMax - 1) <= *hull.end;
  if (large) return {};
  return {dimension->name()};
}

std::optional<Period> DateFilterPeriod(const std::string& expression, Micros now,
                                       const std::string& timezone, int week_start_day) {
  const Result<Zone> zone = Zone::Find(timezone);
  if (!zone) return std::nullopt;
  const auto parsed = ParseDateFilter(expression, zone->ToLocal(now), {week_start_day, 0});
  const auto* filter = std::get_if<DateFilter>(&parsed);
  if (!filter) return std::nullopt;
  const DateRange hull = filter->Hull();
  if (!hull.begin || !hull.end) return std::nullopt;
  return Period{*hull.begin, *hull.end};
}

}  // namespace kura::query
