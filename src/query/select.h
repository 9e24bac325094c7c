// query/select.h: Plan → sql::Select. The rows are joined and filtered, grouped by the typed keys,
// then shown; a spine joins filtered facts to its days, and a fill adds the periods without rows.
#pragma once
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "query/field_sql.h"
#include "query/plan.h"
#include "sql/expr.h"

namespace kura::query {

/// Where the data of a question ends, for the cells that are late. Empty: never.
using CompleteThrough = std::optional<Micros>;

/// FROM, joins and the conditions on rows, with the derived views in front.
sql::Select BuildRows(const Plan& plan, FieldSql& fields, Diagnostics& diagnostics);

/// Adds columns, groups, HAVING, order and limit to the rows of a question without a fill.
void FinishPlain(const Plan& plan, FieldSql& fields, CompleteThrough through, sql::Select* select);

/// Wraps the rows of a question with a fill: groups, all periods, and the join of both.
sql::Select FinishFilled(const Plan& plan, FieldSql& fields, CompleteThrough through,
                         sql::Select rows, Diagnostics& diagnostics);

/// The conditions of sql_always_having and of filters on measures.
std::vector<sql::Expr> MeasureConditions(const Plan& plan, FieldSql& fields);

/// The first period that begins at or after a time, as a key literal.
sql::Expr FirstPeriodFrom(const Plan& plan, Micros local);

}  // namespace kura::query
