// query/field_sql.h: fields → SQL expressions under the question's aliases: dimensions, measures
// and conditions, with user SQL passed through and its references resolved. Here stands the rule
// that a measure counts each row of its own view once, or the question is refused (invariant 3).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "query/plan.h"
#include "query/timeframe.h"
#include "query/zone_sql.h"
#include "sql/expr.h"

namespace kura::query {

/// Writes the expressions of one plan.
class FieldSql {
 public:
  FieldSql(const Plan& plan, Diagnostics& diagnostics) : plan_(plan), diagnostics_(diagnostics) {}

  /// A dimension's key, shown value and order.
  TimeframeSql Dimension(const Use& use, const Member& member);

  /// The same as a column of the answer: an unknown yesno is No, as its filter has it.
  TimeframeSql Selected(const Use& use, const Member& member);

  /// A measure as an aggregate of the rows that the joins give. Reports when it would be
  /// multiplied.
  sql::Expr Measure(const Use& use, const Member& member);

  /// A filter: on the bare column for times, on the aggregate for measures.
  sql::Expr Condition(const Use& use, const ParsedFilter& filter, const Member& member);

  /// A user's text under an alias, in parentheses where it is an operand.
  sql::Expr Text(const lookml::Sql& text, const std::string& alias, const Member& member);

  /// A view's table, or the name of its common table expression.
  sql::Raw TableText(const lookml::View& view, const Member& member);

  /// A time field's bare column and what it means.
  TimeColumn ColumnOf(const Use& use, const Member& member);

  /// Derived views that texts referred to by ${view.SQL_TABLE_NAME} or that joins stand on, in the
  /// order in which they must be defined.
  const std::vector<const lookml::View*>& derived() const { return derived_; }

  /// The proofs of the measures so far, in their order; a measure over others follows them.
  const std::vector<Proof>& proofs() const { return proofs_; }

  /// The aliases of the views whose rows measures counted.
  const std::set<std::string>& measured() const { return measured_; }

 private:
  sql::Expr Piece(const lookml::SqlPiece& piece, const std::string& alias, const Member& member);
  sql::Expr Reference(const lookml::SqlPiece& piece, const Use& use, const Member& member);
  sql::Expr OwnSql(const Use& use, const Member& member);
  sql::Expr Aggregate(const Use& use, const Member& member);
  sql::Expr CountRows(const Use& use, const Member& member);
  sql::Expr OverOthers(const Use& use, const Member& member);
  sql::Expr KeyOf(const Use& use, const Member& member);
  std::vector<sql::Expr> MeasureFilters(const Use& use, const Member& member);
  bool CheckMultiplied(const Use& use, const Member& member);
  bool RowsMayBeMissing(const std::string& alias) const;
  void Prove(const Use& use, bool insensitive, std::string rule);
  void AddDerived(const lookml::View& view, const Member& member);
  void RefuseType(const Use& use, const Member& member);
  void BadReference(const Span& span, const Member& member, std::string message);
  /// The column that a field's SQL is, through lone references; "" when it is more than that.
  std::string BareColumnOf(const Use& use) const;
  const sql::CatalogueColumn* CatalogueColumnOf(const Use& use) const;
  bool IsPassedInstant(const Use& use) const;

  const Plan& plan_;
  Diagnostics& diagnostics_;
  std::vector<const lookml::Field*> reading_;  // fields whose references are being read
  std::vector<const lookml::View*> derived_;
  std::vector<const lookml::View*> opening_;  // derived views whose text is being read
  std::vector<Proof> proofs_;
  std::set<std::string> measured_;
};

}  // namespace kura::query
