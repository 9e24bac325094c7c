// Short ways to write expression trees.
#include "sql/expr.h"

namespace kura::sql {

Expr Col(std::string table, std::string name) {
  return {Column{std::move(table), std::move(name)}};
}

Expr Txt(std::string value) {
  return {Text{std::move(value)}};
}

Expr Num(std::int64_t value) {
  return {Number{std::to_string(value)}};
}

Expr Fn(std::string function, std::vector<Expr> args) {
  return {Call{std::move(function), std::move(args), false, {}}};
}

Expr Op(std::string op, Expr left, Expr right) {
  return {Binary{std::move(op), {std::move(left), std::move(right)}}};
}

Expr AllOf(std::vector<Expr> operands) {
  if (operands.size() == 1) return std::move(operands.front());
  return {Logic{true, std::move(operands)}};
}

Expr AnyOf(std::vector<Expr> operands) {
  if (operands.size() == 1) return std::move(operands.front());
  return {Logic{false, std::move(operands)}};
}

Expr Not(Expr operand) {
  return {Unary{Unary::Op::kNot, {std::move(operand)}}};
}

Expr IsNull(Expr operand) {
  return {Unary{Unary::Op::kIsNull, {std::move(operand)}}};
}

Expr IsNotNull(Expr operand) {
  return {Unary{Unary::Op::kIsNotNull, {std::move(operand)}}};
}

Expr CastTo(Expr operand, std::string type) {
  return {Cast{{std::move(operand)}, std::move(type)}};
}

Expr When(Expr condition, Expr then) {
  return {Case{{std::move(condition)}, {std::move(then)}, {}}};
}

}  // namespace kura::sql
