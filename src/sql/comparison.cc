// Joins by key in both directions. The table is large and what is read of the source mostly small,
// so the source's side is what the joins build on.
#include "sql/comparison.h"

#include "base/text.h"
#include "sql/dialect.h"

namespace kura::sql {
namespace {

std::string Quote(std::string_view name) {
  return QuoteName(kDuckDb, name);
}

std::string Literal(std::string_view text) {
  return QuoteText(kDuckDb, text);
}

bool IsFloating(const Type& type) {
  return type.kind == TypeKind::kFloat || type.kind == TypeKind::kDouble;
}

// NOT DISTINCT takes 0.0 and -0.0 for one value.
std::string SameValue(const StagingColumn& column) {
  const std::string name = Quote(column.name);
  std::string same = "t." + name + " IS NOT DISTINCT FROM s." + name;
  if (!IsFloating(column.type)) return same;
  return "(" + same + " AND signbit(t." + name + ") IS NOT DISTINCT FROM signbit(s." + name + "))";
}

std::string CreateTemporary(std::string_view name, const std::vector<std::string>& columns) {
  return "CREATE OR REPLACE TEMP TABLE " + Quote(name) + " (" + Join(columns, ", ") + ")";
}

}  // namespace

ComparisonText::ComparisonText(StagingShape shape, bool keeps_vanished)
    : shape_(std::move(shape)), keeps_vanished_(keeps_vanished) {}

std::string ComparisonText::Target() const {
  return Quote(shape_.schema) + "." + Quote(shape_.table);
}

std::string ComparisonText::Live() const {
  if (!keeps_vanished_) return Target();
  return "(SELECT * FROM " + Target() + " WHERE " + Quote(kVanishedAt) + " IS NULL)";
}

std::string ComparisonText::KeyList(std::string_view alias) const {
  std::vector<std::string> names;
  for (const StagingKey& key : shape_.key) {
    names.push_back(std::string(alias) + "." + Quote(key.name));
  }
  return Join(names, ", ");
}

std::string ComparisonText::SameKey(std::string_view left, std::string_view right) const {
  std::vector<std::string> parts;
  for (const StagingKey& key : shape_.key) {
    parts.push_back(std::string(left) + "." + Quote(key.name) +
                    (key.can_be_null ? " IS NOT DISTINCT FROM " : " = ") + std::string(right) +
                    "." + Quote(key.name));
  }
  return Join(parts, " AND ");
}

// Does `table` have the key of the row called `alias`, or not?
std::string ComparisonText::Has(std::string_view table, std::string_view alias, bool wanted) const {
  return std::string(wanted ? "EXISTS" : "NOT EXISTS") + " (SELECT 1 FROM " + std::string(table) +
         " AS o WHERE " + SameKey("o", alias) + ")";
}

std::vector<std::string> ComparisonText::CreateTables() const {
  std::vector<std::string> keys;
  for (const StagingKey& key : shape_.key) {
    for (const StagingColumn& column : shape_.columns) {
      if (column.name == key.name) keys.push_back(Quote(key.name) + " " + TypeName(column.type));
    }
  }
  std::vector<std::string> statements = {ClearRows()};
  if (keys.empty()) return statements;
  std::vector<std::string> differing = {"_kura_kind VARCHAR", "_kura_columns VARCHAR"};
  differing.insert(differing.end(), keys.begin(), keys.end());
  statements.push_back(CreateTemporary(kComparedKeys, keys));
  statements.push_back(CreateTemporary(kRecentKeys, keys));
  statements.push_back(CreateTemporary(kDifferingKeys, differing));
  return statements;
}

std::string ComparisonText::ClearRows() const {
  std::vector<std::string> columns;
  for (const StagingColumn& column : shape_.columns) {
    columns.push_back(Quote(column.name) + " " + TypeName(column.type));
  }
  return CreateTemporary(kComparedRows, columns);
}

std::string ComparisonText::ReadColumns() const {
  return "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = "
         "current_database() AND schema_name = " +
         Literal(shape_.schema) + " AND table_name = " + Literal(shape_.table) +
         " ORDER BY column_index";
}

std::string ComparisonText::CountKeys() const {
  const std::string keys = Quote(kComparedKeys);
  const std::string recent = Quote(kRecentKeys);
  return "SELECT (SELECT count(*) FROM " + Live() + "), (SELECT count(*) FROM " + keys +
         "), (SELECT count(*) FROM " + keys + " AS k WHERE " + Has(Live(), "k", false) +
         "), (SELECT count(*) FROM " + recent + " AS k WHERE " + Has(Live(), "k", false) + ")";
}

std::string ComparisonText::Find(std::string_view kind, const std::string& from) const {
  return "INSERT INTO " + Quote(kDifferingKeys) + " SELECT " + Literal(kind) + ", '', " + from;
}

std::string ComparisonText::FindMissing() const {
  return Find(kMissing,
              KeyList("k") + " FROM " + Quote(kComparedKeys) + " AS k WHERE " +
                  Has(Live(), "k", false) + " AND " + Has(Quote(kRecentKeys), "k", false));
}

std::string ComparisonText::FindExtra() const {
  return Find(
      kExtra,
      KeyList("t") + " FROM " + Live() + " AS t WHERE " + Has(Quote(kComparedKeys), "t", false));
}

std::string ComparisonText::FindDoubled() const {
  return Find(kDoubled,
              KeyList("t") + " FROM " + Live() + " AS t WHERE " +
                  Has(Quote(kComparedKeys), "t", true) + " GROUP BY " + KeyList("t") +
                  " HAVING count(*) > 1");
}

std::string ComparisonText::CompareRows(std::string_view except) const {
  std::vector<std::string> names;
  std::vector<std::string> same;
  for (const StagingColumn& column : shape_.columns) {
    if (column.name == except) continue;
    const std::string one = SameValue(column);
    same.push_back(one);
    names.push_back("CASE WHEN NOT (" + one + ") THEN " + Literal(column.name) + " END");
  }
  return "INSERT INTO " + Quote(kDifferingKeys) + " SELECT DISTINCT " + Literal(kChanged) +
         ", concat_ws(', ', " + Join(names, ", ") + "), " + KeyList("s") + " FROM " +
         Quote(kComparedRows) + " AS s JOIN " + Live() + " AS t ON " + SameKey("t", "s") +
         " WHERE NOT (" + Join(same, " AND ") + ") AND " + Has(Quote(kRecentKeys), "s", false);
}

std::string ComparisonText::CountCompared() const {
  return "SELECT count(*) FROM " + Quote(kComparedRows) + " AS s WHERE " +
         Has(Quote(kRecentKeys), "s", false);
}

std::string ComparisonText::CountDiffering() const {
  return "SELECT _kura_kind, count(*) FROM " + Quote(kDifferingKeys) + " GROUP BY _kura_kind";
}

std::string ComparisonText::KeyText() const {
  std::vector<std::string> parts;
  for (const StagingKey& key : shape_.key) {
    parts.push_back("coalesce(CAST(" + Quote(key.name) + " AS VARCHAR), 'NULL')");
  }
  return parts.size() == 1 ? parts[0] : "'(' || " + Join(parts, " || ', ' || ") + " || ')'";
}

std::string ComparisonText::ShowDiffering(std::string_view kind, std::int64_t count_max) const {
  return "SELECT " + KeyText() + ", _kura_columns FROM " + Quote(kDifferingKeys) +
         " AS d WHERE _kura_kind = " + Literal(kind) + " ORDER BY " + KeyList("d") + " LIMIT " +
         std::to_string(count_max);
}

std::string ComparisonText::ListWanted() const {
  return "SELECT DISTINCT " + KeyList("d") + " FROM " + Quote(kDifferingKeys) +
         " AS d WHERE _kura_kind <> " + Literal(kExtra);
}

std::vector<std::string> ComparisonText::Replace() const {
  std::vector<std::string> names;
  for (const StagingColumn& column : shape_.columns) names.push_back(Quote(column.name));
  const std::string list = Join(names, ", ");
  const std::string keys =
      "(SELECT DISTINCT " + KeyList("d") + " FROM " + Quote(kDifferingKeys) + " AS d";
  const std::string extra = " WHERE _kura_kind = " + Literal(kExtra) + ") AS s WHERE ";
  const std::string wanted = " WHERE _kura_kind <> " + Literal(kExtra) + ") AS s WHERE ";
  std::vector<std::string> statements = {
      "DELETE FROM " + Target() + " AS t USING " + keys +
          (keeps_vanished_ ? wanted : std::string(") AS s WHERE ")) + SameKey("t", "s"),
      "INSERT INTO " + Target() + " (" + list + ") SELECT " + list + " FROM " +
          Quote(kComparedRows)};
  if (keeps_vanished_) {
    const std::string mark = Quote(kVanishedAt);
    statements.push_back("UPDATE " + Target() + " AS t SET " + mark + " = now() FROM " + keys +
                         extra + SameKey("t", "s") + " AND t." + mark + " IS NULL");
  }
  return statements;
}

std::string ComparisonText::CompareWhole() const {
  std::vector<std::string> values;
  std::vector<std::string> names;
  for (const StagingColumn& column : shape_.columns) {
    names.push_back(Quote(column.name));
    values.push_back(names.back());
    if (!IsFloating(column.type)) continue;
    names.push_back("_kura_sign" + std::to_string(names.size()));
    values.push_back("signbit(" + Quote(column.name) + ") AS " + names.back());
  }
  const std::string list = Join(values, ", ");
  return "SELECT coalesce(sum(greatest(n, 0)), 0)::BIGINT, coalesce(sum(greatest(-n, 0)), "
         "0)::BIGINT FROM (SELECT sum(_kura_side) AS n FROM (SELECT " +
         list + ", 1 AS _kura_side FROM " + Live() + " UNION ALL SELECT " + list + ", -1 FROM " +
         Quote(kComparedRows) + ") GROUP BY " + Join(names, ", ") + " HAVING n <> 0)";
}

std::string ComparisonText::CountRows() const {
  return "SELECT count(*) FROM " + Live();
}

}  // namespace kura::sql
