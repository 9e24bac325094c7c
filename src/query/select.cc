// A question without a fill: one SELECT. On a spine, measures of periods that begin after the data
// are NULL: late is not zero (DESIGN §11.3).
#include "query/select.h"

#include "query/condition.h"

namespace kura::query {
namespace {

// Sort keys by position; names of weekdays and months by their number.
void AddOrder(const Plan& plan, const std::vector<std::optional<sql::Expr>>& orders,
              sql::Select* select) {
  for (const PlannedSort& sort : plan.sorts) {
    sql::OrderKey key{static_cast<int>(sort.column) + 1, {}, sort.descending};
    if (orders[sort.column]) key.expr.push_back(sql::Fn("MIN", {*orders[sort.column]}));
    select->order_by.push_back(std::move(key));
  }
  select->limit = plan.limit;
}

void AddGroup(int position, const TimeframeSql& dimension, bool typed, sql::Select* select) {
  sql::OrderKey key{position, {}, false};
  if (typed) key.expr.push_back(dimension.key);
  select->group_by.push_back(std::move(key));
}

bool IsShownOtherwise(const Use& use) {
  switch (TimeframeOf(*use.field)) {
    case lookml::Timeframe::kTime:
    case lookml::Timeframe::kSecond:
    case lookml::Timeframe::kMinute:
    case lookml::Timeframe::kHour:
    case lookml::Timeframe::kMonth:
    case lookml::Timeframe::kQuarter:
      return true;
    default:
      return false;
  }
}

}  // namespace

sql::Expr FirstPeriodFrom(const Plan& plan, Micros local) {
  const lookml::Timeframe timeframe = TimeframeOf(*plan.fields[*plan.time_axis].use.field);
  const Unit unit = *UnitOf(timeframe);
  const Micros begin = TruncateTo(unit, local, plan.scope.rules());
  return KeyLiteral(timeframe, begin == local ? begin : AddUnits(unit, begin, 1));
}

std::vector<sql::Expr> MeasureConditions(const Plan& plan, FieldSql& fields) {
  std::vector<sql::Expr> all;
  for (const PlannedFilter& filter : plan.filters) {
    if (!filter.use.field->is_measure()) continue;
    sql::Expr condition = fields.Condition(filter.use, filter.parsed, filter.member);
    if (!IsAlwaysTrue(condition)) all.push_back(std::move(condition));
  }
  const lookml::Sql& always = plan.scope.explore->sql_always_having;
  if (!always.empty()) {
    all.push_back(fields.Text(
        always, plan.scope.explore->base, {"sql_always_having", always.pieces[0].text}));
  }
  return all;
}

void FinishPlain(const Plan& plan, FieldSql& fields, CompleteThrough through, sql::Select* select) {
  std::vector<std::optional<sql::Expr>> orders(plan.fields.size());
  std::optional<sql::Expr> arrived;
  if (through && plan.time_axis) {
    const PlannedField& axis = plan.fields[*plan.time_axis];
    arrived =
        sql::Op("<", fields.Dimension(axis.use, axis.member).key, FirstPeriodFrom(plan, *through));
  }
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const PlannedField& field = plan.fields[i];
    if (field.use.field->is_measure()) {
      sql::Expr measure = fields.Measure(field.use, field.member);
      const bool of_spine = field.use.alias == plan.scope.explore->base;
      if (arrived && !of_spine) measure = sql::When(*arrived, std::move(measure));
      select->columns.push_back({std::move(measure), field.use.name()});
      continue;
    }
    TimeframeSql dimension = fields.Selected(field.use, field.member);
    AddGroup(static_cast<int>(i) + 1, dimension, IsShownOtherwise(field.use), select);
    orders[i] = std::move(dimension.order_by);
    select->columns.push_back({std::move(dimension.shown), field.use.name()});
  }
  select->having = MeasureConditions(plan, fields);
  if (arrived) {
    for (sql::Expr& condition : select->having) {
      condition = sql::AllOf({*arrived, std::move(condition)});
    }
  }
  AddOrder(plan, orders, select);
}

}  // namespace kura::query
