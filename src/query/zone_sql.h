// query/zone_sql.h: between the clock of a column and the clock of the question. Shifts are integer
// microseconds where the offset is known, which is many times faster than the engine's time zones.
#pragma once
#include <optional>
#include <string>

#include "base/time.h"
#include "query/filter.h"
#include "sql/expr.h"

namespace kura::query {

/// What a time column's values mean.
enum class TimeKind {
  kDate,      // days, never converted
  kWall,      // a wall clock without a zone, or one that is not converted
  kZoned,     // a wall clock in `zone`
  kInstant,   // an instant
  kEpoch,     // seconds since 1970
  kYyyymmdd,  // 20261124, never converted
};

/// A time column: its bare expression and what it means.
struct TimeColumn {
  sql::Expr bare;
  TimeKind kind = TimeKind::kWall;
  std::string zone;      // kZoned
  bool is_date = false;  // the column's type is known to be DATE
};

/// The column as a wall clock in `zone` (DATE for days). `hull` is the stretch of local time that
/// filters leave of it: the fewer offsets it has, the simpler the SQL. Without bounds the offsets
/// from 1970 to 2100 count; earlier instants take the first one.
sql::Expr LocalTime(const TimeColumn& column, const Zone& zone, const DateRange& hull);

/// The literal that the bare column is compared with (>= or <) for a bound in local time.
sql::Expr BoundLiteral(const TimeColumn& column, const Zone& zone, Micros local);

}  // namespace kura::query
