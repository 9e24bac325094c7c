// Rows from both ends of the primary key, as text; the session's zone is UTC, so TIMESTAMP is too.
#include "sync/mysql_sample.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace kura::sync {
namespace {

constexpr int kSampleCharacters = 100;
constexpr std::int64_t kSmallTableRows = 100'000;  // may be scanned once for its newest row
constexpr Micros kQuarter = 15 * kMicrosPerMinute;
constexpr Micros kPairTolerance = kMicrosPerMinute;

bool IsBytes(const SourceColumn& column) {
  return column.type.kind == sql::TypeKind::kBlob;
}

// Long texts are cut by the server; bytes and documents are not looked at.
std::string SelectOf(const SourceColumn& column) {
  std::string name = QuoteMysqlName(column.name);
  if (IsBytes(column) || column.type.kind == sql::TypeKind::kJson) return "NULL";
  if (column.type.kind != sql::TypeKind::kVarchar) return name;
  return fmt::format("LEFT({}, {})", name, kSampleCharacters);
}

std::string OrderBy(const SourceTable& table, std::string_view direction) {
  if (table.primary_key.empty()) return "";
  std::vector<std::string> keys;
  for (const std::string& column : table.primary_key) {
    keys.push_back(QuoteMysqlName(column) + " " + std::string(direction));
  }
  return " ORDER BY " + Join(keys, ", ");
}

// The first and the last rows; a small table's rows may come twice, which does no harm.
Result<std::vector<TextRow>> ReadRows(MysqlConnection& connection, const SourceTable& table) {
  std::vector<std::string> columns;
  for (const SourceColumn& column : table.columns) columns.push_back(SelectOf(column));
  const std::string select =
      "SELECT " + Join(columns, ", ") + " FROM " + QuoteMysqlName(table.name);
  const std::string limit = fmt::format(" LIMIT {}", kSampleRows);
  TRY(std::vector<TextRow> rows, connection.Query(select + OrderBy(table, "ASC") + limit));
  if (table.primary_key.empty() || rows.size() < kSampleRows) return rows;
  TRY(std::vector<TextRow> last, connection.Query(select + OrderBy(table, "DESC") + limit));
  std::move(last.begin(), last.end(), std::back_inserter(rows));
  return rows;
}

void TakeValues(const std::vector<TextRow>& rows, TableShape* shape) {
  for (std::size_t i = 0; i < shape->table.columns.size(); ++i) {
    ColumnSample sample;
    std::set<std::string> values;
    for (const TextRow& row : rows) {
      ++sample.rows;
      if (!row[i]) {
        ++sample.nulls;
      } else if (values.size() < kSampleValuesMax) {
        values.insert(*row[i]);
      }
    }
    sample.values.assign(values.begin(), values.end());
    shape->samples[shape->table.columns[i].name] = std::move(sample);
  }
}

std::optional<Micros> TimeIn(const std::optional<std::string>& cell) {
  if (!cell || cell->starts_with("0000")) return std::nullopt;
  const Result<Micros> time = ParseDateTime(*cell);
  if (!time) return std::nullopt;
  return *time;
}

std::vector<std::size_t> ColumnsOf(const SourceTable& table, ClockKind kind) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].clock == kind) found.push_back(i);
  }
  return found;
}

// What most rows of two columns agree on.
ClockPair Compare(const std::vector<TextRow>& rows, std::size_t wall, std::size_t instant) {
  ClockPair pair;
  std::map<Micros, std::int64_t> offsets;
  for (const TextRow& row : rows) {
    const std::optional<Micros> a = TimeIn(row[wall]);
    const std::optional<Micros> b = TimeIn(row[instant]);
    if (!a || !b) continue;
    ++pair.compared;
    if (const std::optional<Micros> offset = PlausibleOffset(*a, *b)) ++offsets[*offset];
  }
  for (const auto& [offset, count] : offsets) {
    if (count <= pair.agreeing) continue;
    pair.agreeing = count;
    pair.offset = offset;
  }
  return pair;
}

void TakePairs(const std::vector<TextRow>& rows, TableShape* shape) {
  const SourceTable& table = shape->table;
  for (const std::size_t wall : ColumnsOf(table, ClockKind::kWallClock)) {
    for (const std::size_t instant : ColumnsOf(table, ClockKind::kInstant)) {
      ClockPair pair = Compare(rows, wall, instant);
      if (pair.agreeing == 0) continue;
      pair.wall_column = table.columns[wall].name;
      pair.instant_column = table.columns[instant].name;
      shape->clock_pairs.push_back(std::move(pair));
    }
  }
}

// Columns that an application or the server writes "now" into.
bool IsStamp(const std::string& name) {
  const std::string lower = ToLower(name);
  for (const std::string_view word : {"updat", "modif", "creat", "insert", "regist", "chang"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void TakeNewest(MysqlConnection& connection, const std::vector<TextRow>& rows, TableShape* shape) {
  const SourceTable& table = shape->table;
  for (const std::size_t i : ColumnsOf(table, ClockKind::kWallClock)) {
    const std::string& name = table.columns[i].name;
    if (!IsStamp(name)) continue;
    std::optional<Micros> newest;
    if (Contains(table.indexed_columns, name) || table.rows_expected < kSmallTableRows) {
      const auto max = connection.Query("SELECT MAX(" + QuoteMysqlName(name) + ") FROM " +
                                        QuoteMysqlName(table.name));
      if (max) newest = TimeIn((*max)[0][0]);
    }
    for (const TextRow& row : rows) {
      const std::optional<Micros> time = TimeIn(row[i]);
      if (time && (!newest || *time > *newest)) newest = time;
    }
    if (newest) shape->newest.push_back({name, *newest});
  }
}

}  // namespace

std::optional<Micros> PlausibleOffset(Micros wall, Micros instant) {
  const Micros difference = wall - instant;
  if (difference < -12 * kMicrosPerHour - kPairTolerance) return std::nullopt;
  if (difference > 14 * kMicrosPerHour + kPairTolerance) return std::nullopt;
  const Micros half = difference < 0 ? -kQuarter / 2 : kQuarter / 2;
  const Micros rounded = (difference + half) / kQuarter * kQuarter;
  if (std::abs(difference - rounded) > kPairTolerance) return std::nullopt;
  return rounded;
}

Status SampleMysqlTable(MysqlConnection& connection, bool with_values, TableShape* shape) {
  if (shape->table.columns.empty()) return {};
  const bool has_clocks = !ColumnsOf(shape->table, ClockKind::kWallClock).empty();
  if (!with_values && !has_clocks) return {};
  const Result<std::vector<TextRow>> rows = ReadRows(connection, shape->table);
  if (!rows && connection.lost()) return tl::make_unexpected(rows.error());
  if (!rows) return {};
  if (with_values) TakeValues(*rows, shape);
  TakePairs(*rows, shape);
  TakeNewest(connection, *rows, shape);
  return {};
}

}  // namespace kura::sync
