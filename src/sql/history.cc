// A version is closed when the table no longer has it, then every row without an open version gets
// one: so what is recorded follows from the two tables alone, whatever was missed before.
#include "sql/history.h"

#include "base/text.h"
#include "sql/dialect.h"

namespace kura::sql {
namespace {

constexpr std::string_view kRewritten = "_kura_history__";

std::string Quote(std::string_view name) {
  return QuoteName(kDuckDb, name);
}

std::string Literal(std::string_view text) {
  return QuoteText(kDuckDb, text);
}

std::string Of(std::string_view alias, std::string_view column) {
  return std::string(alias) + "." + Quote(column);
}

bool IsFloating(const Type& type) {
  return type.kind == TypeKind::kFloat || type.kind == TypeKind::kDouble;
}

// The mask of what `text` gives. How sync/mask.cc does the same, its head says.
std::string Masked(const HistoryMask& mask, const std::string& text) {
  switch (mask.kind) {
    case HistoryMask::Kind::kSalted:
      return "sha256((SELECT salt FROM " + Quote(kHistorySalt) + ") || " + text + ")";
    case HistoryMask::Kind::kLast:
      return "repeat('*', greatest(length(" + text + ") - " + std::to_string(mask.last) +
             ", 0)) || right(" + text + ", " + std::to_string(mask.last) + ")";
    case HistoryMask::Kind::kPattern:
      break;
  }
  return "regexp_replace(" + text + ", " + Literal(mask.pattern) + ", " +
         Literal(mask.replacement) + ", 'g')";
}

std::string ValueOf(const HistoryColumn& column) {
  const std::string type = TypeName(column.type);
  if (column.from.empty()) return "CAST(NULL AS " + type + ")";
  if (!column.mask) return "CAST(" + Quote(column.from) + " AS " + type + ")";
  return Masked(*column.mask, "CAST(" + Quote(column.from) + " AS VARCHAR)");
}

}  // namespace

HistoryText::HistoryText(StagingShape shape, std::vector<StagingColumn> dropped)
    : shape_(std::move(shape)), dropped_(std::move(dropped)) {}

std::string HistoryText::Qualified(std::string_view name) const {
  return Quote(shape_.schema) + "." + Quote(name);
}

std::string HistoryText::ReadColumns() const {
  return "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = "
         "current_database() AND schema_name = " +
         Literal(shape_.schema) + " AND table_name = " + Literal(name()) + " ORDER BY column_index";
}

std::string HistoryText::CountNotConvertible(std::string_view column, const Type& before,
                                             const Type& type) const {
  const std::string value = Quote(column);
  return "SELECT count(*) FROM " + Qualified(name()) + " WHERE CAST(TRY_CAST(" + value + " AS " +
         TypeName(type) + ") AS " + TypeName(before) + ") IS DISTINCT FROM " + value;
}

std::vector<std::string> HistoryText::CreateAs(std::string_view name,
                                               const std::vector<HistoryColumn>& columns) const {
  std::vector<std::string> lines;
  for (const HistoryColumn& column : columns) {
    lines.push_back(Quote(column.name) + " " + TypeName(column.type));
  }
  const std::string instant = TypeName({TypeKind::kTimestampTz, 0, 0});
  for (const std::string_view time : {kValidFrom, kValidTo}) {
    lines.push_back(Quote(time) + " " + instant);
  }
  const std::string comment =
      "every version of " + shape_.table + (shape_.comment.empty() ? "" : ": " + shape_.comment);
  return {"CREATE OR REPLACE TABLE " + Qualified(name) + " (" + Join(lines, ", ") + ")",
          "COMMENT ON TABLE " + Qualified(name) + " IS " + Literal(comment)};
}

std::vector<std::string> HistoryText::Create(const std::vector<HistoryColumn>& columns) const {
  return CreateAs(name(), columns);
}

std::vector<std::string> HistoryText::Rewrite(const std::vector<HistoryColumn>& columns) const {
  const std::string rewritten = std::string(kRewritten) + shape_.table;
  std::vector<std::string> statements = CreateAs(rewritten, columns);
  std::vector<std::string> values;
  for (const HistoryColumn& column : columns) values.push_back(ValueOf(column));
  for (const std::string_view time : {kValidFrom, kValidTo}) values.push_back(Quote(time));
  statements.push_back("INSERT INTO " + Qualified(rewritten) + " SELECT " + Join(values, ", ") +
                       " FROM " + Qualified(name()));
  statements.push_back("DROP TABLE " + Qualified(name()));
  statements.push_back("ALTER TABLE " + Qualified(rewritten) + " RENAME TO " + Quote(name()));
  return statements;
}

std::string HistoryText::CreateSalt() {
  return "CREATE OR REPLACE TEMP TABLE " + Quote(kHistorySalt) + " (salt VARCHAR)";
}

std::string HistoryText::DropSalt() {
  return "DROP TABLE IF EXISTS " + Quote(kHistorySalt);
}

std::string HistoryText::SameKey(std::string_view left, std::string_view right) const {
  std::vector<std::string> parts;
  for (const StagingKey& key : shape_.key) {
    parts.push_back(Of(left, key.name) + (key.can_be_null ? " IS NOT DISTINCT FROM " : " = ") +
                    Of(right, key.name));
  }
  return Join(parts, " AND ");
}

// The values beside the key; `left` is a version. What the table no longer has is NULL in it.
std::string HistoryText::SameRow(std::string_view left, std::string_view right) const {
  std::vector<std::string> parts = {"true"};
  for (const StagingColumn& column : shape_.columns) {
    const std::string a = Of(left, column.name);
    const std::string b = Of(right, column.name);
    parts.push_back(a + " IS NOT DISTINCT FROM " + b);
    if (!IsFloating(column.type)) continue;
    parts.push_back("signbit(" + a + ") IS NOT DISTINCT FROM signbit(" + b + ")");
  }
  for (const StagingColumn& column : dropped_) parts.push_back(Of(left, column.name) + " IS NULL");
  return Join(parts, " AND ");
}

std::string HistoryText::Close(std::string_view at) const {
  return "UPDATE " + Qualified(name()) + " AS h SET " + Quote(kValidTo) + " = " + std::string(at);
}

// A key that can be NULL may stand for several rows: there the values decide too.
std::string HistoryText::Open(std::string_view from, std::string_view at) const {
  std::vector<std::string> names;
  std::vector<std::string> values;
  bool is_unique = true;
  for (const StagingKey& key : shape_.key) is_unique = is_unique && !key.can_be_null;
  for (const StagingColumn& column : shape_.columns) {
    names.push_back(Quote(column.name));
    values.push_back(Of("t", column.name));
  }
  const bool keeps = shape_.keeps_deleted && from == shape_.table;
  return "INSERT INTO " + Qualified(name()) + " (" + Join(names, ", ") + ", " + Quote(kValidFrom) +
         ") SELECT " + Join(values, ", ") + ", " + std::string(at) + " FROM " + Qualified(from) +
         " AS t WHERE " + (keeps ? Of("t", kDeletedAt) + " IS NULL AND " : std::string()) +
         "NOT EXISTS (SELECT 1 FROM " + Qualified(name()) + " AS h WHERE " + Of("h", kValidTo) +
         " IS NULL AND " + SameKey("h", "t") + (is_unique ? "" : " AND " + SameRow("h", "t")) + ")";
}

std::vector<std::string> HistoryText::RecordChanged(std::string_view at) const {
  const std::string changes = std::string(kChangesPrefix) + shape_.table;
  const std::string gone = std::string(kGonePrefix) + shape_.table;
  const std::string open = Of("h", kValidTo) + " IS NULL AND ";
  return {Close(at) + " FROM " + Qualified(gone) + " AS g WHERE " + open + SameKey("h", "g"),
          Close(at) + " FROM " + Qualified(changes) + " AS t WHERE " + open + SameKey("h", "t") +
              " AND NOT (" + SameRow("h", "t") + ")",
          Open(changes, at)};
}

std::vector<std::string> HistoryText::RecordWhole(std::string_view at) const {
  const std::string live =
      shape_.keeps_deleted ? Of("t", kDeletedAt) + " IS NULL AND " : std::string();
  return {Close(at) + " WHERE " + Of("h", kValidTo) + " IS NULL AND NOT EXISTS (SELECT 1 FROM " +
              Qualified(shape_.table) + " AS t WHERE " + live + SameKey("h", "t") + " AND " +
              SameRow("h", "t") + ")",
          Open(shape_.table, at)};
}

}  // namespace kura::sql
