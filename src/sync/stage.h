// sync/stage.h: the warehouse's side of a table's sync: names and SQL of staging, merging, removing
// and swapping. Staging tables lie beside their target, since a swap renames within a schema.
#pragma once
#include <string>
#include <string_view>

#include "sync/plan.h"

namespace kura::sync {

/// Tables whose name begins so are no data: a sync's staging, or what a crash left of it.
inline constexpr std::string_view kStagePrefix = "_kura_stage__";
inline constexpr std::string_view kKeysPrefix = "_kura_keys__";

/// The SQL of one table's sync.
class StageText {
 public:
  StageText(const std::string& source, const SourceTable& table);

  const std::string& schema() const { return schema_; }
  const std::string& stage() const { return stage_; }
  const std::string& keys() const { return keys_; }

  /// An empty staging table with all columns, or only the keys' columns.
  std::string CreateStage() const;
  std::string CreateKeys() const;
  /// The source's comment, for a staging table that will take the target's place.
  std::string CommentStage() const;
  std::string DropStage() const;
  std::string DropKeys() const;

  /// A whole copy takes the target's place.
  std::string DropTarget() const;
  std::string RenameStage() const;

  /// A delta: what is staged replaces the rows with its keys.
  std::string DeleteStaged() const;
  std::string InsertStaged() const;
  /// Rows whose key the source no longer has.
  std::string DeleteGone() const;
  std::string CountGone() const;
  std::string CountKeys() const;
  std::string CountTarget() const;

 private:
  std::string Create(const std::string& name, const std::vector<std::string>& columns) const;
  std::string SameKey(std::string_view left, std::string_view right) const;
  std::string GoneCondition() const;

  const SourceTable& table_;
  std::string schema_;
  std::string stage_;
  std::string keys_;
  std::string target_name_;  // qualified and quoted, as the next two
  std::string stage_name_;
  std::string keys_name_;
};

/// Creates the schema of a source.
std::string CreateSchemaText(const std::string& source);
/// Lists the tables of a source's schema: one column, the name.
std::string ListTablesText(const std::string& source);
/// Drops a table of a source's schema if it is there.
std::string DropTableText(const std::string& source, const std::string& table);

}  // namespace kura::sync
