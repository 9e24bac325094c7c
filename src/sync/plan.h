// sync/plan.h: how one table will be copied this time: what is read, from where on, and why. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sql/staging.h"
#include "sync/source.h"
#include "sync/sync.h"
#include "warehouse/history_state.h"
#include "warehouse/state.h"

namespace kura::sync {

/// The plan of one table.
struct TablePlan {
  SourceTable table;         // with the columns that are copied
  bool incremental = false;  // the position is kept for a delta next time
  bool delta = false;        // only changes are read this time
  bool ranged = false;       // a whole copy that goes range by range
  bool replaces = false;     // the warehouse has the table already
  bool appends = false;      // rows are only added: a delta compares no keys
  bool by_key = false;       // and the cursor is the key itself, not a time
  bool redefines = false;    // `where` is another one: fewer rows are no surprise
  bool unmasks = false;      // the warehouse has values that are masked or left out now
  bool records = false;      // the history has something to take up: versions, or masks
  std::string cursor;        // the cursor column, "" when not incremental
  ClockKind cursor_clock = ClockKind::kNone;
  std::string zone;  // what wall clocks mean, "" = undecided
  Micros since = 0;  // delta: the earliest change that is read
  Micros lookback = 0;
  std::string columns_json;  // the declared projection, for the state table: an array
  sql::CarriedRows carried;  // of rows that the source no longer has: what a whole copy takes over
  std::string note;
  std::string history_note;  // said too

  /// "copy" | "delta" | "full", as reports name it.
  std::string mode() const;
};

/// What a plan is made from, besides the table itself.
struct PlanInput {
  const SourceConfig* source = nullptr;
  const warehouse::TableState* state = nullptr;  // null: never synced
  bool table_exists = false;                     // in the warehouse
  bool full = false;                             // asked for
  std::string server_id;
  std::int64_t ranges_from = 10'000'000;  // tables of more rows than this are copied in ranges
  const warehouse::HistoryState* history = nullptr;  // null: there is none
};

/// Plans one table. Errors: kInvalid (a configured cursor, column or zone that does not fit).
Result<TablePlan> PlanTable(const SourceTable& table, const PlanInput& input);

}  // namespace kura::sync
