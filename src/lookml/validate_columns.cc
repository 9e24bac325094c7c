// Columns of plain tables. SQL is not parsed: only ${TABLE}.name is looked at.
#include <set>

#include "base/text.h"
#include "lookml/diagnostics.h"
#include "lookml/print.h"
#include "lookml/validate_view.h"

namespace kura::lookml {
namespace {

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// The column's name behind "${TABLE}" in a text such as `.price * 2`; `begin` and `end` are its
// bytes with quotes. Empty when it is anything but one plain or quoted name.
std::string ColumnAt(std::string_view text, std::size_t* begin, std::size_t* end) {
  if (!text.starts_with('.') || text.size() < 2) return "";
  *begin = 1;
  const char quote = text[1];
  if (quote == '"' || quote == '`') {
    const std::size_t close = text.find(quote, 2);
    if (close == std::string_view::npos) return "";
    *end = close + 1;
    return std::string(text.substr(2, close - 2));
  }
  *end = 1;
  while (*end < text.size() && IsNameByte(text[*end])) ++*end;
  return std::string(text.substr(1, *end - 1));
}

class ColumnChecker {
 public:
  ColumnChecker(const View& view, const sql::CatalogueTable& table, References& references)
      : view_(view), table_(table), references_(references) {}

  void Run() {
    std::set<std::string> groups;
    for (const Field& field : view_.fields) {
      if (!field.dimension_group.empty() && !groups.insert(field.dimension_group).second) continue;
      CheckSql(field.sql);
      if (field.kind != FieldKind::kDimension || !field.sql.empty()) continue;
      // Without sql a dimension is the column of its name.
      Check(field.dimension_group.empty() ? field.name : field.dimension_group, field.span);
    }
  }

 private:
  void CheckSql(const Sql& sql) {
    for (std::size_t i = 0; i + 1 < sql.pieces.size(); ++i) {
      const SqlPiece& text = sql.pieces[i + 1];
      if (sql.pieces[i].kind != SqlPiece::Kind::kTable || text.kind != SqlPiece::Kind::kText) {
        continue;
      }
      std::size_t begin = 0;
      std::size_t end = 0;
      const std::string column = ColumnAt(text.text, &begin, &end);
      if (column.empty()) continue;
      Span span = text.span;
      if (span.end - span.begin == text.text.size()) {  // The text stands there as it is.
        span.end = span.begin + static_cast<std::uint32_t>(end);
        span.begin += static_cast<std::uint32_t>(begin);
      }
      Check(column, span);
    }
  }

  void Check(const std::string& column, Span span) {
    if (table_.Find(column) != nullptr) return;
    std::vector<std::string> names;
    for (const sql::CatalogueColumn& known : table_.columns) {
      if (EqualsIgnoreCase(known.name, column)) return;
      names.push_back(known.name);
    }
    AddError(references_.diagnostics(),
             kUnknownColumn,
             span,
             {"there is no column '" + column + "' in " + table_.schema + "." + table_.name +
                  Guess(column, names),
              "",
              ""});
  }

  const View& view_;
  const sql::CatalogueTable& table_;
  References& references_;
};

}  // namespace

void ValidateColumns(const View& view, const sql::Catalogue& catalogue, References& references) {
  if (view.is_derived() || view.builtin) return;
  for (const SqlPiece& piece : view.sql_table_name.pieces) {
    if (piece.kind != SqlPiece::Kind::kText) return;
  }
  const std::string name = view.sql_table_name.empty() ? view.name : PrintSql(view.sql_table_name);
  const sql::CatalogueTable* table = catalogue.Find(name);
  if (table != nullptr) ColumnChecker(view, *table, references).Run();
}

}  // namespace kura::lookml
