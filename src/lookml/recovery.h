// lookml/recovery.h: guesses of the parser about what a person meant when something that closes is
// missing. All of them look for a line that can only be the next parameter.
#pragma once
#include <cstddef>
#include <string_view>

namespace kura::lookml {

/// The offset in `text` of the first line (not the first one) that begins with a parameter which
/// cannot be part of a SQL text or sentence ("dimension: x {", "type: "); npos when there is none.
std::size_t FindParameterLine(std::string_view text);

/// Tells whether `text` begins with such a parameter, after spaces.
bool BeginsWithParameter(std::string_view text);

/// Where the expression in `text` most likely ended, when a parameter begins at `parameter_line`:
/// before it, without closing braces that nothing in the expression has opened.
std::size_t ExpressionEndBefore(std::string_view text, std::size_t parameter_line);

/// Tells whether a block `inner` cannot stand in a block `outer`, since the brace of `outer` is
/// missing: a dimension inside a dimension, a view inside a view.
bool MeansOuterIsOpen(std::string_view outer, std::string_view inner);

}  // namespace kura::lookml
