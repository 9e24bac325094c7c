// lookml/sql_text.h: a SQL text of LookML → its pieces: text byte for byte, and ${} references.
#pragma once
#include <string>
#include <string_view>

#include "lookml/model.h"

namespace kura::lookml {

/// Splits `text`, which stands at `span`; white space at both ends is left out. With `exact` the
/// bytes of `text` are those of `span`, so that each piece gets its own place; without it (a
/// constant was put in) all pieces have the place of the whole.
Sql SplitSql(std::string_view text, Span span, bool exact = true);

/// One piece of type kField for a name such as "view.field" or "field".
SqlPiece FieldPiece(std::string_view reference, Span span);

}  // namespace kura::lookml
