// Column → field.
#include "advise/fields.h"

#include <algorithm>
#include <array>
#include <set>

#include "advise/names.h"
#include "base/text.h"

namespace kura::advise {
namespace {

using sql::TypeKind;

constexpr std::size_t kLabelWidthMax = 24;
constexpr std::size_t kSuggestionsMax = 50;

bool IsFlagName(const std::string& name) {
  for (const std::string_view start : {"is_", "has_", "can_", "was_", "should_", "uses_"}) {
    if (name.starts_with(start)) return true;
  }
  for (const std::string_view end : {"_flag", "_flg", "フラグ", "_enabled"}) {
    if (name.ends_with(end)) return true;
  }
  return false;
}

// A whole number that was only seen as 0 and 1, in a column that is called or typed like a flag.
bool IsFlag(const ColumnShape& column) {
  if (column.type.kind == TypeKind::kBoolean) return true;
  if (!sql::IsInteger(column.type.kind)) return false;
  const bool called = IsFlagName(FieldName(column.name));
  if (!called && !column.source_type.starts_with("tinyint(1)")) return false;
  if (column.values.empty()) return called;
  return std::all_of(column.values.begin(), column.values.end(), [](const std::string& value) {
    return value == "0" || value == "1";
  });
}

FieldUse UseOf(const TableShape& table, const ColumnShape& column, bool points) {
  if (!IsWritable(column.name)) return FieldUse::kLeftOut;
  if (table.primary_key.size() == 1 && table.primary_key[0] == column.name) return FieldUse::kKey;
  if (points) return FieldUse::kForeignKey;
  switch (column.type.kind) {
    case TypeKind::kBlob:
    case TypeKind::kUnknown:
      return FieldUse::kLeftOut;
    case TypeKind::kJson:
      return FieldUse::kDocument;
    case TypeKind::kDate:
      return FieldUse::kDate;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz:
      return FieldUse::kTime;
    case TypeKind::kTime:
    case TypeKind::kInterval:
      return FieldUse::kSpan;
    default:
      break;
  }
  if (IsFlag(column)) return FieldUse::kYesNo;
  return sql::IsNumeric(column.type.kind) ? FieldUse::kNumber : FieldUse::kText;
}

std::string Describe(const FieldDesign& field) {
  std::string text = field.column->comment;
  const bool japanese = IsJapanese(text);
  if (text == field.label) text.clear();  // Said once.
  const bool told = std::all_of(
      field.suggestions.begin(), field.suggestions.end(), [&](const std::string& value) {
        return text.find(value) != std::string::npos;
      });
  if (!told) {
    if (!text.empty()) text += japanese ? "。" : ". ";
    text += (japanese ? "値: " : "Values: ") + Join(field.suggestions, ", ");
  }
  return text;
}

// The names that a field takes in its view.
std::vector<std::string> NamesTaken(const FieldDesign& field, const std::string& name) {
  if (field.use != FieldUse::kTime && field.use != FieldUse::kDate) return {name};
  std::vector<std::string> names;
  for (const char* frame : {"raw", "time", "date", "week", "month", "quarter", "year"}) {
    names.push_back(name + "_" + frame);
  }
  names.push_back(name);
  return names;
}

void TakeName(FieldDesign* field, std::set<std::string>* taken) {
  const bool time = field->use == FieldUse::kTime || field->use == FieldUse::kDate;
  const std::string whole = FieldName(field->column->name);
  std::vector<std::string> candidates;
  if (time) candidates.push_back(TimeStem(field->column->name));
  candidates.push_back(whole);
  for (int i = 2; i < 100; ++i) candidates.push_back(whole + "_" + std::to_string(i));
  for (const std::string& name : candidates) {
    const std::vector<std::string> names = NamesTaken(*field, name);
    if (std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
          return taken->count(candidate) != 0;
        })) {
      continue;
    }
    taken->insert(names.begin(), names.end());
    field->name = name;
    return;
  }
}

const Reference* ReferenceOf(const TableShape& table, const std::string& column) {
  for (const Reference& reference : table.references) {
    if (Contains(reference.columns, column)) return &reference;
  }
  return nullptr;
}

bool IsOneOf(const std::string& word, const std::set<std::string>& words) {
  return words.count(word) != 0;
}

}  // namespace

