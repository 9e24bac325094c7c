// advise/personal.h: columns that probably hold personal data or secrets, by their names, comments
// and sampled values. These are proposals: nothing is masked until kura.yaml says so.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "advise/shape.h"

namespace kura::advise {

/// What a column probably holds.
struct PersonalMark {
  std::string what;      // "email", "name", "phone", "address", "birthday", "secret", …
  std::string evidence;  // "by its name", "by its comment", "by 98 % of its values"
};

/// The mark of a column, if it deserves one.
std::optional<PersonalMark> RecognisePersonal(const TableShape& table, const ColumnShape& column);

/// Whether a table's rows are people, by its name and comment: their bare "name" is a person's.
bool HoldsPeople(const TableShape& table);

/// What kura.yaml should do with such a column: "exclude", or a mask ("sha256", "null").
std::string ProposedTreatment(const PersonalMark& mark);

}  // namespace kura::advise
