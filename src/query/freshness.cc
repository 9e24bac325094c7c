// Names in user SQL are found by a small scan: words joined by dots, quotes removed.
#include "query/freshness.h"

#include <algorithm>

namespace kura::query {
namespace {

bool IsWord(char c) {
  return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// The end of a text or a comment that begins at `at`; `at` itself when none does.
std::size_t SkipQuiet(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const auto behind = [&](std::string_view end, std::size_t from) {
    const std::size_t found = text.find(end, at + from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  if (rest.starts_with('\'')) return behind("'", 1);
  if (rest.starts_with("--")) return behind("\n", 2);
  if (rest.starts_with("/*")) return behind("*/", 2);
  return at;
}

// Reads "a"."b" or a.b from `at`; gives the name without quotes and moves behind it.
std::string TakeName(std::string_view text, std::size_t* at) {
  std::string name;
  while (*at < text.size()) {
    if (text[*at] == '"') {
      const std::size_t end = std::min(text.find('"', *at + 1), text.size());
      name.append(text.substr(*at + 1, end - *at - 1));
      *at = std::min(end + 1, text.size());
    } else {
      while (*at < text.size() && IsWord(text[*at])) name += text[(*at)++];
    }
    if (*at >= text.size() || text[*at] != '.') break;
    name += text[(*at)++];
  }
  return name;
}

void Collect(const Scope& scope, const lookml::View& view, int depth,
             std::set<std::string>* tables) {
  constexpr int kDepthMax = 20;
  if (!scope.catalogue || depth > kDepthMax) return;
  if (const sql::CatalogueTable* table = scope.TableOf(view)) {
    tables->insert(table->schema + "." + table->name);
  }
  const lookml::Sql& text = view.is_derived() ? view.derived_sql : view.sql_table_name;
  for (const lookml::SqlPiece& piece : text.pieces) {
    if (piece.kind == lookml::SqlPiece::Kind::kText && view.is_derived()) {
      tables->merge(TablesIn(*scope.catalogue, piece.text));
    }
    if (piece.kind != lookml::SqlPiece::Kind::kTableName) continue;
    const auto other = scope.model->views.find(piece.view);
    if (other != scope.model->views.end()) Collect(scope, other->second, depth + 1, tables);
  }
}

}  // namespace

std::set<std::string> TablesIn(const sql::Catalogue& catalogue, std::string_view text) {
  std::set<std::string> tables;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t behind = SkipQuiet(text, at);
    if (behind != at) {
      at = behind;
    } else if (text[at] == '"' || IsWord(text[at])) {
      const sql::CatalogueTable* table = catalogue.Find(TakeName(text, &at));
      if (table) tables.insert(table->schema + "." + table->name);
    } else {
      ++at;
    }
  }
  return tables;
}

std::set<std::string> TablesOf(const Scope& scope, const lookml::View& view) {
  std::set<std::string> tables;
  if (!view.builtin) Collect(scope, view, 0, &tables);
  return tables;
}

std::optional<Micros> LeastComplete(const Scope& scope, const std::set<std::string>& tables) {
  std::optional<Micros> least;
  for (const std::string& name : tables) {
    const sql::CatalogueTable* table = scope.catalogue->Find(name);
    if (!table || !table->times) continue;
    const Micros through = table->times->complete_through;
    least = least ? std::min(*least, through) : through;
  }
  return least;
}

}  // namespace kura::query
