// DuckDB's functions per timeframe. Weeks begin on the model's day by shifting there and back.
#include "query/timeframe.h"

namespace kura::query {
namespace {

using lookml::Timeframe;

sql::Expr Truncated(const char* unit, const sql::Expr& local) {
  return sql::CastTo(sql::Fn("date_trunc", {sql::Txt(unit), local}), "DATE");
}

sql::Expr DaysShift(const char* op, sql::Expr date, int days) {
  return sql::Op(op, std::move(date), {sql::Interval{days, "DAY"}});
}

sql::Expr Week(const sql::Expr& local, int start_day) {
  if (start_day == 0) return Truncated("week", local);
  const sql::Expr monday =
      sql::Fn("date_trunc", {sql::Txt("week"), DaysShift("-", local, start_day)});
  return sql::CastTo(DaysShift("+", monday, start_day), "DATE");
}

// 0 is the day that weeks begin with; isodow counts from 1 = Monday.
sql::Expr DayOfWeekIndex(const sql::Expr& local, int start_day) {
  const sql::Expr shifted = sql::Op("+", sql::Fn("isodow", {local}), sql::Num(6 - start_day));
  return sql::Op("%", shifted, sql::Num(7));
}

sql::Expr Format(const sql::Expr& value, const char* format) {
  return sql::Fn("strftime", {value, sql::Txt(format)});
}

sql::Expr Key(Timeframe timeframe, const sql::Expr& local, const CalendarRules& rules) {
  const auto call = [&](const char* function) { return sql::Fn(function, {local}); };
  switch (timeframe) {
    case Timeframe::kNone:
    case Timeframe::kRaw:
      return local;
    case Timeframe::kTime:
    case Timeframe::kSecond:
      return sql::Fn("date_trunc", {sql::Txt("second"), local});
    case Timeframe::kMinute:
      return sql::Fn("date_trunc", {sql::Txt("minute"), local});
    case Timeframe::kHour:
      return sql::Fn("date_trunc", {sql::Txt("hour"), local});
    case Timeframe::kTimeOfDay:
      return Format(local, "%H:%M");
    case Timeframe::kDate:
      return sql::CastTo(local, "DATE");
    case Timeframe::kWeek:
      return Week(local, rules.week_start_day);
    case Timeframe::kMonth:
      return Truncated("month", local);
    case Timeframe::kQuarter:
      return Truncated("quarter", local);
    case Timeframe::kYear:
      return call("year");
    case Timeframe::kHourOfDay:
      return call("hour");
    case Timeframe::kDayOfWeek:
      return call("dayname");
    case Timeframe::kDayOfWeekIndex:
      return DayOfWeekIndex(local, rules.week_start_day);
    case Timeframe::kDayOfMonth:
      return call("day");
    case Timeframe::kDayOfYear:
      return call("dayofyear");
    case Timeframe::kWeekOfYear:
      return call("week");
    case Timeframe::kMonthNum:
      return call("month");
    case Timeframe::kMonthName:
      return call("monthname");
    case Timeframe::kQuarterOfYear:
      return sql::Op("||", sql::Txt("Q"), call("quarter"));
  }
  return local;
}

}  // namespace

TimeframeSql MakeTimeframe(Timeframe timeframe, const sql::Expr& local,
                           const CalendarRules& rules) {
  TimeframeSql made;
  made.key = Key(timeframe, local, rules);
  // A DATE needs no cast to be a date.
  if (timeframe == Timeframe::kDate) {
    const auto* cast = std::get_if<sql::Cast>(&local.node);
    if (cast && cast->type == "DATE") made.key = local;
  }
  made.shown = ShowKey(timeframe, made.key);
  if (timeframe == Timeframe::kDayOfWeek) {
    made.order_by = DayOfWeekIndex(local, rules.week_start_day);
  }
  if (timeframe == Timeframe::kMonthName) made.order_by = sql::Fn("month", {local});
  return made;
}

sql::Expr ShowKey(Timeframe timeframe, const sql::Expr& key) {
  switch (timeframe) {
    case Timeframe::kTime:
    case Timeframe::kSecond:
      return Format(key, "%Y-%m-%d %H:%M:%S");
    case Timeframe::kMinute:
      return Format(key, "%Y-%m-%d %H:%M");
    case Timeframe::kHour:
      return Format(key, "%Y-%m-%d %H");
    case Timeframe::kMonth:
    case Timeframe::kQuarter:
      return Format(key, "%Y-%m");
    default:
      return key;
  }
}

sql::Expr KeyLiteral(Timeframe timeframe, Micros begin) {
  switch (timeframe) {
    case Timeframe::kDate:
    case Timeframe::kWeek:
    case Timeframe::kMonth:
    case Timeframe::kQuarter:
      return {sql::DateLiteral{DayOf(begin)}};
    case Timeframe::kYear:
      return sql::Num(ToCivil(DayOf(begin)).year);
    default:
      return {sql::TimestampLiteral{begin}};
  }
}

FilterLanguage LanguageOf(Timeframe timeframe) {
  switch (timeframe) {
    case Timeframe::kTimeOfDay:
    case Timeframe::kDayOfWeek:
    case Timeframe::kMonthName:
    case Timeframe::kQuarterOfYear:
      return FilterLanguage::kString;
    case Timeframe::kHourOfDay:
    case Timeframe::kDayOfWeekIndex:
    case Timeframe::kDayOfMonth:
    case Timeframe::kDayOfYear:
    case Timeframe::kWeekOfYear:
    case Timeframe::kMonthNum:
      return FilterLanguage::kNumber;
    default:
      return FilterLanguage::kDate;
  }
}

}  // namespace kura::query
