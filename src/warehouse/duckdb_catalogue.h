// warehouse/duckdb_catalogue.h: what a DuckDB warehouse holds, joined with what the sync knows of
// it.
#pragma once
#include "sql/catalogue.h"
#include "warehouse/warehouse.h"

namespace kura::warehouse {

/// Reads schemas, tables, views and columns, and zones, keys, comments and times from
/// _kura.sync_state when that exists. Errors: kUnavailable.
Result<sql::Catalogue> ReadDuckDbCatalogue(Connection& connection);

}  // namespace kura::warehouse
