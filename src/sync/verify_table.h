// sync/verify_table.h: the verification of one table: keys, then values of as many ranges as the
// time allows, then the verdict and its record.
#pragma once
#include <vector>

#include "sync/source.h"
#include "sync/verify.h"
#include "sync/verify_ranges.h"
#include "sync/verify_side.h"

namespace kura::sync {

/// Verifies one table on `session`, with `budget_s` for values; repairs it by key when that was
/// asked for, and verifies what it repaired again. A repair that is refused is the verdict's error.
/// Errors: those of the session and the warehouse, kConflict (stopped).
Result<TableVerdict> VerifyTable(const VerifyContext& context, Session& session,
                                 const SourceTable& table, double budget_s);

}  // namespace kura::sync
