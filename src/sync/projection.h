// sync/projection.h: the declared projection of a table (columns, types, masks, selection) as the
// text that the state keeps with the position, and what follows when it is another one now. Pure.
#pragma once
#include <string>

#include "sql/staging.h"
#include "sync/plan.h"
#include "sync/source.h"

namespace kura::sync {

/// The projection of a plan, for TableState::columns_json.
std::string ProjectionText(const TablePlan& plan);

/// Whether a column can be NULL in the warehouse: a zero date is, even where the source has none.
bool CanBeNull(const SourceColumn& column);

/// The selection of rows that stored rows were made with; "" = all.
std::string WhereOf(const std::string& columns_json);

/// Whether stored rows hold what is masked otherwise now, or left out.
bool HoldsMore(const std::string& before, const TablePlan& plan);

/// Why rows of the projection `before` are none of `now`; empty when they are.
std::string ShapeReason(const std::string& before, const std::string& now);

/// Columns that are stored as they would be now. Rows whose key is not among them cannot be told.
sql::CarriedRows CarriedOf(const TablePlan& plan, const PlanInput& input);

}  // namespace kura::sync
