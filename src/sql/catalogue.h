// sql/catalogue.h: what a warehouse holds, as plain data: schemas, tables, columns, types, zones
// and the times of their data. Validation reads it without a database; `kura` fills it from one.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sql/type.h"

namespace kura::sql {

/// One column. `zone` is what a kTimestamp column's wall clock means; empty = undecided.
struct CatalogueColumn {
  std::string name;
  Type type;
  bool nullable = true;
  std::string zone;
  std::string comment;
};

/// How far a synced table's data reaches (DESIGN §11.2). `complete_through` is the sync's W.
struct TableTimes {
  Micros complete_through = 0;
  Micros read_at = 0;
};

/// One table or view. `times` is empty for tables that no sync fills (they are never late).
struct CatalogueTable {
  std::string schema;
  std::string name;
  std::vector<CatalogueColumn> columns;
  std::vector<std::string> primary_key;
  std::optional<TableTimes> times;
  std::int64_t rows = 0;
  std::int64_t version = 0;  // Grows with each commit that changes the table.
  std::string comment;

  const CatalogueColumn* Find(std::string_view column) const;
};

/// All tables, by "schema.name" in the source's spelling.
struct Catalogue {
  std::map<std::string, CatalogueTable, std::less<>> tables;

  /// Finds "schema.table"; a bare "table" is looked for in "main". Quotes are removed first.
  const CatalogueTable* Find(std::string_view qualified) const;
};

}  // namespace kura::sql
