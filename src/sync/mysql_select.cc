// Composite keys are compared column by column: row constructors would read the whole index.
#include "sync/mysql_select.h"

#include "base/text.h"
#include "sync/mask.h"
#include "sync/mysql_connection.h"

namespace kura::sync {
namespace {

using sql::TypeKind;

// (a > 1 OR (a = 1 AND b >= 2)) for "at or after (1, 2)"; < and < below it.
std::string CompareKey(const std::vector<std::string>& names, const std::vector<std::string>& bound,
                       const std::string& strict, const std::string& last) {
  std::string text;
  for (std::size_t i = bound.size(); i-- > 0;) {
    const bool is_last = i + 1 == bound.size();
    const std::string column = QuoteMysqlName(names[i]);
    if (is_last) {
      text = column + " " + last + " " + bound[i];
    } else {
      text = "(" + column + " " + strict + " " + bound[i] + " OR (" + column + " = " + bound[i] +
             " AND " + text + "))";
    }
  }
  return text;
}

// What stands between the bytes of a BLOB as DuckDB prints it: "\x00" or the character itself.
std::string HexOfBlobText(std::string_view text) {
  std::string hex;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x') {
      hex += text.substr(i + 2, 2);
      i += 3;
    } else {
      hex += fmt::format("{:02X}", static_cast<unsigned char>(text[i]));
    }
  }
  return hex;
}

std::optional<std::string> TextLiteral(const SourceColumn& column, const std::string& text) {
  switch (column.type.kind) {
    case TypeKind::kDecimal:
    case TypeKind::kHugeInt:
      return text;
    case TypeKind::kVarchar:
    case TypeKind::kUuid:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
      return QuoteMysqlText(text);
    case TypeKind::kTimestampTz:
      // The session's zone is UTC, and MySQL knows no "Z".
      return QuoteMysqlText(text.ends_with('Z') ? text.substr(0, text.size() - 1) : text);
    case TypeKind::kBlob:
      return "X'" + HexOfBlobText(text) + "'";
    default:
      return std::nullopt;
  }
}

std::string KeyCondition(const ReadRequest& request) {
  std::vector<std::string> names;
  for (const std::string& key : request.table->primary_key) names.push_back(QuoteMysqlName(key));
  std::vector<std::string> tuples;
  for (const auto& values : request.keys) {
    std::vector<std::string> literals;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const SourceColumn* column = request.table->Find(request.table->primary_key[i]);
      literals.push_back(MysqlLiteral(*column, values[i]).value_or("NULL"));
    }
    tuples.push_back(names.size() == 1 ? literals[0] : "(" + Join(literals, ", ") + ")");
  }
  const std::string left = names.size() == 1 ? names[0] : "(" + Join(names, ", ") + ")";
  return left + " IN (" + Join(tuples, ", ") + ")";
}

// A row without a stamp says nothing about when it changed: NULL, and the zero date of old schemas.
std::string CursorCondition(const ReadRequest& request) {
  const std::string cursor = QuoteMysqlName(request.cursor);
  return "(" + cursor + " >= " + QuoteMysqlText(request.since_text) + " OR " + cursor +
         " IS NULL OR " + cursor + " = '0000-00-00 00:00:00')";
}

}  // namespace

std::optional<std::string> MysqlLiteral(const SourceColumn& column, const warehouse::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "1" : "0";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return TextLiteral(column, *text);
  return std::nullopt;
}

std::string MysqlRangeCondition(const SourceTable& table, const KeyRange& range) {
  std::vector<std::string> parts;
  if (!range.lower.empty()) {
    parts.push_back(CompareKey(table.primary_key, range.lower, ">", ">="));
  }
  if (!range.upper.empty()) parts.push_back(CompareKey(table.primary_key, range.upper, "<", "<"));
  return Join(parts, " AND ");
}

std::string MysqlSelect(const ReadRequest& request) {
  std::vector<std::string> names;
  for (const std::string& column : request.columns) {
    const SourceColumn* described = request.table->Find(column);
    const bool is_hidden = described != nullptr && described->mask && described->mask->makes_null();
    if (!is_hidden) names.push_back(QuoteMysqlName(column));
  }
  std::vector<std::string> conditions;
  if (!request.keys.empty()) conditions.push_back(KeyCondition(request));
  const std::string range = MysqlRangeCondition(*request.table, request.range);
  if (!range.empty()) conditions.push_back(range);
  if (!request.cursor.empty()) conditions.push_back(CursorCondition(request));
  // On a line of its own, so that a comment at its end takes nothing with it.
  if (!request.table->where.empty()) conditions.push_back("(" + request.table->where + "\n)");
  std::string sql = "SELECT " + Join(names, ", ") + " FROM " + QuoteMysqlName(request.table->name);
  if (!conditions.empty()) sql += " WHERE " + Join(conditions, " AND ");
  return sql;
}

}  // namespace kura::sync