std::vector<FieldDesign> DesignFields(const TableShape& table) {
  std::vector<FieldDesign> fields;
  // Names that every view has.
  std::set<std::string> taken = {"count", "key"};
  for (const ColumnShape& column : table.columns) {
    FieldDesign field;
    field.column = &column;
    const Reference* reference = ReferenceOf(table, column.name);
    field.use = UseOf(table, column, reference != nullptr);
    if (reference != nullptr) {
      const auto at = std::find(reference->columns.begin(), reference->columns.end(), column.name);
      const auto index = static_cast<std::size_t>(at - reference->columns.begin());
      if (index < reference->parent_columns.size()) {
        field.points_to = reference->parent + "." + reference->parent_columns[index];
        field.guessed = reference->guessed;
      }
    }
    field.suggestions = EnumValues(column.source_type);
    if (field.suggestions.size() > kSuggestionsMax) field.suggestions.resize(kSuggestionsMax);
    field.label = ShortLabel(column.comment);
    field.description = Describe(field);
    field.personal = RecognisePersonal(table, column);
    fields.push_back(std::move(field));
  }
  // Plain columns keep their names; groups, which may take another, come after them.
  for (const bool groups : {false, true}) {
    for (FieldDesign& field : fields) {
      const bool group = field.use == FieldUse::kTime || field.use == FieldUse::kDate;
      if (group == groups) TakeName(&field, &taken);
    }
  }
  return fields;
}

Additivity AdditivityOf(const FieldDesign& field) {
  if (field.use != FieldUse::kNumber) return Additivity::kNone;
  static const std::set<std::string> kSums = {
      "amount", "total",   "fee",     "fees",  "points", "point", "balance",  "quantity",
      "qty",    "sales",   "revenue", "cost",  "count",  "tax",   "discount", "gross",
      "net",    "deposit", "payment", "views", "clicks", "金額",  "数量",     "合計"};
  static const std::set<std::string> kAverages = {
      "price", "rate", "ratio", "rating", "score", "percent", "percentage", "age", "単価", "率"};
  const std::vector<std::string> words = NameWords(field.column->name);
  if (words.empty()) return Additivity::kNone;
  if (IsOneOf(words.back(), kAverages)) return Additivity::kAverage;
  if (IsOneOf(words.back(), kSums)) return Additivity::kSum;
  return Additivity::kNone;
}

std::string NumberFormat(const ColumnShape& column) {
  if (sql::IsInteger(column.type.kind)) return "decimal_0";
  const bool whole =
      !column.values.empty() &&
      std::all_of(column.values.begin(), column.values.end(), [](const std::string& value) {
        const std::size_t point = value.find('.');
        return point == std::string::npos ||
               value.find_first_not_of('0', point + 1) == std::string::npos;
      });
  if (whole || (column.type.kind == TypeKind::kDecimal && column.type.scale == 0)) {
    return "decimal_0";
  }
  return column.type.kind == TypeKind::kDecimal && column.type.scale > 2 ? "decimal_4"
                                                                         : "decimal_2";
}

std::string ShortLabel(const std::string& comment) {
  static constexpr std::array<std::string_view, 16> kStops = {
      "(", "（", "。", "、", "，", ",", ";", ":", "：", "\n", "　", "「", "【", "/", "=", "＝"};
  std::size_t end = comment.size();
  for (const std::string_view stop : kStops) end = std::min(end, comment.find(stop));
  // Japanese has no spaces between words: what is behind one is something else. English comments
  // are labels only as a whole.
  if (IsJapanese(comment)) {
    end = std::min(end, comment.find(' '));
  } else if (end != comment.size()) {
    return "";
  }
  const std::string label(Trim(std::string_view(comment).substr(0, end)));
  return DisplayWidth(label) <= kLabelWidthMax ? label : "";
}

bool IsUpkeep(const ColumnShape& column) {
  static const std::set<std::string> kStems = {"updated",
                                               "upd",
                                               "update",
                                               "modified",
                                               "modify",
                                               "changed",
                                               "synced",
                                               "更新",
                                               "lock_version",
                                               "version",
                                               "row_version",
                                               "updated_by",
                                               "created_by",
                                               "modified_by"};
  return IsOneOf(TimeStem(column.name), kStems);
}

}  // namespace kura::advise
