// advise/fields.h: columns as fields of a view: kind, name, label and description. The raw view
// shows all of them, the mart views choose.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "advise/personal.h"
#include "advise/shape.h"

namespace kura::advise {

enum class FieldUse {
  kLeftOut,     // bytes, or a name that LookML cannot hold
  kKey,         // the primary key, of one column
  kForeignKey,  // a key of another table
  kYesNo,
  kNumber,
  kText,
  kDocument,  // JSON
  kTime,      // an instant or a wall clock
  kDate,
  kSpan,  // a time of day
};

/// One column as a field.
struct FieldDesign {
  const ColumnShape* column = nullptr;
  FieldUse use = FieldUse::kText;
  std::string name;                      // "created" for created_at: the group's name
  std::string label;                     // empty: LookML makes one of the name
  std::string description;               // empty: the source says nothing
  std::string points_to;                 // "shops.id"; empty when it is no key of another table
  bool guessed = false;                  // points_to comes from the name
  std::vector<std::string> suggestions;  // the values of an enum
  std::optional<PersonalMark> personal;
};

/// How a measure may combine a number: not at all, by adding, or by an average.
enum class Additivity { kNone, kSum, kAverage };

/// The fields of a table in its order, with names that do not collide.
std::vector<FieldDesign> DesignFields(const TableShape& table);

/// Reads from its name whether a number may be added up.
Additivity AdditivityOf(const FieldDesign& field);

/// "decimal_0" for whole numbers and for money that has no fractions in the sample, else by scale.
std::string NumberFormat(const ColumnShape& column);

/// The part of a comment that can be a label: up to a bracket or a comma, when that is short.
std::string ShortLabel(const std::string& comment);

/// Whether the column is upkeep of the table and of no interest to a question (updated_at).
bool IsUpkeep(const ColumnShape& column);

}  // namespace kura::advise
