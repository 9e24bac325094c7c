// Privacy first: a column whose mask is another one never keeps a value of before as it was.
#include "sync/history_layout.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sync/mask.h"

namespace kura::sync {
namespace {

using Json = nlohmann::ordered_json;
using sql::TypeKind;

// The element of a declared projection that describes `column`; empty when there is none.
Json Known(const Json& columns, const std::string& column) {
  if (!columns.is_array()) return Json::object();
  for (const Json& known : columns) {
    if (known.is_object() && EqualsIgnoreCase(known.value("name", ""), column)) return known;
  }
  return Json::object();
}

// Types whose text in the warehouse is the one that a mask is applied to (row_key.h).
bool IsPlainText(const sql::Type& type) {
  return type.kind == TypeKind::kVarchar || type.kind == TypeKind::kJson ||
         type.kind == TypeKind::kDate || type.kind == TypeKind::kDecimal ||
         sql::IsInteger(type.kind);
}

// Conversions that a round trip can judge; others could keep every bit and mean something else.
bool MayConvert(const sql::Type& before, const sql::Type& now) {
  if (sql::IsNumeric(before.kind) && sql::IsNumeric(now.kind)) return true;
  if (now.kind == TypeKind::kVarchar || now.kind == TypeKind::kJson) return IsPlainText(before);
  if (before.kind == TypeKind::kVarchar) return IsPlainText(now);
  return before.kind == TypeKind::kDate && now.kind == TypeKind::kTimestamp;
}

sql::HistoryMask SqlMask(const MaskConfig& config) {
  sql::HistoryMask mask;
  if (config.kind == MaskKind::kLast) mask.kind = sql::HistoryMask::Kind::kLast;
  if (config.kind == MaskKind::kRegex) mask.kind = sql::HistoryMask::Kind::kPattern;
  mask.last = config.last;
  mask.pattern = config.pattern;
  mask.replacement = config.replacement;
  return mask;
}

std::string Declared(const SourceColumn& column) {
  return column.mask == nullptr ? std::string() : column.mask->declared();
}

class Layout {
 public:
  Layout(const SourceTable& table, const std::string& columns_json, const HistoryBefore& before,
         const Converts& converts)
      : table_(table),
        now_(Json::parse(columns_json, nullptr, false)),
        known_(Json::parse(before.columns_json, nullptr, false)),
        before_(before),
        converts_(converts) {}

  Result<HistoryLayout> Make() {
    if (table_.keeps_history) {
      for (const SourceColumn& column : table_.columns) TRY_STATUS(Place(column));
    } else {
      for (const sql::StagingColumn& stored : before_.columns) Hide(stored);
    }
    for (const sql::StagingColumn& stored : before_.columns) Keep(stored);
    AddTimes();
    layout_.columns_json = json_.dump(-1, ' ', false, Json::error_handler_t::replace);
    layout_.rewrites = Differs();
    layout_.note = Note();
    return std::move(layout_);
  }

 private:
  const sql::StagingColumn* Stored(const std::string& name) const {
    for (const sql::StagingColumn& stored : before_.columns) {
      if (EqualsIgnoreCase(stored.name, name)) return &stored;
    }
    return nullptr;
  }

  // Where the values of a column of the table come from.
  Status Place(const SourceColumn& column) {
    const sql::StagingColumn* stored = Stored(column.name);
    if (stored == nullptr) {
      Add(column, "");
      return {};
    }
    placed_.push_back(stored->name);
    const std::string mask = Known(known_, stored->name).value("mask", "");
    if (mask != Declared(column)) {
      if (column.mask != nullptr) {
        Mask(column, *stored, mask);
        return {};
      }
      return SetAside(column, *stored, "masked");
    }
    if (stored->type == column.type) {
      Add(column, stored->name);
      return {};
    }
    bool is_same = MayConvert(stored->type, column.type);
    if (is_same) {
      TRY(is_same, converts_(stored->name, stored->type, column.type));
    }
    if (!is_same) return SetAside(column, *stored, ToLower(sql::TypeName(stored->type)));
    Add(column, stored->name);
    return {};
  }

  // Values of before become what they would have been, or NULL.
  void Mask(const SourceColumn& column, const sql::StagingColumn& stored, const std::string& mask) {
    const bool is_known = mask.empty() && IsPlainText(stored.type) && !column.mask->makes_null();
    Add(column, is_known ? stored.name : "");
    layout_.hides = true;
    if (!is_known) {
      if (!column.mask->makes_null()) emptied_.push_back(column.name);
      return;
    }
    layout_.columns.back().mask = SqlMask(column.mask->config());
    layout_.salted = layout_.salted || column.mask->config().kind == MaskKind::kSha256;
  }

