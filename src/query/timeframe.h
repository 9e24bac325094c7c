// query/timeframe.h: timeframes as SQL over a local time: the typed value that is grouped by, and
// the value that is shown. Grouping by a truncated date is faster than by its text.
#pragma once
#include <optional>

#include "lookml/model.h"
#include "query/period.h"
#include "sql/expr.h"

namespace kura::query {

/// What a filter on a timeframe is written in.
enum class FilterLanguage { kString, kNumber, kDate, kYesNo };

/// The SQL of one timeframe.
struct TimeframeSql {
  sql::Expr key;                      // grouped by
  sql::Expr shown;                    // made of `key`
  std::optional<sql::Expr> order_by;  // of the rows, when `shown` does not sort by itself
};

/// Makes the SQL of `timeframe` for a local time (kRaw must not come here).
TimeframeSql MakeTimeframe(lookml::Timeframe timeframe, const sql::Expr& local,
                           const CalendarRules& rules);

/// What is shown of a key: "2026-11" of the month's first day.
sql::Expr ShowKey(lookml::Timeframe timeframe, const sql::Expr& key);

/// The literal of a period's begin in the key's type.
sql::Expr KeyLiteral(lookml::Timeframe timeframe, Micros begin);

/// Dates for periods, numbers for the likes of hour_of_day, text for names.
FilterLanguage LanguageOf(lookml::Timeframe timeframe);

}  // namespace kura::query
