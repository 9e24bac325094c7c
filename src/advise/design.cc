// Choosing by the graph of references: things are pointed to, facts point.
#include "advise/design.h"

#include <algorithm>
#include <map>
#include <set>

#include "advise/joins.h"
#include "advise/names.h"
#include "advise/personal.h"

namespace kura::advise {
namespace {

using sql::TypeKind;

constexpr std::int64_t kLookupRowsMax = 1000;

bool IsTime(const ColumnShape& column) {
  return column.type.kind == TypeKind::kTimestamp || column.type.kind == TypeKind::kTimestampTz ||
         column.type.kind == TypeKind::kDate;
}

bool IsStoredStem(const std::string& stem) {
  static const std::set<std::string> kStems = {"created",
                                               "create",
                                               "inserted",
                                               "insert",
                                               "registered",
                                               "regist",
                                               "reg",
                                               "ins",
                                               "entry",
                                               "登録",
                                               "作成"};
  return kStems.count(stem) != 0;
}

bool IsUpkeepStem(const std::string& stem) {
  static const std::set<std::string> kStems = {"updated",
                                               "upd",
                                               "update",
                                               "modified",
                                               "modify",
                                               "changed",
                                               "deleted",
                                               "delete",
                                               "removed",
                                               "synced",
                                               "更新",
                                               "削除"};
  return kStems.count(stem) != 0 || stem.starts_with("last_") || stem.starts_with("latest_") ||
         stem.starts_with("birth") || stem.starts_with("valid_") || stem.starts_with("expire") ||
         stem.starts_with("start") || stem.starts_with("end");
}

bool EndsAsTime(const ColumnShape& column) {
  return TimeStem(column.name) != FieldName(column.name);
}

const ColumnShape* OnlyKey(const TableShape& table) {
  return table.primary_key.size() == 1 ? table.Find(table.primary_key[0]) : nullptr;
}

// References to one row of another table, by one column.
std::vector<const Reference*> Outgoing(const SourceShape& shape, const TableShape& table) {
  std::vector<const Reference*> found;
  for (const Reference& reference : table.references) {
    if (reference.parent == table.name || reference.columns.size() != 1) continue;
    if (IsToOne(shape, reference)) found.push_back(&reference);
  }
  return found;
}

std::map<std::string, int> CountIncoming(const SourceShape& shape) {
  std::map<std::string, int> incoming;
  for (const TableShape& table : shape.tables) {
    std::set<std::string> parents;
    for (const Reference* reference : Outgoing(shape, table)) parents.insert(reference->parent);
    for (const std::string& parent : parents) ++incoming[parent];
  }
  return incoming;
}

bool HasStamp(const TableShape& table) {
  return std::any_of(table.columns.begin(), table.columns.end(), [](const ColumnShape& column) {
    const std::string stem = TimeStem(column.name);
    return IsTime(column) && (IsStoredStem(stem) || IsUpkeepStem(stem));
  });
}

// Code lists (categories, prefectures) are joined, not designed for.
bool IsLookup(const SourceShape& shape, const TableShape& table) {
  return Outgoing(shape, table).empty() && table.rows < kLookupRowsMax && !HasStamp(table);
}

bool IsThing(const TableShape& table) {
  static const std::set<std::string> kThings = {"shop",
                                                "store",
                                                "merchant",
                                                "company",
                                                "tenant",
                                                "product",
                                                "contract",
                                                "campaign",
                                                "organization",
                                                "subscription"};
  return HoldsPeople(table) || kThings.count(Singular(BareTableName(table.name))) != 0;
}

bool IsEntity(const SourceShape& shape, const TableShape& table) {
  if (OnlyKey(table) == nullptr || IsLookup(shape, table)) return false;
  if (IsThing(table)) return true;
  const auto outgoing = Outgoing(shape, table);
  return std::all_of(outgoing.begin(), outgoing.end(), [&](const Reference* reference) {
    return IsLookup(shape, *shape.Find(reference->parent));
  });
}

// The most referenced first. Without any, the table that is referenced most or largest.
std::vector<const TableShape*> ChooseEntities(const SourceShape& shape) {
  const std::map<std::string, int> incoming = CountIncoming(shape);
  const auto count = [&](const TableShape* table) {
    const auto found = incoming.find(table->name);
    return found == incoming.end() ? 0 : found->second;
  };
  std::vector<const TableShape*> all;
  for (const TableShape& table : shape.tables) {
    const ColumnShape* key = OnlyKey(table);
    if (key != nullptr && IsWritable(key->name) && IsWritable(table.name)) all.push_back(&table);
  }
  std::stable_sort(all.begin(), all.end(), [&](const TableShape* a, const TableShape* b) {
    return count(a) != count(b) ? count(a) > count(b) : a->rows > b->rows;
  });
  std::vector<const TableShape*> chosen;
  for (const TableShape* table : all) {
    if (chosen.size() == kEntitiesMax) break;
    if (count(table) > 0 && IsEntity(shape, *table)) chosen.push_back(table);
  }
  if (chosen.empty() && !all.empty()) chosen.push_back(all.front());
  return chosen;
}

bool IsLog(const TableShape& table) {
  const std::vector<std::string> words = NameWords(table.name);
  static const std::set<std::string> kLogs = {"log",
                                              "logs",
                                              "history",
                                              "histories",
                                              "audit",
                                              "audits",
                                              "session",
                                              "sessions",
                                              "token",
                                              "tokens"};
  return !words.empty() && kLogs.count(words.back()) != 0;
}

bool HasOwnTime(const TableShape& table) {
  const ColumnShape* time = EventTime(table);
  return time != nullptr && !IsStoredStem(TimeStem(time->name));
}

// How good a fact is: what happens by itself before what is only stored, business before logs.
std::tuple<bool, bool, std::int64_t> Merit(const TableShape& table) {
  return {!IsLog(table), HasOwnTime(table), table.rows};
}

struct FactChoice {
  const TableShape* table = nullptr;
  const Reference* reference = nullptr;
};

std::vector<FactChoice> FactsOf(const SourceShape& shape, const TableShape& entity) {
  std::vector<FactChoice> facts;
  for (const TableShape& table : shape.tables) {
    if (&table == &entity || EventTime(table) == nullptr) continue;
    for (const Reference* reference : Outgoing(shape, table)) {
      if (reference->parent != entity.name) continue;
      facts.push_back({&table, reference});
      break;
    }
  }
  std::stable_sort(facts.begin(), facts.end(), [](const FactChoice& a, const FactChoice& b) {
    return Merit(*a.table) > Merit(*b.table);
  });
  return facts;
}

// What happens by day is the entity itself when it has a time of its own (an order), else its
// facts, else its beginning. Of an entity that began, it does not matter that it has gone since.
FactDesign DesignFact(const SourceShape& shape, const EntityDesign& entity,
                      const std::string& wanted) {
  FactDesign design;
  design.view = entity.singular + "_days";
  for (const FactChoice& fact : FactsOf(shape, *entity.table)) {
    const bool fits = wanted.empty() ? !HasOwnTime(*entity.table) : fact.table->name == wanted;
    const bool takes = design.table == nullptr && fits;
    if (!takes) {
      design.others.push_back(fact.table->name);
      continue;
    }
    design.table = fact.table;
    design.key_column = fact.reference->columns[0];
    design.guessed = fact.reference->guessed;
  }
  const bool self = wanted.empty() || wanted == entity.table->name;
  if (design.table == nullptr && self && EventTime(*entity.table) != nullptr) {
    design.table = entity.table;
    design.key_column = entity.table->primary_key[0];
  }
  if (design.table == nullptr) return design;
  design.time = EventTime(*design.table);
  design.is_self = design.table == entity.table;
  design.begins_only = design.is_self && !HasOwnTime(*design.table);
  design.rules =
      RecogniseRules(*design.table, design.begins_only ? TableRole::kEntity : TableRole::kFact);
  if (design.begins_only) {
    std::erase_if(design.rules, [](const RowRule& rule) { return rule.kind != RuleKind::kTest; });
  }
  return design;
}

std::string StemOf(const Reference& reference) {
  std::string name = FieldName(reference.columns[0]);
  for (const std::string_view ending : {"_id", "_no", "_code"}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

}  // namespace

Design MakeDesign(const SourceShape& shape) {
  Design design;
  std::set<std::string> marts;
  for (const TableShape* table : ChooseEntities(shape)) {
    marts.insert(table->name);
    design.entities.push_back(DesignEntity(shape, *table, ""));
  }
  for (EntityDesign& entity : design.entities) {
    entity.parents = DesignParents(shape, entity, marts);
  }
  return design;
}

EntityDesign DesignEntity(const SourceShape& shape, const TableShape& table,
                          const std::string& fact_table) {
  EntityDesign entity;
  entity.table = &table;
  entity.plural = Plural(BareTableName(table.name));
  entity.singular = Singular(entity.plural);
  entity.view = MartViewName(table);
  entity.daily = entity.plural + "_daily";
  entity.rules = RecogniseRules(table, TableRole::kEntity);
  entity.fact = DesignFact(shape, entity, fact_table);
  return entity;
}

std::vector<ParentDesign> DesignParents(const SourceShape& shape, const EntityDesign& entity,
                                        const std::set<std::string>& marts) {
  std::vector<ParentDesign> parents;
  std::set<std::string> aliases = {entity.view};
  for (const Reference& reference : entity.table->references) {
    const TableShape* parent = shape.Find(reference.parent);
    if (parent == nullptr || parent == entity.table || !IsToOne(shape, reference)) continue;
    ParentDesign design;
    design.reference = reference;
    design.view = RawViewName(*parent);
    // A mart view has the primary key, and other keys perhaps not.
    const bool by_key = reference.parent_columns == parent->primary_key;
    if (by_key && marts.count(parent->name) != 0) design.view = MartViewName(*parent);
    design.alias = design.view;
    const bool plain = StemOf(reference) == Singular(BareTableName(parent->name));
    if (!plain || aliases.count(design.alias) != 0) design.alias = StemOf(reference);
    if (aliases.insert(design.alias).second) parents.push_back(std::move(design));
  }
  return parents;
}

std::string RawViewName(const TableShape& table) {
  return FieldName(table.name);
}

std::string MartViewName(const TableShape& table) {
  return Plural(BareTableName(table.name)) + "_now";
}

const ColumnShape* EventTime(const TableShape& table) {
  const ColumnShape* stored = nullptr;
  const ColumnShape* own = nullptr;
  for (const ColumnShape& column : table.columns) {
    if (!IsTime(column)) continue;
    const std::string stem = TimeStem(column.name);
    if (!EndsAsTime(column) && !IsStoredStem(stem)) continue;
    if (IsStoredStem(stem)) {
      if (stored == nullptr) stored = &column;
    } else if (!IsUpkeepStem(stem) && !column.nullable && own == nullptr) {
      own = &column;
    }
  }
  return own != nullptr ? own : stored;
}

}  // namespace kura::advise
