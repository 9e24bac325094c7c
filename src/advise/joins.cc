// Guessing references by names.
#include "advise/joins.h"

#include <algorithm>
#include <set>

#include "advise/names.h"

namespace kura::advise {
namespace {

// "shop" of shop_id, ShopID and shopId; empty for other names.
std::string KeyStem(const std::string& column) {
  std::vector<std::string> words = NameWords(column);
  if (words.size() > 1 && words.back() == "id") {
    words.pop_back();
    return FieldName([&] {
      std::string joined;
      for (const std::string& word : words) joined += word + "_";
      return joined;
    }());
  }
  const std::string lower = FieldName(column);
  if (words.size() == 1 && lower.size() > 3 && lower.ends_with("id") && column != lower) {
    return lower.substr(0, lower.size() - 2);  // "ShopID" has one hump.
  }
  return "";
}

const ColumnShape* OnlyKey(const TableShape& table) {
  return table.primary_key.size() == 1 ? table.Find(table.primary_key[0]) : nullptr;
}

bool TypesAgree(const ColumnShape& a, const ColumnShape& b) {
  if (sql::IsInteger(a.type.kind)) return sql::IsInteger(b.type.kind);
  return a.type.kind == b.type.kind;
}

enum class Fit { kNone, kEnding, kWhole };

// How well a table's name fits the stem: "offer" is the whole of offers and the end of
// funding_offers.
Fit FitOf(const TableShape& parent, const std::string& stem) {
  const std::string name = Singular(BareTableName(parent.name));
  if (name == stem) return Fit::kWhole;
  return name.ends_with("_" + stem) ? Fit::kEnding : Fit::kNone;
}

bool IsOwnKey(const TableShape& table, const std::string& column) {
  return table.primary_key.size() == 1 && table.primary_key[0] == column;
}

// The one table that fits best; null when two fit equally.
const TableShape* ParentByStem(const SourceShape& shape, const TableShape& child,
                               const ColumnShape& column) {
  const std::string stem = KeyStem(column.name);
  if (stem.empty()) return nullptr;
  const TableShape* best = nullptr;
  Fit best_fit = Fit::kNone;
  bool ambiguous = false;
  for (const TableShape& parent : shape.tables) {
    const ColumnShape* key = OnlyKey(parent);
    if (key == nullptr || !TypesAgree(*key, column)) continue;
    if (&parent == &child && IsOwnKey(child, column.name)) continue;
    const Fit fit = FitOf(parent, stem);
    if (fit == Fit::kNone || fit < best_fit) continue;
    ambiguous = fit == best_fit;
    best = &parent;
    best_fit = fit;
  }
  return ambiguous ? nullptr : best;
}

// A key that has a name of its own (member_no, not id) is recognised by it.
const TableShape* ParentByKey(const SourceShape& shape, const TableShape& child,
                              const ColumnShape& column) {
  if (NameWords(column.name).size() < 2) return nullptr;
  const TableShape* found = nullptr;
  for (const TableShape& parent : shape.tables) {
    const ColumnShape* key = OnlyKey(parent);
    if (&parent == &child || key == nullptr || key->name != column.name) continue;
    if (!TypesAgree(*key, column) || IsOwnKey(child, column.name)) continue;
    if (found != nullptr) return nullptr;
    found = &parent;
  }
  return found;
}

bool HasReference(const TableShape& table, const std::string& column) {
  return std::any_of(table.references.begin(), table.references.end(), [&](const Reference& r) {
    return Contains(r.columns, column);
  });
}

}  // namespace

std::vector<std::pair<std::string, Reference>> GuessReferences(const SourceShape& shape) {
  std::vector<std::pair<std::string, Reference>> guesses;
  for (const TableShape& child : shape.tables) {
    for (const ColumnShape& column : child.columns) {
      if (HasReference(child, column.name)) continue;
      const TableShape* parent = ParentByStem(shape, child, column);
      if (parent == nullptr) parent = ParentByKey(shape, child, column);
      if (parent == nullptr) continue;
      Reference guess;
      guess.columns = {column.name};
      guess.parent = parent->name;
      guess.parent_columns = parent->primary_key;
      guess.guessed = true;
      guesses.emplace_back(child.name, std::move(guess));
    }
  }
  return guesses;
}

bool IsToOne(const SourceShape& shape, const Reference& reference) {
  const TableShape* parent = shape.Find(reference.parent);
  if (parent == nullptr) return false;
  const std::set<std::string> columns(reference.parent_columns.begin(),
                                      reference.parent_columns.end());
  const auto is_within = [&](const std::vector<std::string>& key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [&](const std::string& column) {
      return columns.count(column) != 0;
    });
  };
  if (is_within(parent->primary_key)) return true;
  return std::any_of(parent->unique_keys.begin(), parent->unique_keys.end(), is_within);
}

bool IsRefuted(const Reference& reference) {
  return reference.guessed && reference.sampled > 0 && reference.found * 2 < reference.sampled;
}

}  // namespace kura::advise
