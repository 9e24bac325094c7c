// Zone arithmetic as SQL. With one offset: one addition; with a few: a CASE over instants; with
// more: the engine's own timezone(), which is right but slow.
#include "query/zone_sql.h"

#include <algorithm>
#include <vector>

namespace kura::query {
namespace {

constexpr std::size_t kPiecesMax = 8;

const Micros kEarliest = 0;
const Micros kLatest = Micros{ToDays({2100, 1, 1})} * kMicrosPerDay;

std::vector<Zone::Piece> PiecesFor(const Zone& zone, const DateRange& hull) {
  // A day on each side covers the difference between local time and UTC.
  const Micros begin = hull.begin ? *hull.begin - kMicrosPerDay : kEarliest;
  const Micros end = hull.end ? *hull.end + kMicrosPerDay : kLatest;
  return zone.PiecesBetween(begin, std::max(end, begin + 1));
}

sql::Expr Shift(sql::Expr micros, Micros offset) {
  if (offset == 0) return micros;
  if (offset < 0) return sql::Op("-", std::move(micros), sql::Num(-offset));
  return sql::Op("+", std::move(micros), sql::Num(offset));
}

// A count of microseconds UTC as a wall clock.
sql::Expr FromUtcMicros(const sql::Expr& micros, const std::vector<Zone::Piece>& pieces) {
  if (pieces.size() == 1) return sql::Fn("make_timestamp", {Shift(micros, pieces[0].offset)});
  sql::Case offsets;
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    offsets.whens.push_back(sql::Op("<", micros, sql::Num(pieces[i].end)));
    offsets.thens.push_back(sql::Num(pieces[i].offset));
  }
  offsets.otherwise.push_back(sql::Num(pieces.back().offset));
  return sql::Fn("make_timestamp", {sql::Op("+", micros, {std::move(offsets)})});
}

sql::Expr FromInstant(const sql::Expr& bare, const Zone& zone, const DateRange& hull) {
  const std::vector<Zone::Piece> pieces = PiecesFor(zone, hull);
  if (pieces.size() > kPiecesMax) return sql::Fn("timezone", {sql::Txt(zone.name()), bare});
  return FromUtcMicros(sql::Fn("epoch_us", {bare}), pieces);
}

// From one wall clock to another: nothing when they agree, one addition when both stand still.
sql::Expr FromZoned(const TimeColumn& column, const Zone& zone, const DateRange& hull) {
  if (column.zone == zone.name()) return column.bare;
  const Result<Zone> source = Zone::Find(column.zone);
  if (!source) return column.bare;
  const std::vector<Zone::Piece> from = PiecesFor(*source, hull);
  const std::vector<Zone::Piece> to = PiecesFor(zone, hull);
  if (from.size() == 1 && to.size() == 1 && from[0].offset == to[0].offset) return column.bare;
  if (from.size() == 1 && to.size() <= kPiecesMax) {
    const sql::Expr micros = Shift(sql::Fn("epoch_us", {column.bare}), -from[0].offset);
    return FromUtcMicros(micros, to);
  }
  return sql::Fn(
      "timezone",
      {sql::Txt(zone.name()), sql::Fn("timezone", {sql::Txt(column.zone), column.bare})});
}

// The first day that begins at or after a local time.
Days CeilingDay(Micros local) {
  return DayOf(local + kMicrosPerDay - 1);
}

Micros CeilingSecond(Micros utc) {
  const Micros rest = utc % kMicrosPerSecond;
  return utc / kMicrosPerSecond + (rest > 0 ? 1 : 0);
}

}  // namespace

sql::Expr LocalTime(const TimeColumn& column, const Zone& zone, const DateRange& hull) {
  switch (column.kind) {
    case TimeKind::kDate:
      return column.is_date ? column.bare : sql::CastTo(column.bare, "DATE");
    case TimeKind::kWall:
      return column.bare;
    case TimeKind::kZoned:
      return FromZoned(column, zone, hull);
    case TimeKind::kInstant:
      return FromInstant(column.bare, zone, hull);
    case TimeKind::kEpoch: {
      const sql::Expr instant = sql::Fn("to_timestamp", {column.bare});
      return FromInstant(instant, zone, hull);
    }
    case TimeKind::kYyyymmdd:
      return sql::CastTo(
          sql::Fn("strptime", {sql::CastTo(column.bare, "VARCHAR"), sql::Txt("%Y%m%d")}), "DATE");
  }
  return column.bare;
}

sql::Expr BoundLiteral(const TimeColumn& column, const Zone& zone, Micros local) {
  switch (column.kind) {
    case TimeKind::kDate:
      return {sql::DateLiteral{CeilingDay(local)}};
    case TimeKind::kWall:
      return {sql::TimestampLiteral{local}};
    case TimeKind::kZoned: {
      const Result<Zone> source = Zone::Find(column.zone);
      if (!source || column.zone == zone.name()) return {sql::TimestampLiteral{local}};
      return {sql::TimestampLiteral{source->ToLocal(zone.ToUtc(local))}};
    }
    case TimeKind::kInstant:
      return {sql::InstantLiteral{zone.ToUtc(local)}};
    case TimeKind::kEpoch:
      return sql::Num(CeilingSecond(zone.ToUtc(local)));
    case TimeKind::kYyyymmdd: {
      const CivilDate date = ToCivil(CeilingDay(local));
      return sql::Num(date.year * 10'000 + date.month * 100 + date.day);
    }
  }
  return {sql::Null{}};
}

}  // namespace kura::query
