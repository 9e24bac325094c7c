// query/freshness.h: which synced tables a question reads and how far their data reaches
// (DESIGN §11.2). SQL derived tables are read for names that the catalogue knows.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "query/plan.h"

namespace kura::query {

/// The catalogue's tables ("schema.name") that a view reads, through derived tables too.
std::set<std::string> TablesOf(const Scope& scope, const lookml::View& view);

/// The names of the catalogue that stand in a SQL text, outside of its texts and comments.
std::set<std::string> TablesIn(const sql::Catalogue& catalogue, std::string_view text);

/// The least complete_through of the tables, in UTC; empty when no sync fills them.
std::optional<Micros> LeastComplete(const Scope& scope, const std::set<std::string>& tables);

}  // namespace kura::query
