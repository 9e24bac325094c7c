// Measures. A view's rows are multiplied when a used join, walked away from the view, finds several
// rows; then only aggregates that do not mind repetitions are allowed, and COUNT of the key.
#include <fmt/core.h>

#include "query/condition.h"
#include "query/field_sql.h"

namespace kura::query {
namespace {

sql::Expr Filtered(std::string function, std::vector<sql::Expr> args,
                   std::vector<sql::Expr> conditions, bool distinct = false) {
  sql::Call call{std::move(function), std::move(args), distinct, {}};
  if (!conditions.empty()) call.filter.push_back(sql::AllOf(std::move(conditions)));
  return {std::move(call)};
}

// "each order is one row", as the proof says it.
std::string OneRow(const std::string& alias) {
  return fmt::format("each row of '{}' is in the joined rows once", alias);
}

bool IsOverOthers(const std::string& type) {
  return type == "number" || type == "string" || type == "yesno" || type == "date" ||
         type == "date_time";
}

}  // namespace

void FieldSql::Prove(const Use& use, bool insensitive, std::string rule) {
  measured_.insert(use.alias);
  for (const Proof& proof : proofs_) {
    if (proof.measure == use.name()) return;
  }
  proofs_.push_back(
      {use.name(), use.alias, insensitive ? "insensitive" : "plain", std::move(rule)});
}

// Reports a measure that the joins would count several times. True when it is right as it is.
bool FieldSql::CheckMultiplied(const Use& use, const Member& member) {
  const Edge* edge = plan_.MultiplierOf(use.alias);
  if (!edge) {
    Prove(use, false, OneRow(use.alias));
    return true;
  }
  const bool down = edge->relationship != lookml::Relationship::kManyToOne;
  const std::string& many = down ? edge->child : edge->parent;
  const std::string hint =
      many == plan_.scope.explore->base
          ? fmt::format("ask for it in an explore that stands on '{}'", use.alias)
          : fmt::format("leave out the fields of '{}', or ask for it in a question of its own",
                        many);
  Report(diagnostics_,
         member,
         {kFanOutRefused,
          fmt::format("'{}' would be counted several times: '{}' is joined {} to '{}', so a row of "
                      "'{}' can be in the joined rows more than once",
                      use.name(),
                      edge->child,
                      RelationshipName(edge->relationship),
                      edge->parent,
                      use.alias),
          fmt::format("multiplied by '{}'", many),
          hint});
  return false;
}

// Left joins extend rows with NULLs, so only the base's rows are surely there.
bool FieldSql::RowsMayBeMissing(const std::string& alias) const {
  if (alias != plan_.scope.explore->base) return true;
  for (const lookml::Join* join : plan_.joins) {
    if (join->type == lookml::JoinType::kFullOuter) return true;
  }
  return false;
}

sql::Expr FieldSql::KeyOf(const Use& use, const Member& member) {
  const lookml::Field* key = use.view->primary_key();
  if (key) return Dimension({use.alias, use.view, key}, member).key;
  Report(
      diagnostics_,
      member,
      {kMissingPrimaryKey,
       fmt::format("'{}' cannot be counted here: view '{}' is joined and declares no primary key",
                   use.name(),
                   use.view->name),
       "",
       fmt::format("add primary_key: yes to the dimension that is unique per row of '{}'",
                   use.view->name)});
  return {sql::Null{}};
}

// COUNT(*) of rows that are surely there and single; else the key's values.
sql::Expr FieldSql::CountRows(const Use& use, const Member& member) {
  std::vector<sql::Expr> filters = MeasureFilters(use, member);
  if (plan_.MultiplierOf(use.alias)) {
    if (!use.view->primary_key()) {
      CheckMultiplied(use, member);
      return {sql::Null{}};
    }
    Prove(use, true, fmt::format("counts each primary key of '{}' once", use.alias));
    return Filtered("COUNT", {KeyOf(use, member)}, std::move(filters), true);
  }
  if (!RowsMayBeMissing(use.alias)) {
    Prove(use, false, OneRow(use.alias));
    return Filtered("COUNT", {{sql::Star{}}}, std::move(filters));
  }
  Prove(
      use, false, OneRow(use.alias) + "; rows without one have no primary key and are not counted");
  return Filtered("COUNT", {KeyOf(use, member)}, std::move(filters));
}

std::vector<sql::Expr> FieldSql::MeasureFilters(const Use& use, const Member& member) {
  std::vector<sql::Expr> conditions;
  for (const lookml::FilterEntry& entry : use.field->filters) {
    const std::optional<Use> filtered = FindEntry(plan_.scope, entry, use.alias);
    if (!filtered || filtered->field->is_measure()) {
      BadReference(
          entry.span,
          member,
          fmt::format(
              "the filter of measure '{}' names no dimension '{}'", use.name(), entry.field));
      continue;
    }
    auto parsed = ParseFilter(plan_.scope, *filtered->field, entry.expression);
    if (const auto* error = std::get_if<FilterError>(&parsed)) {
      BadReference(
          entry.span,
          member,
          fmt::format("the filter of measure '{}' cannot be read: {}", use.name(), error->message));
      continue;
    }
    sql::Expr condition = Condition(*filtered, std::get<ParsedFilter>(parsed), member);
    if (!IsAlwaysTrue(condition)) conditions.push_back(std::move(condition));
  }
  return conditions;
}

sql::Expr FieldSql::Aggregate(const Use& use, const Member& member) {
  const std::string& type = use.field->type;
  sql::Expr own = OwnSql(use, member);
  std::vector<sql::Expr> filters = MeasureFilters(use, member);
  // An expression can have a value where the join found no row: COALESCE(x, 0), 1.
  if (RowsMayBeMissing(use.alias) && BareColumnOf(use).empty() && use.view->primary_key()) {
    filters.push_back(sql::IsNotNull(KeyOf(use, member)));
  }
  if (type == "count_distinct" || type == "min" || type == "max") {
    const char* what = type == "count_distinct" ? "different values" : "the extreme value";
    Prove(use,
          plan_.MultiplierOf(use.alias) != nullptr,
          fmt::format("{} of '{}': repeated rows change nothing", what, use.alias));
    const bool distinct = type == "count_distinct";
    const char* function = distinct ? "COUNT" : type == "min" ? "MIN" : "MAX";
    return Filtered(function, {std::move(own)}, std::move(filters), distinct);
  }
  if (!CheckMultiplied(use, member)) return {sql::Null{}};
  if (type == "average") return Filtered("AVG", {std::move(own)}, std::move(filters));
  if (type == "median") return Filtered("MEDIAN", {std::move(own)}, std::move(filters));
  return sql::Fn("COALESCE", {Filtered("SUM", {std::move(own)}, std::move(filters)), sql::Num(0)});
}

// number, string, yesno and date measures are texts over other measures, which prove themselves.
// What such a text aggregates on its own must not be multiplied.
sql::Expr FieldSql::OverOthers(const Use& use, const Member& member) {
  bool own_rows = true;
  std::string others;
  for (const lookml::SqlPiece& piece : use.field->sql.pieces) {
    if (piece.kind != lookml::SqlPiece::Kind::kField) continue;
    const std::string& owner = piece.view.empty() ? use.alias : piece.view;
    const std::optional<Use> other = plan_.scope.Find(owner, piece.text);
    if (!other || !other->field->is_measure()) {
      others.clear();
      break;
    }
    own_rows = false;
    others += (others.empty() ? "" : ", ") + other->name();
  }
  if ((own_rows || others.empty()) && !CheckMultiplied(use, member)) return {sql::Null{}};
  sql::Expr text = OwnSql(use, member);
  if (!others.empty()) Prove(use, false, "made of " + others);
  if (use.field->type == "date") return sql::CastTo(std::move(text), "DATE");
  return text;
}

sql::Expr FieldSql::Measure(const Use& use, const Member& member) {
  const std::string& type = use.field->type;
  if (type == "count") return CountRows(use, member);
  if (type == "sum" || type == "average" || type == "min" || type == "max" || type == "median" ||
      type == "count_distinct") {
    return Aggregate(use, member);
  }
  if (IsOverOthers(type)) return OverOthers(use, member);
  RefuseType(use, member);
  return {sql::Null{}};
}

}  // namespace kura::query
