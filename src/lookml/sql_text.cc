// Splitting of SQL texts at their references.
#include "lookml/sql_text.h"

#include "base/text.h"

namespace kura::lookml {
namespace {

constexpr std::string_view kTableNameSuffix = ".SQL_TABLE_NAME";

SqlPiece Reference(std::string_view inside, Span span) {
  inside = Trim(inside);
  SqlPiece piece;
  piece.span = span;
  if (inside == "TABLE") {
    piece.kind = SqlPiece::Kind::kTable;
  } else if (inside.ends_with(kTableNameSuffix)) {
    piece.kind = SqlPiece::Kind::kTableName;
    piece.view = std::string(inside.substr(0, inside.size() - kTableNameSuffix.size()));
  } else {
    return FieldPiece(inside, span);
  }
  return piece;
}

}  // namespace

SqlPiece FieldPiece(std::string_view reference, Span span) {
  SqlPiece piece;
  piece.kind = SqlPiece::Kind::kField;
  piece.span = span;
  const std::size_t dot = reference.find('.');
  if (dot != std::string_view::npos) piece.view = std::string(reference.substr(0, dot));
  piece.text = std::string(dot == std::string_view::npos ? reference : reference.substr(dot + 1));
  return piece;
}

Sql SplitSql(std::string_view text, Span span, bool exact) {
  Sql sql;
  sql.span = span;
  const std::string_view trimmed = Trim(text);
  const auto offset = static_cast<std::uint32_t>(
      trimmed.empty() ? 0 : static_cast<std::size_t>(trimmed.data() - text.data()));
  const auto place = [&](std::size_t begin, std::size_t end) {
    if (!exact) return span;
    const std::uint32_t from = span.begin + offset;
    return Span{span.file,
                from + static_cast<std::uint32_t>(begin),
                from + static_cast<std::uint32_t>(end)};
  };
  for (std::size_t at = 0; at < trimmed.size();) {
    std::size_t open = trimmed.find("${", at);
    const std::size_t close = open == std::string_view::npos ? open : trimmed.find('}', open);
    if (close == std::string_view::npos) open = trimmed.size();
    if (open > at) {
      SqlPiece piece;
      piece.text = std::string(trimmed.substr(at, open - at));
      piece.span = place(at, open);
      sql.pieces.push_back(std::move(piece));
    }
    if (close == std::string_view::npos) break;
    sql.pieces.push_back(
        Reference(trimmed.substr(open + 2, close - open - 2), place(open, close + 1)));
    at = close + 1;
  }
  if (exact && !trimmed.empty()) sql.span = place(0, trimmed.size());
  return sql;
}

}  // namespace kura::lookml
