// sql/staging.h: the statements that land a synced table: staging, merging, removing and swapping.
// Staging tables lie beside their target, since a swap renames within a schema.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/type.h"

namespace kura::sql {

/// Tables whose name begins so are no data: a sync's staging, or what a crash left of it.
inline constexpr std::string_view kStagePrefix = "_kura_stage__";
inline constexpr std::string_view kChangesPrefix = "_kura_changes__";
inline constexpr std::string_view kKeysPrefix = "_kura_keys__";
inline constexpr std::string_view kGonePrefix = "_kura_gone__";

/// The column of tables that keep the rows which vanished at the source: when that was noticed.
inline constexpr std::string_view kDeletedAt = "_deleted_at";

/// A column that lands.
struct StagingColumn {
  std::string name;
  Type type;
};

/// A column of the key. Zero dates are NULL in the warehouse, also inside a key.
struct StagingKey {
  std::string name;
  bool can_be_null = false;
};

/// The table that lands.
struct StagingShape {
  std::string schema;
  std::string table;
  std::string comment;
  std::vector<StagingColumn> columns;
  std::vector<StagingKey> key;  // empty: rows have no identity, only a swap is possible
  bool keeps_deleted = false;   // the target has kDeletedAt too; staging tables do not
};

/// Rows of the target that a whole copy takes over, since the source no longer has them.
struct CarriedRows {
  std::vector<std::string> columns;  // that both have, the same; the others become NULL
  bool has_deleted_at = false;       // the target has kDeletedAt already
};

/// The SQL of one table's landing, for DuckDB. `name` arguments are unquoted table names in the
/// shape's schema.
class StagingText {
 public:
  explicit StagingText(StagingShape shape);

  const std::string& schema() const { return shape_.schema; }
  const std::string& table() const { return shape_.table; }
  std::string stage() const { return std::string(kStagePrefix) + shape_.table; }
  std::string changes() const { return std::string(kChangesPrefix) + shape_.table; }
  std::string keys() const { return std::string(kKeysPrefix) + shape_.table; }
  std::string gone() const { return std::string(kGonePrefix) + shape_.table; }

  /// An empty table with all columns and the comment, or with the key's columns only.
  std::vector<std::string> CreateRows(std::string_view name) const;
  std::string CreateKeys() const;
  std::string Drop(std::string_view name) const;

  /// `name` takes the target's place.
  std::vector<std::string> Swap(std::string_view name) const;
  /// The rows of `from` replace those of `to` that have their keys.
  std::vector<std::string> Merge(std::string_view from, std::string_view to) const;
  /// Finds the keys of `name` that are not among the keys, once: the next two need them.
  std::string FindGone(std::string_view name) const;
  /// Deletes the rows of `name` whose key FindGone found; a table that keeps them gets `at`, a
  /// TIMESTAMPTZ literal, as the time.
  std::string DeleteGone(std::string_view name, std::string_view at) const;
  /// Gives `name` the rows of the target that it lacks, before a swap. The same `at`.
  std::vector<std::string> CarryOver(std::string_view name, const CarriedRows& rows,
                                     std::string_view at) const;
  /// The greatest value of the key's only column, as text.
  std::string GreatestKey(std::string_view name) const;
  /// Rows; those that are only kept do not count, here and in what follows.
  std::string Count(std::string_view name) const;
  /// How `name` and the changes compare with the keys, as one row: rows of `name`, keys that
  /// FindGone found, rows of the changes that `name` does not have, keys.
  std::string CompareKeys(std::string_view name) const;
  /// The keys that neither `name` nor the changes have, at most `count_max`.
  std::string MissingKeys(std::string_view name, std::int64_t count_max) const;

 private:
  std::string Qualified(std::string_view name) const;
  std::string SameKey(std::string_view left, std::string_view right) const;
  std::string HasNone(std::string_view name, std::string_view alias) const;
  bool Keeps(std::string_view name) const;
  std::string Live(std::string_view name, std::string_view alias) const;

  StagingShape shape_;
};

/// Dropped rows stay readable in the blocks of the file that they had, until others need those. The
/// note that such rows must not stay, in the transaction that drops them; whether it is there (one
/// count); and the statements, each by itself, that write over all free blocks and take it away.
std::string NoteScrubText();
std::string NeedsScrubText();
std::vector<std::string> ScrubTexts();

/// Creates a schema.
std::string CreateSchemaText(std::string_view schema);
/// Lists the tables of a schema: one column, the name.
std::string ListTablesText(std::string_view schema);

}  // namespace kura::sql
