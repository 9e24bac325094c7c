// warehouse/duckdb_value.h: cells of DuckDB's vectors as Values, exactly.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sql/type.h"
#include "warehouse/duckdb_handle.h"
#include "warehouse/warehouse.h"

namespace kura::warehouse {

/// How the cells of one result column are read.
struct ColumnShape {
  duckdb_type id = DUCKDB_TYPE_INVALID;
  duckdb_type storage = DUCKDB_TYPE_INVALID;  // of ENUM and DECIMAL
  std::vector<std::string> words;             // of an ENUM
  sql::Type type;                             // what the outside is told
};

/// Describes a type of DuckDB.
ColumnShape ShapeOf(duckdb_logical_type type);

/// Tells whether ReadCell can read the type; nested and rare types are cast to VARCHAR first.
bool IsReadable(duckdb_type id);

/// Stores the cell at `row`, which is not NULL, of a vector's `data` in `value`.
void ReadCell(const ColumnShape& shape, const void* data, std::uint64_t row, Value* value);

}  // namespace kura::warehouse
