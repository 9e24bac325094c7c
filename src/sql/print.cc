// Trees → SQL text. Parentheses stand only where an operand of an operator is itself an operation,
// or is user SQL whose shape is not known. Nothing is indented after the fact: lines inside texts
// and user SQL must stay as they are.
#include "sql/print.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/match.h"
#include "base/text.h"

namespace kura::sql {

std::string QuoteName(const Dialect& dialect, std::string_view name) {
  const std::string quote(1, dialect.name_quote);
  return quote + ReplaceAll(name, quote, quote + quote) + quote;
}

std::string QuoteText(const Dialect& dialect, std::string_view text) {
  std::string inner = ReplaceAll(text, "'", "''");
  if (dialect.text_backslash) inner = ReplaceAll(inner, "\\", "\\\\");
  return "'" + inner + "'";
}

namespace {

class Printer {
 public:
  explicit Printer(const Dialect& dialect) : dialect_(dialect) {}

  std::string Any(const Expr& expr) const;
  std::string Statement(const Select& select) const;

 private:
  std::string Operand(const Expr& expr) const;
  std::string List(const std::vector<Expr>& exprs, std::string_view separator) const;
  std::string RawText(const Raw& raw) const;
  std::string CallText(const Call& call) const;
  std::string LogicText(const Logic& logic) const;
  std::string UnaryText(const Unary& unary) const;
  std::string CaseText(const Case& node) const;
  std::string SourceText(const Source& source) const;
  std::string JoinText(const Join& join, std::string_view indent) const;
  std::string CteText(const Cte& cte) const;
  std::string Keys(const std::vector<OrderKey>& keys, bool ordered) const;
  std::string Conditions(std::string_view clause, const std::vector<Expr>& all) const;
  std::string Columns(const Select& select) const;
  std::string Name(std::string_view name) const { return QuoteName(dialect_, name); }

