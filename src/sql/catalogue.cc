// Lookups in a catalogue: names as they are written, then without regard to case (as DuckDB does).
#include "sql/catalogue.h"

#include "base/text.h"

namespace kura::sql {

const CatalogueColumn* CatalogueTable::Find(std::string_view column) const {
  for (const CatalogueColumn& candidate : columns) {
    if (EqualsIgnoreCase(candidate.name, column)) return &candidate;
  }
  return nullptr;
}

const CatalogueTable* Catalogue::Find(std::string_view qualified) const {
  std::string name = ReplaceAll(Trim(qualified), "\"", "");
  if (name.find('.') == std::string::npos) name.insert(0, "main.");
  const auto exact = tables.find(name);
  if (exact != tables.end()) return &exact->second;
  for (const auto& [key, table] : tables) {
    if (EqualsIgnoreCase(key, name)) return &table;
  }
  return nullptr;
}

}  // namespace kura::sql
