// query/join_plan.h: which joins a question needs, how they hang together, and what they multiply
// (reference: LookML's relationship). A step of query/plan.h.
#pragma once
#include "base/diagnostics.h"
#include "query/plan.h"

namespace kura::query {

/// Fills `joins` and `edges` of a plan whose fields and filters are known.
void PlanJoins(Plan& plan, Diagnostics& diagnostics);

}  // namespace kura::query
