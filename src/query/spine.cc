// Bounds for the calendar's days.
#include "query/spine.h"

#include <algorithm>

namespace kura::query {
namespace {

// Fields of one dimension group share a column.
bool SameColumn(const Use& a, const Use& b) {
  if (a.alias != b.alias) return false;
  if (a.field == b.field) return true;
  return !a.field->dimension_group.empty() && a.field->dimension_group == b.field->dimension_group;
}

void Intersect(DateRange* range, const DateRange& with) {
  if (with.begin) range->begin = std::max(range->begin.value_or(*with.begin), *with.begin);
  if (with.end) range->end = std::min(range->end.value_or(*with.end), *with.end);
}

std::string Describe(const DateRange& range) {
  const std::string end = FormatDate(DayOf(*range.end));
  if (!range.begin) return "before " + end;
  return FormatDate(DayOf(*range.begin)) + " to " + end;
}

}  // namespace

DateRange HullOf(const Plan& plan, const Use& use) {
  DateRange hull;
  for (const PlannedFilter& filter : plan.filters) {
    const auto* dates = std::get_if<DateFilter>(&filter.parsed);
    if (!dates || filter.use.field->is_measure() || !SameColumn(filter.use, use)) continue;
    // NULLs or any value: the ranges do not bound what is left.
    if (dates->is_null || dates->not_null) continue;
    Intersect(&hull, dates->Hull());
  }
  return hull;
}

void BoundSpine(Plan& plan) {
  const std::optional<Use> day = plan.scope.Find(plan.scope.explore->base, "day_date");
  if (!day) return;
  const DateRange asked = HullOf(plan, *day);
  if (asked.end) return;
  const Micros today = TruncateTo(Unit::kDay, plan.scope.now, plan.scope.rules());
  DateRange bound;
  bound.end = today + kMicrosPerDay;
  // "after" a day to come asks for the future.
  if (asked.begin && *asked.begin >= *bound.end) return;
  bound.begin = asked.begin;
  if (!bound.begin) bound.begin = AddUnits(Unit::kYear, today, -kSpineYearsDefault);
  DateFilter filter;
  filter.ranges.push_back(bound);
  plan.filters.push_back({*day, {"filters." + day->name(), Describe(bound)}, filter});
}

}  // namespace kura::query
