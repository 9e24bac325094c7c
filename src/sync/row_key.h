// sync/row_key.h: names a row of a batch in reports of values that could not be represented, so
// that a person finds it at the source.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "sync/source.h"
#include "warehouse/batch.h"

namespace kura::sync {

/// Where a batch's row is, and how its table names rows.
struct RowPlace {
  const std::vector<SourceColumn>* columns = nullptr;
  const std::vector<std::size_t>* key_columns = nullptr;  // empty: no primary key
  const warehouse::Batch* batch = nullptr;
  std::size_t row = 0;
};

/// A row of a batch.
struct BatchPlace {
  const warehouse::Batch* batch = nullptr;
  std::size_t row = 0;
};

/// The text of a value that is not NULL: "42", "2026-11-25", "12.50"; texts and bytes as they are.
std::string PlainText(const BatchPlace& place, std::size_t column);

/// The primary key: "42", "(7, 2026-11-25)". Without one, the first columns that hold no text,
/// since texts may be personal: "day=2026-11-25, amount=12.50"; "" when there are none either.
/// Masked columns are masked here too, and name no row without a primary key.
std::string RowKey(const RowPlace& place);

/// The text that RowKey makes of a primary key, as an expression of DuckDB. Empty when `table` has
/// no primary key, or one whose text only RowKey prints so (floating point, intervals).
std::string RowKeySql(const SourceTable& table);

}  // namespace kura::sync
