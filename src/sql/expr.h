// sql/expr.h: SQL as a tree of values, between the query compiler and the printer. What a user
// wrote in LookML is Raw and stays byte for byte; what a user asks for is a literal and gets
// quoted.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"

namespace kura::sql {

struct Expr;

/// "table"."name"; without a table when that is empty.
struct Column {
  std::string table;
  std::string name;
};

/// A text literal.
struct Text {
  std::string value;
};

/// A number literal in the digits that were given, so that nothing is rounded.
struct Number {
  std::string digits;
};

/// DATE '2026-11-24'.
struct DateLiteral {
  Days day = 0;
};

/// TIMESTAMP '2026-11-24 00:00:00': a wall clock.
struct TimestampLiteral {
  Micros local = 0;
};

/// TIMESTAMPTZ '2026-11-24 00:00:00+00': an instant.
struct InstantLiteral {
  Micros utc = 0;
};

/// INTERVAL 1 MONTH, with a unit that we chose.
struct Interval {
  int count = 1;
  std::string unit;
};

struct Null {};
struct Boolean {
  bool value = false;
};

/// `*` in COUNT(*).
struct Star {};

/// A user's SQL text: pieces of text as written, with expressions where the references stood.
struct Raw {
  std::vector<std::variant<std::string, Expr>> pieces;
};

/// function(args), with DISTINCT and FILTER (WHERE …) for aggregates.
struct Call {
  std::string function;
  std::vector<Expr> args;
  bool distinct = false;
  std::vector<Expr> filter;  // none or one
};

/// operands[0] op operands[1].
struct Binary {
  std::string op;
  std::vector<Expr> operands;
};

/// All (AND) or any (OR) of the operands; none of them: TRUE or FALSE.
struct Logic {
  bool all = true;
  std::vector<Expr> operands;
};

/// NOT operand, or operand IS [NOT] NULL.
struct Unary {
  enum class Op { kNot, kIsNull, kIsNotNull };
  Op op = Op::kNot;
  std::vector<Expr> operand;  // exactly one
};

/// CASE WHEN when THEN then … [ELSE otherwise] END.
struct Case {
  std::vector<Expr> whens;
  std::vector<Expr> thens;
  std::vector<Expr> otherwise;  // none or one
};

/// CAST(operand AS type).
struct Cast {
  std::vector<Expr> operand;  // exactly one
  std::string type;
};

/// operand IN (values).
struct InList {
  std::vector<Expr> operand;  // exactly one
  std::vector<Expr> values;
};

struct Select;

/// A scalar subquery.
struct Subquery {
  std::vector<Select> select;  // exactly one
};

/// Any SQL expression.
struct Expr {
  std::variant<Null, Boolean, Column, Text, Number, DateLiteral, TimestampLiteral, InstantLiteral,
               Interval, Star, Raw, Call, Binary, Logic, Unary, Case, Cast, InList, Subquery>
      node;
};

/// A table by its text, a query or a parenthesised join, under an alias.
struct Source {
  Raw table;                  // a table's name as the user wrote it
  std::vector<Select> query;  // none or one: ( SELECT … ) AS alias
  std::string alias;
};

/// One join. `nested` are joins of the joined source among themselves, in parentheses, so that they
/// and `on` are applied before the rows of the left side are extended with NULLs.
struct Join {
  std::string kind = "LEFT JOIN";  // LEFT JOIN, INNER JOIN, FULL OUTER JOIN, CROSS JOIN
  Source source;
  std::vector<Join> nested;
  std::vector<Expr> on;  // joined by AND; empty for CROSS JOIN
};

/// WITH name AS ( … ): a user's query or one of ours.
struct Cte {
  std::string name;
  Raw text;
  std::vector<Select> query;  // none: `text` is used
};

/// expr AS alias.
struct SelectColumn {
  Expr expr;
  std::string alias;
};

/// A sort key: the position of a column (from 1), or an expression.
struct OrderKey {
  int position = 0;
  std::vector<Expr> expr;  // used when there is one
  bool descending = false;
};

/// One SELECT. `group_by` holds positions (from 1) or expressions.
struct Select {
  std::vector<Cte> ctes;
  std::vector<SelectColumn> columns;
  bool distinct = false;
  std::optional<Source> from;
  std::vector<Join> joins;
  std::vector<Expr> where;
  std::vector<OrderKey> group_by;
  std::vector<Expr> having;
  std::vector<OrderKey> order_by;
  std::optional<std::int64_t> limit;
  std::vector<Select> unions;  // UNION: further rows without repetitions, before ORDER BY
};

// Short ways to write the common nodes.
Expr Col(std::string table, std::string name);
Expr Txt(std::string value);
Expr Num(std::int64_t value);
Expr Fn(std::string function, std::vector<Expr> args);
Expr Op(std::string op, Expr left, Expr right);
Expr AllOf(std::vector<Expr> operands);
Expr AnyOf(std::vector<Expr> operands);
Expr Not(Expr operand);
Expr IsNull(Expr operand);
Expr IsNotNull(Expr operand);
Expr CastTo(Expr operand, std::string type);
Expr When(Expr condition, Expr then);

}  // namespace kura::sql
