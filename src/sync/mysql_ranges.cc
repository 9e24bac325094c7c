// Dense integer keys are cut by arithmetic; others by walking the index, which costs a scan of the
// index but never more than one range's keys at a time.
#include "sync/mysql_ranges.h"

#include <algorithm>

#include "base/text.h"
#include "sync/mysql_select.h"
#include "warehouse/value_text.h"

namespace kura::sync {
namespace {

using sql::TypeKind;
using Wide = warehouse::Int128;

// Fewer rows than this share of the key's span: the ranges would be very uneven.
constexpr Wide kSpanPerRowMax = 10;
constexpr std::size_t kRangesMax = 100'000;

bool StartsWith(const SourceColumn& column, std::string_view name) {
  return ToLower(column.source_type).starts_with(name);
}

// How a key's value is read so that it can stand in a later statement as it is; empty when the
// column's order is not that of such literals.
std::string LiteralOf(const SourceColumn& column) {
  const std::string name = QuoteMysqlName(column.name);
  for (const std::string_view unordered :
       {"enum", "set", "bit", "time", "float", "double", "json"}) {
    if (StartsWith(column, unordered) && !StartsWith(column, "timestamp")) return "";
  }
  switch (column.type.kind) {
    case TypeKind::kVarchar:
      return "CONCAT('_utf8mb4 X''', HEX(CONVERT(" + name + " USING utf8mb4)), '''')";
    case TypeKind::kBlob:
      return "CONCAT('X''', HEX(" + name + "), '''')";
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz:
      return "CONCAT('''', " + name + ", '''')";
    default:
      if (!sql::IsInteger(column.type.kind) && column.type.kind != TypeKind::kDecimal) return "";
      return "CAST(" + name + " AS CHAR)";
  }
}

bool ParseWide(std::string_view text, Wide* out) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 20) return false;
  Wide value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return false;
    value = value * 10 + (digit - '0');
  }
  *out = negative ? -value : value;
  return true;
}

std::string WideText(Wide value) {
  std::string digits;
  Wide rest = value < 0 ? -value : value;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return value < 0 ? "-" + digits : digits;
}

// Walks the index, one bound per `rows` keys.
class Walk {
 public:
  Walk(MysqlConnection& connection, const SourceTable& table, std::int64_t rows)
      : connection_(connection), table_(table), rows_(rows) {}

  Result<std::vector<KeyRange>> Go() {
    std::vector<std::string> literals;
    std::vector<std::string> names;
    for (const std::string& key : table_.primary_key) {
      literals.push_back(LiteralOf(*table_.Find(key)));
      names.push_back(QuoteMysqlName(key));
      if (literals.back().empty()) return std::vector<KeyRange>();
    }
    const std::string select =
        "SELECT " + Join(literals, ", ") + " FROM " + QuoteMysqlName(table_.name);
    const std::string tail =
        " ORDER BY " + Join(names, ", ") + fmt::format(" LIMIT 1 OFFSET {}", rows_);
    std::vector<KeyRange> ranges(1);
    while (ranges.size() < kRangesMax) {
      const std::string condition = MysqlRangeCondition(table_, ranges.back());
      const std::string where = condition.empty() ? "" : " WHERE " + condition;
      TRY(const std::vector<TextRow> found, connection_.Query(select + where + tail));
      if (found.empty()) break;
      std::vector<std::string> bound;
      for (const auto& cell : found[0]) bound.push_back(cell.value_or("NULL"));
      ranges.back().upper = bound;
      ranges.push_back({bound, {}});
    }
    return ranges;
  }

 private:
  MysqlConnection& connection_;
  const SourceTable& table_;
  const std::int64_t rows_;
};

}  // namespace

std::vector<KeyRange> SplitIntegers(const std::string& least, const std::string& greatest,
                                    std::int64_t rows_expected, std::int64_t rows) {
  Wide first = 0;
  Wide last = 0;
  if (!ParseWide(least, &first) || !ParseWide(greatest, &last) || last < first) return {};
  const Wide span = last - first + 1;
  if (span / std::max<std::int64_t>(1, rows_expected) >= kSpanPerRowMax) return {};
  const std::int64_t wanted = (rows_expected + rows - 1) / std::max<std::int64_t>(1, rows);
  const std::int64_t count =
      std::clamp<std::int64_t>(wanted, 1, static_cast<std::int64_t>(kRangesMax));
  std::vector<KeyRange> ranges(1);
  for (std::int64_t i = 1; i < count; ++i) {
    const std::string bound = WideText(first + span * i / count);
    ranges.back().upper = {bound};
    ranges.push_back({{bound}, {}});
  }
  return ranges;
}

Result<std::vector<KeyRange>> SplitMysqlKeys(MysqlConnection& connection, const SourceTable& table,
                                             std::int64_t rows) {
  if (table.primary_key.empty()) return std::vector<KeyRange>();
  const SourceColumn* key = table.Find(table.primary_key[0]);
  if (table.primary_key.size() == 1 && sql::IsInteger(key->type.kind) && !LiteralOf(*key).empty()) {
    const std::string name = QuoteMysqlName(key->name);
    TRY(const std::vector<TextRow> ends,
        connection.Query("SELECT MIN(" + name + "), MAX(" + name + ") FROM " +
                         QuoteMysqlName(table.name)));
    std::vector<KeyRange> ranges =
        SplitIntegers(ends[0][0].value_or(""), ends[0][1].value_or(""), table.rows_expected, rows);
    if (!ranges.empty()) return ranges;
  }
  return Walk(connection, table, rows).Go();
}

}  // namespace kura::sync
