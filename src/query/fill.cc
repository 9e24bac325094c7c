// A question with a fill: `_answer` groups the rows, `_periods` has every period between the
// filter's bounds (else between the first and the last row), `_others` the other dimensions'
// values. A period that the data covers wholly has 0 where it has no rows; a later one has no
// value.
#include <fmt/core.h>

#include <algorithm>

#include "query/condition.h"
#include "query/select.h"
#include "query/spine.h"

namespace kura::query {
namespace {

constexpr std::int64_t kPeriodsMax = 5'000;
constexpr const char* kMatched = "_matched";

class Filler {
 public:
  Filler(const Plan& plan, FieldSql& fields, CompleteThrough through)
      : plan_(plan), fields_(fields), through_(through) {
    const PlannedField& axis = plan.fields[*plan.fill];
    name_ = axis.use.name();
    timeframe_ = TimeframeOf(*axis.use.field);
    unit_ = *UnitOf(timeframe_);
    hull_ = HullOf(plan, axis.use);
  }

  sql::Select Build(sql::Select rows, Diagnostics& diagnostics);

 private:
  bool CheckSize(Diagnostics& diagnostics) const;
  void GroupRows(sql::Select* rows);
  sql::Select Periods() const;
  sql::Select Others() const;
  sql::Expr Bound(const std::optional<Micros>& known, const char* aggregate) const;
  sql::Expr Step(std::int64_t count) const;
  sql::Expr Filled(const PlannedField& field) const;
  sql::Expr PeriodColumn() const { return sql::Col("_periods", "period"); }
  std::optional<Micros> FirstBegin() const;
  std::optional<Micros> LastBegin() const;
  std::vector<std::string> OtherNames() const;

  const Plan& plan_;
  FieldSql& fields_;
  CompleteThrough through_;
  std::string name_;
  lookml::Timeframe timeframe_ = lookml::Timeframe::kNone;
  Unit unit_ = Unit::kDay;
  DateRange hull_;
};

sql::Raw Named(const char* name) {
  return {{sql::Col("", name)}};
}

std::optional<Micros> Filler::FirstBegin() const {
  if (!hull_.begin) return std::nullopt;
  return TruncateTo(unit_, *hull_.begin, plan_.scope.rules());
}

// The begin of the last period that the bounds touch.
std::optional<Micros> Filler::LastBegin() const {
  if (!hull_.end) return std::nullopt;
  return TruncateTo(unit_, *hull_.end - 1, plan_.scope.rules());
}

bool Filler::CheckSize(Diagnostics& diagnostics) const {
  const std::optional<Micros> first = FirstBegin();
  const std::optional<Micros> last = LastBegin();
  if (!first || !last || AddUnits(unit_, *first, kPeriodsMax) > *last) return true;
  const PlannedField& axis = plan_.fields[*plan_.fill];
  Report(diagnostics,
         axis.member,
         {kFillTooLarge,
          fmt::format("filling '{}' would make more than {} rows", name_, kPeriodsMax),
          "",
          "filter a shorter time, or ask for a longer period such as months"});
  return false;
}

std::vector<std::string> Filler::OtherNames() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    const Use& use = plan_.fields[i].use;
    if (i != *plan_.fill && !use.field->is_measure()) names.push_back(use.name());
  }
  return names;
}

// Keys and measures under their names. Filters on measures do not get here (plan.cc refuses them).
void Filler::GroupRows(sql::Select* rows) {
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    const PlannedField& field = plan_.fields[i];
    const std::string name = field.use.name();
    if (field.use.field->is_measure()) {
      rows->columns.push_back({fields_.Measure(field.use, field.member), name});
      continue;
    }
    TimeframeSql dimension = fields_.Selected(field.use, field.member);
    const bool axis = i == *plan_.fill;
    rows->columns.push_back({axis ? dimension.key : dimension.shown, name});
    rows->group_by.push_back({static_cast<int>(i) + 1, {}, false});
  }
  rows->columns.push_back({{sql::Boolean{true}}, kMatched});
}

