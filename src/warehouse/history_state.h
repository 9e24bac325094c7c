// warehouse/history_state.h: owns _kura.histories: which tables beside the synced ones are
// histories, how far each is recorded, and what its columns mean. Written in the transaction of the
// versions that it describes.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "warehouse/warehouse.h"

namespace kura::warehouse {

/// One row of _kura.histories.
struct HistoryState {
  std::string source;
  std::string table;               // whose history it is; the history is raw_<source>.<name>
  std::string name;                // "users__history"
  std::int64_t version = 0;        // grows with each commit that changes the history
  std::int64_t table_version = 0;  // of the table (TableState), when it was last recorded
  Micros recorded_at = 0;          // the greatest time in it
  Micros complete_through = 0;     // of the table, when it was last recorded
  std::string columns_json;        // as a TableState has it, and the columns that only it has
};

/// Makes the table when it is missing.
Status PrepareHistories(Connection& connection);

Result<std::vector<HistoryState>> ReadHistories(Connection& connection);
Result<std::optional<HistoryState>> ReadHistory(Connection& connection, const std::string& source,
                                                const std::string& table);
/// Replaces what was recorded for the table; call it inside the data's transaction.
Status WriteHistory(Connection& connection, const HistoryState& state);

}  // namespace kura::warehouse
