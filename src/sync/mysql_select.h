// sync/mysql_select.h: the SELECT texts of reads, and the literals in them. Pure.
#pragma once
#include <optional>
#include <string>

#include "sync/source.h"

namespace kura::sync {

/// The SELECT of a read, of the columns that do not become NULL (UnmaskedColumns): without values
/// of users other than `since_text` and keys, which are quoted, and the table's `where`.
std::string MysqlSelect(const ReadRequest& request);

/// Rows of `range`: "`id` >= 1 AND `id` < 500001"; empty for an open range.
std::string MysqlRangeCondition(const SourceTable& table, const KeyRange& range);

/// A value that the warehouse holds for `column` as a literal that compares with it; nothing for
/// values and types that do not come back as they went.
std::optional<std::string> MysqlLiteral(const SourceColumn& column, const warehouse::Value& value);

}  // namespace kura::sync
