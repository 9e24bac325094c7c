// sync/plan_history.h: `history: true` of kura.yaml in one table's plan, or what becomes of a
// history that is not kept on. Pure.
#pragma once
#include "base/result.h"
#include "sync/plan.h"

namespace kura::sync {

/// Completes `plan`, whose columns, masks and key are known. Errors: kInvalid (the table can have
/// no history, with the place in kura.yaml).
Status PlanHistory(const SourceTable& table, const TableConfig& config, const PlanInput& input,
                   TablePlan* plan);

}  // namespace kura::sync
