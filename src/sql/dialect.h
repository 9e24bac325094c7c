// sql/dialect.h: what differs between engines, as data. DuckDB is the only one so far; the printer
// (sql/print.h) reads it and nothing else in the line knows an engine's spelling.
#pragma once
#include <string>
#include <string_view>

namespace kura::sql {

/// How an engine spells names, texts and times.
struct Dialect {
  std::string_view name;
  char name_quote = '"';
  bool text_backslash = false;  // A backslash in a text literal is an escape.
  std::string_view timestamp_tz_keyword = "TIMESTAMPTZ";
};

/// DuckDB 1.5: https://duckdb.org/docs/stable/sql/dialect/overview.
inline constexpr Dialect kDuckDb{"duckdb", '"', false, "TIMESTAMPTZ"};

/// Quotes a name: users → "users"; quotes inside are doubled.
std::string QuoteName(const Dialect& dialect, std::string_view name);

/// Quotes a text as a literal: it's → 'it''s'. The only way for a user's value into SQL.
std::string QuoteText(const Dialect& dialect, std::string_view text);

}  // namespace kura::sql
