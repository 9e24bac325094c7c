// query/condition.h: parsed filters on an expression → SQL conditions. Negative conditions keep
// NULLs (as LookML's language means them), and values become quoted literals.
#pragma once
#include "query/filter.h"
#include "query/zone_sql.h"
#include "sql/expr.h"

namespace kura::query {

/// TRUE conditions are returned as an empty Logic, which callers may leave out.
bool IsAlwaysTrue(const sql::Expr& condition);

/// `operand` is a text.
sql::Expr StringCondition(const sql::Expr& operand, const StringFilter& filter);

/// `operand` is a number.
sql::Expr NumberCondition(const sql::Expr& operand, const NumberFilter& filter);

/// On the bare column, with literal bounds, so that the engine can skip what lies outside.
sql::Expr DateCondition(const TimeColumn& column, const Zone& zone, const DateFilter& filter);

/// `operand` is a condition; No holds where it is false or unknown.
sql::Expr YesNoCondition(const sql::Expr& operand, const YesNoFilter& filter);

}  // namespace kura::query
