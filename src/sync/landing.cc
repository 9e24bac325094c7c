// Zero dates are NULL in the warehouse, also inside a key and behind a mask.
#include "sync/landing.h"

#include "sql/dialect.h"

namespace kura::sync {
namespace {

bool CanBeNull(const SourceColumn& column) {
  if (column.mask != nullptr) return column.nullable;
  return column.type.kind == sql::TypeKind::kDate || column.clock != ClockKind::kNone;
}

}  // namespace

std::string LandingSchema(const std::string& source) {
  return "raw_" + source;
}

sql::StagingShape LandingShape(const std::string& source, const SourceTable& table) {
  sql::StagingShape shape{LandingSchema(source), table.name, table.comment, {}, {}, false};
  for (const SourceColumn& column : table.columns) {
    shape.columns.push_back({column.name, column.type});
  }
  for (const std::string& key : table.primary_key) {
    const SourceColumn* column = table.Find(key);
    shape.key.push_back({column->name, CanBeNull(*column)});
  }
  shape.keeps_deleted = table.keeps_deleted;
  return shape;
}

std::string InstantSql(Micros at) {
  return "TIMESTAMPTZ " + sql::QuoteText(sql::kDuckDb, FormatInstant(at));
}

}  // namespace kura::sync
