// query/spine.h: explores whose base is the builtin calendar: every day is a row, so a question
// must bound the days. A step of query/plan.h; how filters then join is in query/select.cc.
#pragma once
#include "query/plan.h"

namespace kura::query {

/// The years of days that a spine shows when no filter bounds it.
inline constexpr int kSpineYearsDefault = 2;

/// Adds the filter that bounds the days: none when the question's own filters bound them; until
/// today when they leave the future open; the last two years until today when they bound nothing.
void BoundSpine(Plan& plan);

/// The stretch of local time that the filters on one time column leave.
DateRange HullOf(const Plan& plan, const Use& use);

}  // namespace kura::query