  // Values that the column cannot hold any more stay beside it.
  Status SetAside(const SourceColumn& column, const sql::StagingColumn& stored, std::string was) {
    Add(column, "");
    for (char& c : was) {
      const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!is_word) c = '_';
    }
    const std::string base = stored.name + "__was_" + std::string(Trim(was));
    std::string name = base;
    for (int i = 2; Stored(name) != nullptr || table_.Find(name) != nullptr; ++i) {
      name = base + "_" + std::to_string(i);
    }
    Json json = Known(known_, stored.name);
    json["name"] = name;
    json["was"] = stored.name;
    json["pk"] = false;
    AddDropped({name, stored.type}, stored.name, std::move(json));
    set_aside_.push_back(name);
    return {};
  }

  // Of a history that is not kept on: only what must not be seen any more.
  void Hide(const sql::StagingColumn& stored) {
    const SourceColumn* column = table_.Find(stored.name);
    if (column == nullptr || column->mask == nullptr) return;
    const std::string mask = Known(known_, stored.name).value("mask", "");
    if (mask == Declared(*column)) return;
    placed_.push_back(stored.name);
    Mask(*column, stored, mask);
  }

  // What the table does not have, or not any more.
  void Keep(const sql::StagingColumn& stored) {
    if (Among(placed_, stored.name)) return;
    Json json = Known(known_, stored.name);
    const std::string was = json.value("was", stored.name);
    const SourceColumn* column = table_.Find(was);
    const bool is_masked =
        column != nullptr && column->mask != nullptr && Declared(*column) != json.value("mask", "");
    if (is_masked || Among(table_.excluded, was)) {
      layout_.hides = true;
      removed_.push_back(stored.name);
      return;
    }
    json["name"] = stored.name;
    if (table_.keeps_history) json["pk"] = false;
    AddDropped(stored, stored.name, std::move(json));
  }

  void Add(const SourceColumn& column, const std::string& from) {
    layout_.columns.push_back({column.name, column.type, from, std::nullopt});
    Json json = Known(now_, column.name);
    if (!json.value("pk", false)) json["nullable"] = true;
    json_.push_back(std::move(json));
  }

  void AddDropped(const sql::StagingColumn& column, const std::string& from, Json json) {
    layout_.columns.push_back({column.name, column.type, from, std::nullopt});
    layout_.dropped.push_back(column);
    json["nullable"] = true;
    json_.push_back(std::move(json));
  }

  void AddTimes() {
    const std::string type = sql::TypeName({TypeKind::kTimestampTz, 0, 0});
    json_.push_back(Json{{"name", sql::kValidFrom},
                         {"type", type},
                         {"pk", true},
                         {"nullable", false},
                         {"comment", "when a sync first saw this version"}});
    json_.push_back(
        Json{{"name", sql::kValidTo},
             {"type", type},
             {"pk", false},
             {"nullable", true},
             {"comment", "when a sync first saw that it is no more; NULL: it still is"}});
  }

  bool Differs() const {
    if (layout_.columns.size() != before_.columns.size()) return true;
    return std::any_of(
        layout_.columns.begin(), layout_.columns.end(), [&](const sql::HistoryColumn& column) {
          const sql::StagingColumn* stored = Stored(column.name);
          return stored == nullptr || stored->name != column.name || column.mask.has_value() ||
                 column.from != column.name || !(stored->type == column.type);
        });
  }

  std::string Note() const {
    const std::string name = table_.name + std::string(sql::kHistorySuffix);
    std::vector<std::string> parts;
    if (!emptied_.empty()) parts.push_back("older values are NULL: " + Join(emptied_, ", "));
    if (!removed_.empty()) parts.push_back("removed: " + Join(removed_, ", "));
    if (!set_aside_.empty()) parts.push_back("older values kept as " + Join(set_aside_, ", "));
    return parts.empty() ? "" : name + ": " + Join(parts, "; ");
  }

  static bool Among(const std::vector<std::string>& names, const std::string& name) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
      return EqualsIgnoreCase(candidate, name);
    });
  }

  const SourceTable& table_;
  const Json now_;
  const Json known_;
  const HistoryBefore& before_;
  const Converts& converts_;
  HistoryLayout layout_;
  Json json_ = Json::array();
  std::vector<std::string> placed_;
  std::vector<std::string> emptied_;
  std::vector<std::string> removed_;
  std::vector<std::string> set_aside_;
};

}  // namespace

Result<HistoryLayout> LayOutHistory(const SourceTable& table, const std::string& columns_json,
                                    const HistoryBefore& before, const Converts& converts) {
  return Layout(table, columns_json, before, converts).Make();
}

}  // namespace kura::sync
