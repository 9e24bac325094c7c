// sync/history_layout.h: the columns that a history has from now on, and what becomes of the values
// that it has: a table's columns come, go, change their type and are masked, its history stays.
// Pure, except for the question whether stored values fit another type.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sql/history.h"
#include "sync/source.h"

namespace kura::sync {

/// The history that there is. `columns` are without its two times; none: there is no history.
struct HistoryBefore {
  std::vector<sql::StagingColumn> columns;
  std::string columns_json;  // what was recorded of them (warehouse/history_state.h)
};

struct HistoryLayout {
  std::vector<sql::HistoryColumn> columns;
  std::vector<sql::StagingColumn> dropped;  // of these, those that the table does not have
  std::string columns_json;
  bool rewrites = false;  // it is made anew; a history that there was not is new too
  bool hides = false;     // values of before must not stay in the file
  bool salted = false;    // a mask needs the salt
  std::string note;       // for the summary; "" when there is nothing to say
};

/// Whether every stored value of a column is the same in another type.
using Converts = std::function<Result<bool>(const std::string& column, const sql::Type& before,
                                            const sql::Type& now)>;

/// Lays out the history of `table`, whose declared projection is `columns_json`. Added columns are
/// NULL in older versions, dropped ones stay. Values of another type are converted when that loses
/// nothing, else they stay in a column "<name>__was_<type>". What is masked or left out now is
/// masked or gone in every version. When `table` keeps no history, only that last sentence holds.
/// Errors: those of `converts`.
Result<HistoryLayout> LayOutHistory(const SourceTable& table, const std::string& columns_json,
                                    const HistoryBefore& before, const Converts& converts);

}  // namespace kura::sync