sql::Expr Filler::Step(std::int64_t count) const {
  if (unit_ == Unit::kYear) return sql::Num(count);
  const char* names[] = {"SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "MONTH", "YEAR"};
  const std::int64_t each = unit_ == Unit::kQuarter ? 3 : 1;
  return {sql::Interval{static_cast<int>(count * each), names[static_cast<int>(unit_)]}};
}

sql::Expr Filler::Bound(const std::optional<Micros>& known, const char* aggregate) const {
  if (known) return KeyLiteral(timeframe_, *known);
  sql::Select select;
  select.columns.push_back({sql::Fn(aggregate, {sql::Col("", name_)}), ""});
  select.from = sql::Source{Named("_answer"), {}, ""};
  return {sql::Subquery{{std::move(select)}}};
}

sql::Select Filler::Periods() const {
  const std::optional<Micros> first = FirstBegin();
  const std::optional<Micros> last = LastBegin();
  const sql::Expr high = Bound(last, "MAX");
  sql::Expr low = Bound(first, "MIN");
  if (!first || !last) {
    // Without both bounds the number of periods is not known: the latest ones are filled.
    low = sql::Fn("GREATEST", {std::move(low), sql::Op("-", high, Step(kPeriodsMax - 1))});
  }
  sql::Expr series =
      sql::Fn("UNNEST", {sql::Fn("generate_series", {std::move(low), high, Step(1)})});
  const char* type = unit_ == Unit::kYear ? "BIGINT" : unit_ == Unit::kHour ? "TIMESTAMP" : "DATE";
  sql::Select periods;
  periods.columns.push_back({sql::CastTo(std::move(series), type), "period"});
  // Rows outside of the series, and the row without a time, stay.
  sql::Select present;
  present.columns.push_back({sql::Col("", name_), ""});
  present.from = sql::Source{Named("_answer"), {}, ""};
  periods.unions.push_back(std::move(present));
  return periods;
}

sql::Select Filler::Others() const {
  sql::Select others;
  others.distinct = true;
  for (const std::string& name : OtherNames()) {
    others.columns.push_back({sql::Col("", name), ""});
  }
  others.from = sql::Source{Named("_answer"), {}, ""};
  return others;
}

// 0 for counts and sums of covered periods, what was counted so far of the one that the data ends
// in, and no value after it.
sql::Expr Filler::Filled(const PlannedField& field) const {
  const sql::Expr value = sql::Col("_answer", field.use.name());
  const std::string& type = field.use.field->type;
  const bool zero = type == "count" || type == "sum" || type == "count_distinct";
  const sql::Expr covered = zero ? sql::Fn("COALESCE", {value, sql::Num(0)}) : value;
  if (!through_) return covered;
  const Micros ends_in = TruncateTo(unit_, *through_, plan_.scope.rules());
  sql::Case cells;
  cells.whens.push_back(sql::Op("<", PeriodColumn(), KeyLiteral(timeframe_, ends_in)));
  cells.thens.push_back(covered);
  cells.whens.push_back(sql::AnyOf({sql::Op("<", PeriodColumn(), FirstPeriodFrom(plan_, *through_)),
                                    sql::IsNull(PeriodColumn())}));
  cells.thens.push_back(value);
  return {std::move(cells)};
}

sql::Select Filler::Build(sql::Select rows, Diagnostics& diagnostics) {
  sql::Select out;
  if (!CheckSize(diagnostics)) return out;
  GroupRows(&rows);
  out.ctes = std::move(rows.ctes);
  rows.ctes.clear();
  out.ctes.push_back({"_answer", {}, {std::move(rows)}});
  out.ctes.push_back({"_periods", {}, {Periods()}});
  const std::vector<std::string> others = OtherNames();
  out.from = sql::Source{Named("_periods"), {}, ""};
  if (!others.empty()) {
    out.ctes.push_back({"_others", {}, {Others()}});
    out.joins.push_back({"CROSS JOIN", sql::Source{Named("_others"), {}, ""}, {}, {}});
  }
  const auto same = [](sql::Expr left, sql::Expr right) {
    return sql::Op("IS NOT DISTINCT FROM", std::move(left), std::move(right));
  };
  sql::Join answer{"LEFT JOIN", sql::Source{Named("_answer"), {}, ""}, {}, {}};
  answer.on.push_back(same(sql::Col("_answer", name_), PeriodColumn()));
  for (const std::string& name : others) {
    answer.on.push_back(same(sql::Col("_answer", name), sql::Col("_others", name)));
  }
  out.joins.push_back(std::move(answer));
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    const PlannedField& field = plan_.fields[i];
    const std::string name = field.use.name();
    sql::Expr shown = field.use.field->is_measure() ? Filled(field)
                      : i == *plan_.fill            ? ShowKey(timeframe_, PeriodColumn())
                                                    : sql::Col("_others", name);
    out.columns.push_back({std::move(shown), name});
  }
  out.where.push_back(
      sql::AnyOf({sql::IsNotNull(PeriodColumn()), sql::IsNotNull(sql::Col("_answer", kMatched))}));
  for (const PlannedSort& sort : plan_.sorts) {
    out.order_by.push_back({static_cast<int>(sort.column) + 1, {}, sort.descending});
  }
  out.limit = plan_.limit;
  return out;
}

}  // namespace

sql::Select FinishFilled(const Plan& plan, FieldSql& fields, CompleteThrough through,
                         sql::Select rows, Diagnostics& diagnostics) {
  return Filler(plan, fields, through).Build(std::move(rows), diagnostics);
}

}  // namespace kura::query
