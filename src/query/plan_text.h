// query/plan_text.h: a plan as people read it (`kura query --stage plan`, golden files).
#pragma once
#include <string>

#include "query/compile.h"
#include "query/plan.h"

namespace kura::query {

/// Prints the plan with the proofs and times of its compiled question.
std::string PrintPlan(const Plan& plan, const Compiled& compiled);

}  // namespace kura::query