  const Dialect& dialect_;
};

// A text that is one name or number, with dots and quotes, binds tighter than any operator.
bool IsAtom(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '"' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// A comment to the line's end in the last line would swallow what follows.
void EndComment(std::string& text) {
  const std::size_t line = text.rfind('\n');
  const std::size_t begin = line == std::string::npos ? 0 : line + 1;
  if (text.find("--", begin) != std::string::npos) text += '\n';
}

std::string Printer::RawText(const Raw& raw) const {
  std::string out;
  for (const auto& piece : raw.pieces) {
    out += Match(
        piece,
        [](const std::string& text) { return text; },
        [&](const Expr& expr) { return Operand(expr); });
  }
  if (raw.pieces.size() == 1 && std::holds_alternative<std::string>(raw.pieces[0])) {
    out = std::string(Trim(out));
  } else {
    while (!out.empty() && (out.back() == ' ' || out.back() == '\n')) out.pop_back();
    out.erase(0, std::min(out.find_first_not_of(" \n"), out.size()));
  }
  EndComment(out);
  return out;
}

std::string Printer::Operand(const Expr& expr) const {
  const std::string text = Any(expr);
  const bool compound = Match(
      expr.node,
      [](const Binary&) { return true; },
      [](const Unary&) { return true; },
      [](const InList&) { return true; },
      [](const Logic& logic) { return logic.operands.size() > 1; },
      [&](const Raw&) { return !IsAtom(text); },
      [](const auto&) { return false; });
  return compound ? "(" + text + ")" : text;
}

std::string Printer::List(const std::vector<Expr>& exprs, std::string_view separator) const {
  std::string out;
  for (const Expr& expr : exprs) {
    if (&expr != &exprs.front()) out += separator;
    out += Any(expr);
  }
  return out;
}

std::string Printer::CallText(const Call& call) const {
  std::string out = call.function + "(" + (call.distinct ? "DISTINCT " : "");
  out += List(call.args, ", ") + ")";
  if (!call.filter.empty()) out += " FILTER (WHERE " + Any(call.filter[0]) + ")";
  return out;
}

std::string Printer::LogicText(const Logic& logic) const {
  if (logic.operands.empty()) return logic.all ? "TRUE" : "FALSE";
  if (logic.operands.size() == 1) return Any(logic.operands[0]);
  std::string out;
  for (const Expr& operand : logic.operands) {
    if (&operand != &logic.operands.front()) out += logic.all ? " AND " : " OR ";
    const auto* inner = std::get_if<Logic>(&operand.node);
    const bool bare = std::holds_alternative<Binary>(operand.node) ||
                      std::holds_alternative<InList>(operand.node) ||
                      std::holds_alternative<Unary>(operand.node) ||
                      (inner && inner->all && !logic.all);
    out += bare ? Any(operand) : Operand(operand);
  }
  return out;
}

std::string Printer::UnaryText(const Unary& unary) const {
  switch (unary.op) {
    case Unary::Op::kNot:
      return "NOT (" + Any(unary.operand[0]) + ")";
    case Unary::Op::kIsNull:
      return Operand(unary.operand[0]) + " IS NULL";
    case Unary::Op::kIsNotNull:
      return Operand(unary.operand[0]) + " IS NOT NULL";
  }
  return {};
}

std::string Printer::CaseText(const Case& node) const {
  std::string out = "CASE";
  for (std::size_t i = 0; i < node.whens.size(); ++i) {
    out += " WHEN " + Any(node.whens[i]) + " THEN " + Any(node.thens[i]);
  }
  if (!node.otherwise.empty()) out += " ELSE " + Any(node.otherwise[0]);
  return out + " END";
}

std::string Printer::Any(const Expr& expr) const {
  return Match(
      expr.node,
      [](const Null&) -> std::string { return "NULL"; },
      [](const Boolean& node) -> std::string { return node.value ? "TRUE" : "FALSE"; },
      [&](const Column& node) {
        return node.table.empty() ? Name(node.name) : Name(node.table) + "." + Name(node.name);
      },
      [&](const Text& node) { return QuoteText(dialect_, node.value); },
      [](const Number& node) { return node.digits; },
      [](const DateLiteral& node) { return "DATE '" + FormatDate(node.day) + "'"; },
      [](const TimestampLiteral& node) { return "TIMESTAMP '" + FormatDateTime(node.local) + "'"; },
      [&](const InstantLiteral& node) {
        return fmt::format("{} '{}+00'", dialect_.timestamp_tz_keyword, FormatDateTime(node.utc));
      },
      [](const Interval& node) { return fmt::format("INTERVAL {} {}", node.count, node.unit); },
      [](const Star&) -> std::string { return "*"; },
      [&](const Raw& node) { return RawText(node); },
      [&](const Call& node) { return CallText(node); },
      [&](const Binary& node) {
        return Operand(node.operands[0]) + " " + node.op + " " + Operand(node.operands[1]);
      },
      [&](const Logic& node) { return LogicText(node); },
      [&](const Unary& node) { return UnaryText(node); },
      [&](const Case& node) { return CaseText(node); },
      [&](const Cast& node) { return "CAST(" + Any(node.operand[0]) + " AS " + node.type + ")"; },
      [&](const InList& node) {
        return Operand(node.operand[0]) + " IN (" + List(node.values, ", ") + ")";
      },
      [&](const Subquery& node) { return "(\n" + Statement(node.select[0]) + "\n)"; });
}

std::string Printer::SourceText(const Source& source) const {
  const std::string text =
      source.query.empty() ? RawText(source.table) : "(\n" + Statement(source.query[0]) + "\n)";
  return source.alias.empty() ? text : text + " AS " + Name(source.alias);
}

std::string Printer::JoinText(const Join& join, std::string_view indent) const {
  std::string out = std::string(indent) + join.kind + " ";
  if (join.nested.empty()) {
    out += SourceText(join.source);
  } else {
    const std::string deeper = std::string(indent) + "  ";
    out += "(\n" + deeper + SourceText(join.source) + "\n";
    for (const Join& inner : join.nested) out += JoinText(inner, deeper) + "\n";
    out += std::string(indent) + ")";
  }
  if (!join.on.empty()) out += " ON " + LogicText({true, join.on});
  return out;
}

std::string Printer::CteText(const Cte& cte) const {
  const std::string body = cte.query.empty() ? RawText(cte.text) : Statement(cte.query[0]);
  return Name(cte.name) + " AS (\n" + body + "\n)";
}

std::string Printer::Keys(const std::vector<OrderKey>& keys, bool ordered) const {
  std::string out;
  for (const OrderKey& key : keys) {
    if (&key != &keys.front()) out += ", ";
    out += key.expr.empty() ? std::to_string(key.position) : Any(key.expr[0]);
    if (ordered) out += key.descending ? " DESC NULLS LAST" : " ASC NULLS LAST";
  }
  return out;
}

std::string Printer::Conditions(std::string_view clause, const std::vector<Expr>& all) const {
  std::string out;
  for (const Expr& condition : all) {
    out += &condition == &all.front() ? "\n" + std::string(clause) + " " : "\n  AND ";
    const auto* logic = std::get_if<Logic>(&condition.node);
    const bool raw = std::holds_alternative<Raw>(condition.node);
    const bool closed = all.size() > 1 && (raw || (logic && !logic->all));
    out += closed ? Operand(condition) : Any(condition);
  }
  return out;
}

std::string Printer::Columns(const Select& select) const {
  std::string out = select.distinct ? "SELECT DISTINCT" : "SELECT";
  for (const SelectColumn& column : select.columns) {
    out += &column == &select.columns.front() ? "\n  " : ",\n  ";
    out += Any(column.expr);
    if (!column.alias.empty()) out += " AS " + Name(column.alias);
  }
  return out;
}

std::string Printer::Statement(const Select& select) const {
  std::string out;
  for (const Cte& cte : select.ctes) {
    out += (&cte == &select.ctes.front() ? "WITH " : "") + CteText(cte);
    out += &cte == &select.ctes.back() ? "\n" : ",\n";
  }
  out += Columns(select);
  if (select.from) out += "\nFROM " + SourceText(*select.from);
  for (const Join& join : select.joins) out += "\n" + JoinText(join, "");
  out += Conditions("WHERE", select.where);
  if (!select.group_by.empty()) out += "\nGROUP BY " + Keys(select.group_by, false);
  out += Conditions("HAVING", select.having);
  for (const Select& other : select.unions) out += "\nUNION\n" + Statement(other);
  if (!select.order_by.empty()) out += "\nORDER BY " + Keys(select.order_by, true);
  if (select.limit) out += "\nLIMIT " + std::to_string(*select.limit);
  return out;
}

}  // namespace

std::string Print(const Expr& expr, const Dialect& dialect) {
  return Printer(dialect).Any(expr);
}

std::string Print(const Select& select, const Dialect& dialect) {
  return Printer(dialect).Statement(select);
}

}  // namespace kura::sql
