// Merging the counts of one read into _kura.coercions.
#include "sync/coercions.h"

#include <map>

#include "base/text.h"
#include "sql/dialect.h"
#include "warehouse/state.h"

namespace kura::sync {
namespace {

using Found = std::map<std::pair<std::string, std::string>, warehouse::Coercion>;

std::string TextOf(const warehouse::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

Result<Found> ReadKnown(warehouse::Connection& connection, const std::string& source,
                        const std::string& table) {
  TRY(const auto stream,
      connection.Query("SELECT \"column\", reason, count, sample_keys FROM _kura.coercions "
                       "WHERE source = " +
                           sql::QuoteText(sql::kDuckDb, source) +
                           " AND \"table\" = " + sql::QuoteText(sql::kDuckDb, table),
                       {}));
  Found known;
  std::vector<warehouse::Value> row;
  while (true) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return known;
    warehouse::Coercion coercion{source, table, TextOf(row[0]), TextOf(row[1]), 0, TextOf(row[3])};
    if (const auto* count = std::get_if<std::int64_t>(&row[2])) coercion.count = *count;
    known.emplace(std::pair(coercion.column, coercion.reason), coercion);
  }
}

}  // namespace

Result<std::int64_t> RecordCoercions(warehouse::Connection& connection, const std::string& source,
                                     const TablePlan& plan,
                                     const std::vector<CoercedColumn>& coerced) {
  std::int64_t total = 0;
  for (const CoercedColumn& column : coerced) total += column.count;
  if (plan.delta && total == 0) return total;
  Found found;
  if (plan.delta) {
    TRY(found, ReadKnown(connection, source, plan.table.name));
  }
  for (const CoercedColumn& column : coerced) {
    const std::string& name = plan.table.columns[column.column].name;
    const std::string keys = Join(column.sample_keys, ", ");
    warehouse::Coercion fresh{source, plan.table.name, name, column.reason, column.count, keys};
    const auto [known, is_new] = found.emplace(std::pair(name, column.reason), fresh);
    if (is_new) continue;
    known->second.count += column.count;
    if (!keys.empty()) known->second.sample_keys = keys;  // The latest ones are there to look at.
  }
  std::vector<warehouse::Coercion> rows;
  for (const auto& [where, coercion] : found) rows.push_back(coercion);
  TRY_STATUS(warehouse::WriteCoercions(connection, source, plan.table.name, rows));
  return total;
}

}  // namespace kura::sync
