// sql/history.h: the statements of a table's history: every version of each row that a sync has
// seen, beside the table, with the time from which on and up to which it was seen.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/staging.h"

namespace kura::sql {

/// A history is called as its table is, and then so.
inline constexpr std::string_view kHistorySuffix = "__history";

/// When a version was first seen (TIMESTAMPTZ), and when it was first seen to be no more; NULL
/// while it is the row as it is. Intervals are half open.
inline constexpr std::string_view kValidFrom = "valid_from";
inline constexpr std::string_view kValidTo = "valid_to";

/// A mask of the sync, for values that were stored without it. The salt is a text that the session
/// keeps in kHistorySalt, so that no statement has it.
struct HistoryMask {
  enum class Kind { kSalted, kLast, kPattern };
  Kind kind = Kind::kSalted;
  int last = 0;
  std::string pattern;
  std::string replacement;
};
inline constexpr std::string_view kHistorySalt = "_kura_history_salt";

/// A column of a history that is made, and where its values come from.
struct HistoryColumn {
  std::string name;
  Type type;
  std::string from = "";  // the column before; "" = NULL
  std::optional<HistoryMask> mask = std::nullopt;
};

/// The SQL of one table's history, for DuckDB.
class HistoryText {
 public:
  /// `dropped` are columns of the history that the table no longer has: NULL from now on.
  explicit HistoryText(StagingShape shape, std::vector<StagingColumn> dropped = {});

  std::string name() const { return shape_.table + std::string(kHistorySuffix); }

  /// Its columns as they are: name and type, in order; no row when there is no history.
  std::string ReadColumns() const;
  /// One count: the values of `column`, of type `before`, that are not the same as `type`.
  std::string CountNotConvertible(std::string_view column, const Type& before,
                                  const Type& type) const;
  /// An empty history; or one of the values of that which there is, in its place.
  std::vector<std::string> Create(const std::vector<HistoryColumn>& columns) const;
  std::vector<std::string> Rewrite(const std::vector<HistoryColumn>& columns) const;
  /// The temporary table that holds the salt, while masks of Kind::kSalted are applied.
  static std::string CreateSalt();
  static std::string DropSalt();

  /// The history takes up what the target has become, at `at`, a TIMESTAMPTZ literal. Closes the
  /// versions that are no more and opens new ones; rows that are the same are left alone: NULL is
  /// the same as NULL, and -0.0 is another than 0.0. Looks at the keys of the changes and of those
  /// that FindGone found, or at every row.
  std::vector<std::string> RecordChanged(std::string_view at) const;
  std::vector<std::string> RecordWhole(std::string_view at) const;

 private:
  std::string Qualified(std::string_view name) const;
  std::string SameKey(std::string_view left, std::string_view right) const;
  std::string SameRow(std::string_view left, std::string_view right) const;
  std::string Close(std::string_view at) const;
  std::string Open(std::string_view from, std::string_view at) const;
  std::vector<std::string> CreateAs(std::string_view name,
                                    const std::vector<HistoryColumn>& columns) const;

  StagingShape shape_;
  std::vector<StagingColumn> dropped_;
};

}  // namespace kura::sql
