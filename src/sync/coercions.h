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

/// Records how many values of the table as it is now could not be represented, by column and
/// reason. Call it within the data's transaction, after the data. A whole copy begins anew. A delta
/// reads rows again that it has read before, so its counts are not added but reconciled:
///  - as long as the sample keys name every such row, those rows are looked up, each counts once;
///  - in a column that is NOT NULL at the source, every NULL here is such a value: exact;
///  - otherwise what is new is added, but never to more than the NULLs (for texts: the values with
///    U+FFFD) that there are.
/// Returns how many values this read could not represent.
Result<std::int64_t> RecordCoercions(warehouse::Connection& connection, const std::string& source,
                                     const TablePlan& plan,
                                     const std::vector<CoercedColumn>& coerced);

}  // namespace kura::sync
