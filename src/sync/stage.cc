// The statements of a table's sync, for DuckDB.
#include "sync/stage.h"

#include "base/text.h"
#include "sql/dialect.h"

namespace kura::sync {
namespace {

std::string Quote(std::string_view name) {
  return sql::QuoteName(sql::kDuckDb, name);
}

std::string SchemaOf(const std::string& source) {
  return "raw_" + source;
}

// Zero dates are NULL in the warehouse, also inside a key.
bool CanBeNull(const SourceColumn& column) {
  return column.type.kind == sql::TypeKind::kDate || column.clock != ClockKind::kNone;
}

}  // namespace

StageText::StageText(const std::string& source, const SourceTable& table)
    : table_(table),
      schema_(SchemaOf(source)),
      stage_(std::string(kStagePrefix) + table.name),
      keys_(std::string(kKeysPrefix) + table.name),
      target_name_(Quote(schema_) + "." + Quote(table.name)),
      stage_name_(Quote(schema_) + "." + Quote(stage_)),
      keys_name_(Quote(schema_) + "." + Quote(keys_)) {}

std::string StageText::Create(const std::string& name,
                              const std::vector<std::string>& columns) const {
  std::vector<std::string> lines;
  for (const std::string& column : columns) {
    lines.push_back(Quote(column) + " " + sql::TypeName(table_.Find(column)->type));
  }
  return "CREATE OR REPLACE TABLE " + name + " (" + Join(lines, ", ") + ")";
}

std::string StageText::CreateStage() const {
  std::vector<std::string> columns;
  for (const SourceColumn& column : table_.columns) columns.push_back(column.name);
  return Create(stage_name_, columns);
}

std::string StageText::CommentStage() const {
  return "COMMENT ON TABLE " + stage_name_ + " IS " + sql::QuoteText(sql::kDuckDb, table_.comment);
}

std::string StageText::CreateKeys() const {
  return Create(keys_name_, table_.primary_key);
}

std::string StageText::DropStage() const {
  return "DROP TABLE IF EXISTS " + stage_name_;
}

std::string StageText::DropKeys() const {
  return "DROP TABLE IF EXISTS " + keys_name_;
}

std::string StageText::DropTarget() const {
  return "DROP TABLE IF EXISTS " + target_name_;
}

std::string StageText::RenameStage() const {
  return "ALTER TABLE " + stage_name_ + " RENAME TO " + Quote(table_.name);
}

std::string StageText::SameKey(std::string_view left, std::string_view right) const {
  std::vector<std::string> parts;
  for (const std::string& key : table_.primary_key) {
    const bool with_null = CanBeNull(*table_.Find(key));
    parts.push_back(std::string(left) + "." + Quote(key) +
                    (with_null ? " IS NOT DISTINCT FROM " : " = ") + std::string(right) + "." +
                    Quote(key));
  }
  return Join(parts, " AND ");
}

std::string StageText::DeleteStaged() const {
  return "DELETE FROM " + target_name_ + " AS t USING " + stage_name_ + " AS s WHERE " +
         SameKey("t", "s");
}

std::string StageText::InsertStaged() const {
  return "INSERT INTO " + target_name_ + " SELECT * FROM " + stage_name_;
}

std::string StageText::GoneCondition() const {
  return " WHERE NOT EXISTS (SELECT 1 FROM " + keys_name_ + " AS k WHERE " + SameKey("k", "t") +
         ")";
}

std::string StageText::DeleteGone() const {
  return "DELETE FROM " + target_name_ + " AS t" + GoneCondition();
}

std::string StageText::CountGone() const {
  return "SELECT count(*) FROM " + target_name_ + " AS t" + GoneCondition();
}

std::string StageText::CountKeys() const {
  return "SELECT count(*) FROM " + keys_name_;
}

std::string StageText::CountTarget() const {
  return "SELECT count(*) FROM " + target_name_;
}

std::string CreateSchemaText(const std::string& source) {
  return "CREATE SCHEMA IF NOT EXISTS " + Quote(SchemaOf(source));
}

std::string ListTablesText(const std::string& source) {
  return "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND schema_name = " +
         sql::QuoteText(sql::kDuckDb, SchemaOf(source));
}

std::string DropTableText(const std::string& source, const std::string& table) {
  return "DROP TABLE IF EXISTS " + Quote(SchemaOf(source)) + "." + Quote(table);
}

}  // namespace kura::sync
