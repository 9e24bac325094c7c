// The statements of a landing table. A row is replaced by DELETE and INSERT: with no index on the
// key that is three to ten times as fast as MERGE.
#include "sql/staging.h"

#include "base/text.h"
#include "sql/dialect.h"

namespace kura::sql {
namespace {

constexpr int kScrubColumns = 2000;

std::string Quote(std::string_view name) {
  return QuoteName(kDuckDb, name);
}

}  // namespace

StagingText::StagingText(StagingShape shape) : shape_(std::move(shape)) {}

std::string StagingText::Qualified(std::string_view name) const {
  return Quote(shape_.schema) + "." + Quote(name);
}

std::vector<std::string> StagingText::CreateRows(std::string_view name) const {
  std::vector<std::string> lines;
  for (const StagingColumn& column : shape_.columns) {
    lines.push_back(Quote(column.name) + " " + TypeName(column.type));
  }
  std::vector<std::string> statements = {"CREATE OR REPLACE TABLE " + Qualified(name) + " (" +
                                         Join(lines, ", ") + ")"};
  if (!shape_.comment.empty()) {
    statements.push_back("COMMENT ON TABLE " + Qualified(name) + " IS " +
                         QuoteText(kDuckDb, shape_.comment));
  }
  return statements;
}

std::string StagingText::CreateKeys() const {
  std::vector<std::string> lines;
  for (const StagingKey& key : shape_.key) {
    for (const StagingColumn& column : shape_.columns) {
      if (column.name == key.name) lines.push_back(Quote(key.name) + " " + TypeName(column.type));
    }
  }
  return "CREATE OR REPLACE TABLE " + Qualified(keys()) + " (" + Join(lines, ", ") + ")";
}

std::string StagingText::Drop(std::string_view name) const {
  return "DROP TABLE IF EXISTS " + Qualified(name);
}

bool StagingText::Keeps(std::string_view name) const {
  return shape_.keeps_deleted && name == shape_.table;
}

// That the rows called `alias` are not only kept, as a condition before others; nothing where all
// are live.
std::string StagingText::Live(std::string_view name, std::string_view alias) const {
  return Keeps(name) ? std::string(alias) + "." + Quote(kDeletedAt) + " IS NULL AND " : "";
}

std::vector<std::string> StagingText::Swap(std::string_view name) const {
  return {Drop(shape_.table),
          "ALTER TABLE " + Qualified(name) + " RENAME TO " + Quote(shape_.table)};
}

std::string StagingText::SameKey(std::string_view left, std::string_view right) const {
  std::vector<std::string> parts;
  for (const StagingKey& key : shape_.key) {
    parts.push_back(std::string(left) + "." + Quote(key.name) +
                    (key.can_be_null ? " IS NOT DISTINCT FROM " : " = ") + std::string(right) +
                    "." + Quote(key.name));
  }
  return Join(parts, " AND ");
}

std::vector<std::string> StagingText::Merge(std::string_view from, std::string_view to) const {
  return {"DELETE FROM " + Qualified(to) + " AS t USING " + Qualified(from) + " AS s WHERE " +
              SameKey("t", "s"),
          "INSERT INTO " + Qualified(to) + " SELECT *" + (Keeps(to) ? ", NULL" : "") + " FROM " +
              Qualified(from)};
}

// The rows called `alias` whose key is not in `name`.
std::string StagingText::HasNone(std::string_view name, std::string_view alias) const {
  return "NOT EXISTS (SELECT 1 FROM " + Qualified(name) + " AS o WHERE " + Live(name, "o") +
         SameKey("o", alias) + ")";
}

std::string StagingText::FindGone(std::string_view name) const {
  std::vector<std::string> names;
  for (const StagingKey& key : shape_.key) names.push_back("t." + Quote(key.name));
  return "CREATE OR REPLACE TABLE " + Qualified(gone()) + " AS SELECT " + Join(names, ", ") +
         " FROM " + Qualified(name) + " AS t WHERE " + Live(name, "t") + HasNone(keys(), "t");
}

std::string StagingText::DeleteGone(std::string_view name, std::string_view at) const {
  if (Keeps(name)) {
    return "UPDATE " + Qualified(name) + " AS t SET " + Quote(kDeletedAt) + " = " +
           std::string(at) + " FROM " + Qualified(gone()) + " AS g WHERE " + Live(name, "t") +
           SameKey("t", "g");
  }
  return "DELETE FROM " + Qualified(name) + " AS t USING " + Qualified(gone()) + " AS g WHERE " +
         SameKey("t", "g");
}

std::vector<std::string> StagingText::CarryOver(std::string_view name, const CarriedRows& rows,
                                                std::string_view at) const {
  std::vector<std::string> statements;
  std::vector<std::string> names;
  for (const std::string& column : rows.columns) names.push_back(Quote(column));
  std::vector<std::string> values = names;
  if (shape_.keeps_deleted) {
    const std::string deleted_at = Quote(kDeletedAt);
    statements.push_back("ALTER TABLE " + Qualified(name) + " ADD COLUMN " + deleted_at + " " +
                         TypeName({TypeKind::kTimestampTz, 0, 0}));
    names.push_back(deleted_at);
    const std::string time(at);
    values.push_back(rows.has_deleted_at ? "coalesce(" + deleted_at + ", " + time + ")" : time);
  }
  if (rows.columns.empty()) return statements;
  statements.push_back("INSERT INTO " + Qualified(name) + " (" + Join(names, ", ") + ") SELECT " +
                       Join(values, ", ") + " FROM " + Qualified(shape_.table) + " AS t WHERE " +
                       HasNone(name, "t"));
  return statements;
}

std::string StagingText::GreatestKey(std::string_view name) const {
  return "SELECT CAST(max(" + Quote(shape_.key.front().name) + ") AS VARCHAR) FROM " +
         Qualified(name);
}

std::string StagingText::Count(std::string_view name) const {
  return "SELECT count(*) FROM " + Qualified(name) +
         (Keeps(name) ? " WHERE " + Quote(kDeletedAt) + " IS NULL" : "");
}

std::string StagingText::CompareKeys(std::string_view name) const {
  return "SELECT (" + Count(name) + "), (" + Count(gone()) + "), (" + Count(changes()) +
         " AS s WHERE " + HasNone(name, "s") + "), (" + Count(keys()) + ")";
}

std::string StagingText::MissingKeys(std::string_view name, std::int64_t count_max) const {
  return "SELECT * FROM " + Qualified(keys()) + " AS k WHERE " + HasNone(name, "k") + " AND " +
         HasNone(changes(), "k") + " LIMIT " + std::to_string(count_max);
}

std::string NoteScrubText() {
  return "CREATE TABLE IF NOT EXISTS _kura.unscrubbed (noted_at TIMESTAMPTZ)";
}

std::string NeedsScrubText() {
  return "SELECT count(*) FROM duckdb_tables() WHERE schema_name = '_kura' "
         "AND table_name = 'unscrubbed'";
}

// Values that do not compress fill the free blocks; many columns fill the places where minima and
// maxima of columns were.
std::vector<std::string> ScrubTexts() {
  std::vector<std::string> columns;
  for (int i = 0; i < kScrubColumns; ++i) {
    columns.push_back("hash(" + std::to_string(i) + ") AS c" + std::to_string(i));
  }
  const std::string checkpoint = "CHECKPOINT";
  return {checkpoint,
          "CREATE OR REPLACE TABLE _kura.scrub_blocks AS SELECT hash(i) AS v FROM range((SELECT "
          "(free_blocks + 8) * block_size // 8 FROM pragma_database_size() "
          "WHERE database_name = current_database())) AS t(i)",
          checkpoint,
          "DROP TABLE _kura.scrub_blocks",
          checkpoint,
          "CREATE OR REPLACE TABLE _kura.scrub_columns AS SELECT " + Join(columns, ", "),
          checkpoint,
          "DROP TABLE _kura.scrub_columns",
          "DROP TABLE _kura.unscrubbed",
          checkpoint};
}

std::string CreateSchemaText(std::string_view schema) {
  return "CREATE SCHEMA IF NOT EXISTS " + Quote(schema);
}

std::string ListTablesText(std::string_view schema) {
  return "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND schema_name = " +
         QuoteText(kDuckDb, schema);
}

}  // namespace kura::sql
