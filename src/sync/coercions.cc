// Reconciling the counts of one read with those of _kura.coercions and with the table itself.
#include "sync/coercions.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "sql/dialect.h"
#include "sync/mysql_decode.h"
#include "sync/row_key.h"
#include "warehouse/state.h"

namespace kura::sync {
namespace {

using Keys = std::vector<std::string>;

// One reason in one column: what was recorded, and what this read found.
struct Found {
  std::int64_t known = 0;
  Keys known_keys;
  std::int64_t fresh = 0;
  Keys fresh_keys;
  std::int64_t now = 0;
};

using Reasons = std::map<std::string, Found>;
using Columns = std::map<std::string, Reasons>;

bool Contains(const Keys& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// Dates that are none become NULL; texts keep what could be read of them.
bool MakesNull(std::string_view reason) {
  return reason.ends_with("_date");
}

class Reconciliation {
 public:
  Reconciliation(warehouse::Connection& connection, std::string source, const TablePlan& plan)
      : connection_(connection),
        source_(std::move(source)),
        plan_(plan),
        target_(sql::QuoteName(sql::kDuckDb, "raw_" + source_) + "." +
                sql::QuoteName(sql::kDuckDb, plan.table.name)) {}

  Status ReadKnown() {
    TRY(const auto stream,
        connection_.Query("SELECT \"column\", reason, count, sample_keys FROM _kura.coercions "
                          "WHERE source = " +
                              sql::QuoteText(sql::kDuckDb, source_) +
                              " AND \"table\" = " + sql::QuoteText(sql::kDuckDb, plan_.table.name),
                          {}));
    std::vector<warehouse::Value> row;
    while (true) {
      TRY(const bool more, stream->Next(&row));
      if (!more) return {};
      const auto* column = std::get_if<std::string>(&row[0]);
      const auto* reason = std::get_if<std::string>(&row[1]);
      const auto* count = std::get_if<std::int64_t>(&row[2]);
      const auto* keys = std::get_if<std::string>(&row[3]);
      if (column == nullptr || reason == nullptr || count == nullptr || keys == nullptr) continue;
      if (plan_.table.Find(*column) == nullptr) continue;
      Found& found = columns_[*column][*reason];
      found.known = *count;
      found.known_keys = SplitKeys(*keys);
    }
  }

  void Add(const CoercedColumn& coerced) {
    Found& found = columns_[plan_.table.columns[coerced.column].name][coerced.reason];
    found.fresh += coerced.count;
    for (const std::string& key : coerced.sample_keys) {
      if (!Contains(found.fresh_keys, key)) found.fresh_keys.push_back(key);
    }
  }

  bool empty() const { return columns_.empty(); }

  Result<std::vector<warehouse::Coercion>> Run() {
    std::vector<warehouse::Coercion> rows;
    for (auto& [name, reasons] : columns_) {
      for (auto& [reason, found] : reasons) TRY_STATUS(Count(name, reason, &found));
      TRY_STATUS(Limit(name, true, &reasons));
      TRY_STATUS(Limit(name, false, &reasons));
      for (const auto& [reason, found] : reasons) {
        if (found.now == 0) continue;
        Keys keys = found.fresh_keys;  // the latest ones are there to look at
        for (const std::string& key : found.known_keys) {
          if (!Contains(keys, key)) keys.push_back(key);
        }
        keys.resize(std::min(keys.size(), kSampleKeysMax));
        rows.push_back({source_, plan_.table.name, name, reason, found.now, Join(keys, ", ")});
      }
    }
    return rows;
  }

 private:
  // Keys with texts in them cannot be told apart again.
  Keys SplitKeys(std::string_view joined) const {
    Keys keys;
    for (const std::string& key : plan_.table.primary_key) {
      const SourceColumn* column = plan_.table.Find(key);
      const sql::TypeKind kind = column->type.kind;
      if (column->mask != nullptr) continue;  // A hash has no commas.
      if (kind == sql::TypeKind::kVarchar || kind == sql::TypeKind::kJson) return keys;
    }
    if (joined.empty() || plan_.table.primary_key.empty()) return keys;
    const bool composite = plan_.table.primary_key.size() > 1;
    const std::string_view between = composite ? "), (" : ", ";
    while (true) {
      const std::size_t end = joined.find(between);
      if (end == std::string_view::npos) break;
      keys.emplace_back(joined.substr(0, end + (composite ? 1 : 0)));
      joined.remove_prefix(end + between.size() - (composite ? 1 : 0));
    }
    keys.emplace_back(joined);
    return keys;
  }

  std::string Condition(const std::string& name, std::string_view reason) const {
    const std::string column = sql::QuoteName(sql::kDuckDb, name);
    if (MakesNull(reason)) return column + " IS NULL";
    const bool is_masked = plan_.table.Find(name)->mask != nullptr;  // U+FFFD is masked as well.
    if (reason == "utf8_in_latin1" || is_masked) return column + " IS NOT NULL";
    return "contains(" + column + ", chr(65533))";
  }

  // As long as every row is named, the rows themselves are asked.
  Status Count(const std::string& name, const std::string& reason, Found* found) {
    found->now = found->fresh;
    if (!plan_.delta) return {};
    const auto named = [](std::int64_t count, const Keys& keys) {
      return count == static_cast<std::int64_t>(keys.size());
    };
    std::string key_sql = RowKeySql(plan_.table);
    if (!key_sql.empty() && named(found->known, found->known_keys) &&
        named(found->fresh, found->fresh_keys)) {
      return LookUp(name, reason, key_sql, found);
    }
    const auto again = std::count_if(
        found->fresh_keys.begin(), found->fresh_keys.end(), [&](const std::string& key) {
          return Contains(found->known_keys, key);
        });
    found->now = found->known + found->fresh - again;
    return {};
  }

  Status LookUp(const std::string& name, const std::string& reason, const std::string& key_sql,
                Found* found) {
    std::vector<std::string> literals;
    for (const Keys& keys : {found->fresh_keys, found->known_keys}) {
      for (const std::string& key : keys) {
        if (!HasNewerReason(name, reason, key)) literals.push_back(KeyLiteral(key));
      }
    }
    Keys present;
    if (!literals.empty()) {
      TRY(const auto stream,
          connection_.Query("SELECT " + key_sql + " AS k FROM " + target_ + " WHERE " +
                                (KeyIsInteger() ? IntegerKeySql() : key_sql) + " IN (" +
                                Join(literals, ", ") + ") AND " + Condition(name, reason) +
                                " ORDER BY k",
                            {}));
      std::vector<warehouse::Value> row;
      while (true) {
        TRY(const bool more, stream->Next(&row));
        if (!more) break;
        if (const auto* key = std::get_if<std::string>(&row[0])) present.push_back(*key);
      }
    }
    found->now = static_cast<std::int64_t>(present.size());
    std::erase_if(found->fresh_keys, [&](const auto& key) { return !Contains(present, key); });
    found->known_keys = std::move(present);
    return {};
  }

  // Texts of all keys of a large table would cost more than the delta; integers need none.
  bool KeyIsInteger() const {
    return plan_.table.primary_key.size() == 1 &&
           sql::IsInteger(plan_.table.Find(plan_.table.primary_key[0])->type.kind);
  }
  std::string IntegerKeySql() const {
    return sql::QuoteName(sql::kDuckDb, plan_.table.primary_key[0]);
  }
  std::string KeyLiteral(const std::string& key) const {
    const bool is_number = key.find_first_not_of("-0123456789") == std::string::npos;
    return KeyIsInteger() && is_number ? key : sql::QuoteText(sql::kDuckDb, key);
  }

  // A row that was re-read with another problem counts for that one.
  bool HasNewerReason(const std::string& name, const std::string& reason,
                      const std::string& key) const {
    const Reasons& reasons = columns_.at(name);
    return std::any_of(reasons.begin(), reasons.end(), [&](const auto& other) {
      return other.first != reason && MakesNull(other.first) == MakesNull(reason) &&
             Contains(other.second.fresh_keys, key);
    });
  }

  // No more values than the table can hold; where the source has no NULL, exactly those.
  Status Limit(const std::string& name, bool makes_null, Reasons* reasons) {
    std::int64_t sum = 0;
    Found* largest = nullptr;
    std::string condition;
    for (auto& [reason, found] : *reasons) {
      if (MakesNull(reason) != makes_null) continue;
      condition = condition.empty() ? Condition(name, reason)
                                    : condition + " OR " + Condition(name, reason);
      sum += found.now;
      if (largest == nullptr || found.now > largest->now) largest = &found;
    }
    if (largest == nullptr) return {};
    TRY(const auto stream,
        connection_.Query("SELECT count(*) FROM " + target_ + " WHERE " + condition, {}));
    std::vector<warehouse::Value> row;
    TRY(const bool has_row, stream->Next(&row));
    const auto* count = has_row ? std::get_if<std::int64_t>(&row[0]) : nullptr;
    if (count == nullptr) return Fail(Code::kInternal, "no count from the warehouse");
    const bool is_exact = makes_null && !plan_.table.Find(name)->nullable;
    if (sum > *count || (is_exact && sum < *count)) {
      Spread(*count - sum, makes_null, largest, reasons);
    }
    return {};
  }

  // The largest count takes the difference, and what it cannot take the others do.
  static void Spread(std::int64_t difference, bool makes_null, Found* largest, Reasons* reasons) {
    const std::int64_t taken = std::max(difference, -largest->now);
    largest->now += taken;
    difference -= taken;
    for (auto& [reason, found] : *reasons) {
      if (MakesNull(reason) != makes_null) continue;
      const std::int64_t step = std::max(difference, -found.now);
      found.now += step;
      difference -= step;
    }
  }

  warehouse::Connection& connection_;
  const std::string source_;
  const TablePlan& plan_;
  const std::string target_;
  Columns columns_;
};

}  // namespace

Result<std::int64_t> RecordCoercions(warehouse::Connection& connection, const std::string& source,
                                     const TablePlan& plan,
                                     const std::vector<CoercedColumn>& coerced) {
  Reconciliation reconciliation(connection, source, plan);
  if (plan.delta) TRY_STATUS(reconciliation.ReadKnown());
  std::int64_t total = 0;
  for (const CoercedColumn& column : coerced) {
    reconciliation.Add(column);
    total += column.count;
  }
  if (plan.delta && reconciliation.empty()) return total;
  TRY(const auto rows, reconciliation.Run());
  TRY_STATUS(warehouse::WriteCoercions(connection, source, plan.table.name, rows));
  return total;
}

}  // namespace kura::sync
