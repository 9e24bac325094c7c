// sql/comparison.h: the statements of a verification: a table against what its source has. The
// source's keys and rows lie in temporary tables of one connection, so that nothing of it reaches
// the warehouse's file, and the differing keys are collected beside them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/staging.h"

namespace kura::sql {

/// Temporary tables; the connection that compares has one of each.
inline constexpr std::string_view kComparedKeys = "_kura_verify_keys";  // of the source
inline constexpr std::string_view kRecentKeys = "_kura_verify_recent";  // not to be compared
inline constexpr std::string_view kComparedRows = "_kura_verify_rows";  // of the source
inline constexpr std::string_view kDifferingKeys = "_kura_verify_differing";

/// What is wrong with a key, as kDifferingKeys has it.
inline constexpr std::string_view kMissing = "missing";  // at the source only
inline constexpr std::string_view kExtra = "extra";      // here only
inline constexpr std::string_view kDoubled = "doubled";  // more than once here
inline constexpr std::string_view kChanged = "changed";  // with other values

/// The column of tables that keep rows which vanished at the source; it is empty in all others.
inline constexpr std::string_view kVanishedAt = "_deleted_at";

/// The SQL of comparing one table, for DuckDB. `shape.columns` are those that are compared. Of a
/// table with kVanishedAt, rows that are only kept are not looked at.
class ComparisonText {
 public:
  explicit ComparisonText(StagingShape shape, bool keeps_vanished = false);

  /// All four tables, empty; or only that of the rows, emptied.
  std::vector<std::string> CreateTables() const;
  std::string ClearRows() const;
  /// The table's columns as it is: name and type, in order.
  std::string ReadColumns() const;
  /// One row: rows of the table, keys of the source, those of them that the table does not have,
  /// recent keys that the table does not have.
  std::string CountKeys() const;
  /// Each adds the keys of its kind. Missing are not those that are recent; CompareRows looks at
  /// rows that are in both and not recent, and notes the columns whose values differ. Values are
  /// the same when both are NULL or equal; floating point also has to have the same sign, which
  /// tells -0.0 from 0.0 (no source sends NaN). `except` is a column that is not looked at.
  std::string FindMissing() const;
  std::string FindExtra() const;
  std::string FindDoubled() const;
  std::string CompareRows(std::string_view except = "") const;
  /// One number: the rows that CompareRows looked at.
  std::string CountCompared() const;
  /// Kinds with their numbers of keys.
  std::string CountDiffering() const;
  /// The keys of a kind as text, and the columns that differ; in order, at most `count_max`.
  std::string ShowDiffering(std::string_view kind, std::int64_t count_max) const;
  /// The differing keys that the source has, each once: the key's columns.
  std::string ListWanted() const;
  /// Puts kComparedRows in the place of all rows that have a differing key. A table that keeps rows
  /// keeps its extra ones, with the time.
  std::vector<std::string> Replace() const;
  /// One row, for a table without a key: rows here only and rows at the source only, counting rows
  /// that are there several times as often.
  std::string CompareWhole() const;
  std::string CountRows() const;

 private:
  std::string Target() const;
  std::string Live() const;
  std::string KeyList(std::string_view alias) const;
  std::string KeyText() const;
  std::string SameKey(std::string_view left, std::string_view right) const;
  std::string Has(std::string_view table, std::string_view alias, bool wanted) const;
  std::string Find(std::string_view kind, const std::string& from) const;

  StagingShape shape_;
  bool keeps_vanished_;
};

}  // namespace kura::sql
