// sync/history.h: what a commit adds to a table's history (`history: true` of kura.yaml). It
// belongs into the transaction that changes the table, after the change.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "sync/source.h"
#include "sync/spool.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

/// Records what the target has become. Makes the history when there is none, and lays it out anew
/// when the table's columns or masks are others (history_layout.h). Looks at every row when
/// `step.whole`, and when a commit was not recorded; else at what the staging tables name. A table
/// that keeps no history, but has one of before, gets its new masks only. Returns what is to be
/// said of it in the summary. Errors: kConflict (a table of the history's name is none).
Result<std::string> RecordHistory(warehouse::Connection& connection, const std::string& source,
                                  const SourceTable& table, const HistoryStep& step);

/// Whether `table` may land beside the histories that there are and will be. `with_history` are the
/// tables of the source that keep one. Errors: kInvalid (the name is taken, with the fix).
Status CheckHistoryName(const std::string& table, const std::vector<std::string>& with_history,
                        const std::map<std::string, Landed>& landed);

}  // namespace kura::sync
