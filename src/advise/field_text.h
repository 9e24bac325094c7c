// advise/field_text.h: one field as LookML, and time columns as SQL in the business time zone.
#pragma once
#include <string>

#include "advise/fields.h"
#include "advise/lookml_text.h"
#include "advise/views.h"

namespace kura::advise {

struct FieldTextOptions {
  bool mark_personal = false;  // tags: ["pii"]
};

/// Writes a dimension or a dimension group; bytes become a comment.
void WriteDimension(const FieldDesign& field, const ProjectStyle& style,
                    const FieldTextOptions& options, LookmlText* out);

/// A derived table's column of its own name. A wall clock of another zone than the business day's
/// is converted there, since a derived column carries no zone.
std::string SelectedColumn(const ColumnShape& column, const ProjectStyle& style);

/// The business day of a time column, as DATE.
std::string DayOfColumn(const ColumnShape& column, const ProjectStyle& style);

}  // namespace kura::advise
