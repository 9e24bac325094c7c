// advise/rules.h: which rows of a table are not the business: deleted ones that stay in the table,
// withdrawn and cancelled ones, and test data. A mart view leaves them out and says so.
#pragma once
#include <string>
#include <vector>

#include "advise/shape.h"

namespace kura::advise {

enum class RuleKind { kDeleted, kCancelled, kTest };

/// One recognised reason to leave rows out. The conditions are SQL of the warehouse on bare
/// columns.
struct RowRule {
  RuleKind kind = RuleKind::kDeleted;
  std::string column;
  std::string keep;      // "deleted_at IS NULL"
  std::string drop;      // "deleted_at IS NOT NULL"
  std::string evidence;  // what of it was seen, for people: "is_test = 1"
  bool decides = true;   // the rows that are kept are all alike in the column: it is of no interest
};

/// What a table's rows are, for choosing what its states mean.
enum class TableRole { kEntity, kFact };

/// Recognises deletion times and flags, withdrawn (of entities) and cancelled (of facts) states,
/// and test flags or, without one, names with テスト or "test" in at most a tenth of the sampled
/// rows.
std::vector<RowRule> RecogniseRules(const TableShape& table, TableRole role);

/// "0:有効 1:休止 9:退会" → {{"0", "有効"}, …}, from a column's comment. Empty when it lists none.
std::vector<std::pair<std::string, std::string>> CodesInComment(std::string_view comment);

}  // namespace kura::advise
