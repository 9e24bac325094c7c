// sync/coercions.h: keeps count of the values that could not be represented (invariant 6).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "sync/plan.h"
#include "sync/source.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

/// Records what a read found, within the data's transaction. A whole copy replaces the table's
/// counts, a delta adds to them: they then count occurrences, a row that is read again again.
/// Returns how many values this read could not represent.
Result<std::int64_t> RecordCoercions(warehouse::Connection& connection, const std::string& source,
                                     const TablePlan& plan,
                                     const std::vector<CoercedColumn>& coerced);

}  // namespace kura::sync
