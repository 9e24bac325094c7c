// Conditions per language: lists of equal values become IN, ranges half-open comparisons.
#include "query/condition.h"

#include "base/text.h"

namespace kura::query {
namespace {

sql::Expr Equals(const sql::Expr& operand, std::vector<sql::Expr> values) {
  if (values.size() == 1) return sql::Op("=", operand, std::move(values[0]));
  return {sql::InList{{operand}, std::move(values)}};
}

// starts_with and friends compare bytes and need no escapes.
sql::Expr TermCondition(const sql::Expr& operand, const StringTerm& term) {
  const sql::Expr text = sql::Txt(term.text);
  switch (term.kind) {
    case StringTerm::Kind::kEquals:
      return sql::Op("=", operand, text);
    case StringTerm::Kind::kContains:
      return sql::Fn("contains", {operand, text});
    case StringTerm::Kind::kStartsWith:
      return sql::Fn("starts_with", {operand, text});
    case StringTerm::Kind::kEndsWith:
      return sql::Fn("ends_with", {operand, text});
    case StringTerm::Kind::kLike:
      return sql::Fn("like_escape", {operand, text, sql::Txt("^")});
    case StringTerm::Kind::kEmpty:
      return sql::AnyOf({sql::IsNull(operand), sql::Op("=", operand, sql::Txt(""))});
    case StringTerm::Kind::kNull:
      return sql::IsNull(operand);
  }
  return {sql::Boolean{true}};
}

// The terms joined by OR, equal values as one list.
sql::Expr AnyTerm(const sql::Expr& operand, const std::vector<StringTerm>& terms) {
  std::vector<sql::Expr> any;
  std::vector<sql::Expr> values;
  for (const StringTerm& term : terms) {
    if (term.kind == StringTerm::Kind::kEquals) {
      values.push_back(sql::Txt(term.text));
    } else {
      any.push_back(TermCondition(operand, term));
    }
  }
  if (!values.empty()) any.insert(any.begin(), Equals(operand, std::move(values)));
  return sql::AnyOf(std::move(any));
}

// NOT condition, and NULLs stay in.
sql::Expr Unless(const sql::Expr& operand, sql::Expr condition) {
  return sql::AnyOf({sql::Not(std::move(condition)), sql::IsNull(operand)});
}

sql::Expr RangeCondition(const sql::Expr& operand, const NumberRange& range) {
  std::vector<sql::Expr> all;
  if (range.low) {
    all.push_back(
        sql::Op(range.low->inclusive ? ">=" : ">", operand, {sql::Number{range.low->digits}}));
  }
  if (range.high) {
    all.push_back(
        sql::Op(range.high->inclusive ? "<=" : "<", operand, {sql::Number{range.high->digits}}));
  }
  return sql::AllOf(std::move(all));
}

bool IsOneNumber(const NumberRange& range) {
  return range.low && range.high && range.low->inclusive && range.high->inclusive &&
         range.low->digits == range.high->digits;
}

sql::Expr AnyRange(const sql::Expr& operand, const std::vector<NumberRange>& ranges) {
  std::vector<sql::Expr> any;
  std::vector<sql::Expr> values;
  for (const NumberRange& range : ranges) {
    if (range.is_null) {
      any.push_back(sql::IsNull(operand));
    } else if (IsOneNumber(range)) {
      values.push_back({sql::Number{range.low->digits}});
    } else {
      any.push_back(RangeCondition(operand, range));
    }
  }
  if (!values.empty()) any.insert(any.begin(), Equals(operand, std::move(values)));
  return sql::AnyOf(std::move(any));
}

}  // namespace

bool IsAlwaysTrue(const sql::Expr& condition) {
  const auto* logic = std::get_if<sql::Logic>(&condition.node);
  return logic && logic->all && logic->operands.empty();
}

sql::Expr StringCondition(const sql::Expr& operand, const StringFilter& filter) {
  std::vector<sql::Expr> all;
  if (!filter.include.empty()) all.push_back(AnyTerm(operand, filter.include));
  for (const StringTerm& term : filter.exclude) {
    // "-NULL" and "-EMPTY" exclude the NULLs that other negations keep.
    if (term.kind == StringTerm::Kind::kNull) {
      all.push_back(sql::IsNotNull(operand));
    } else if (term.kind == StringTerm::Kind::kEmpty) {
      all.push_back(sql::Op("<>", operand, sql::Txt("")));
    } else {
      all.push_back(Unless(operand, TermCondition(operand, term)));
    }
  }
  return sql::AllOf(std::move(all));
}

sql::Expr NumberCondition(const sql::Expr& operand, const NumberFilter& filter) {
  std::vector<sql::Expr> all;
  if (!filter.include.empty()) all.push_back(AnyRange(operand, filter.include));
  std::vector<NumberRange> excluded;
  for (const NumberRange& range : filter.exclude) {
    if (range.is_null) {
      all.push_back(sql::IsNotNull(operand));
    } else {
      excluded.push_back(range);
    }
  }
  if (!excluded.empty()) all.push_back(Unless(operand, AnyRange(operand, excluded)));
  return sql::AllOf(std::move(all));
}

sql::Expr DateCondition(const TimeColumn& column, const Zone& zone, const DateFilter& filter) {
  std::vector<sql::Expr> any;
  for (const DateRange& range : filter.ranges) {
    std::vector<sql::Expr> all;
    if (range.begin) {
      all.push_back(sql::Op(">=", column.bare, BoundLiteral(column, zone, *range.begin)));
    }
    if (range.end) {
      all.push_back(sql::Op("<", column.bare, BoundLiteral(column, zone, *range.end)));
    }
    any.push_back(sql::AllOf(std::move(all)));
  }
  if (filter.is_null) any.push_back(sql::IsNull(column.bare));
  if (filter.not_null) any.push_back(sql::IsNotNull(column.bare));
  if (any.empty()) return sql::AllOf({});
  return sql::AnyOf(std::move(any));
}

sql::Expr YesNoCondition(const sql::Expr& operand, const YesNoFilter& filter) {
  if (!filter.value) return sql::AllOf({});
  if (*filter.value) return operand;
  return sql::Not(sql::Fn("COALESCE", {operand, {sql::Boolean{false}}}));
}

}  // namespace kura::query
