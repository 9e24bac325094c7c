// sql/print.h: the only place that writes warehouse SQL (invariant 5): trees (sql/expr.h) → text,
// one clause per line, so that a person can read what their question became.
#pragma once
#include <string>

#include "sql/dialect.h"
#include "sql/expr.h"

namespace kura::sql {

/// Prints an expression on one line (user SQL keeps its own line ends).
std::string Print(const Expr& expr, const Dialect& dialect);

/// Prints a statement without a semicolon, each clause on its own line, ending in no line end.
std::string Print(const Select& select, const Dialect& dialect);

}  // namespace kura::sql
