// query/diagnostics.h: the kinds of this folder's findings, and the one way to make them: each
// names the member of the question ("fields[0]", "filters.users.count") and points into its text.
#pragma once
#include <string>
#include <string_view>

#include "base/diagnostics.h"

namespace kura::query {

#define KURA_DIAGNOSTIC(name, id) inline constexpr std::string_view name = id;
#include "query/diagnostics.def"
#undef KURA_DIAGNOSTIC

/// A member of the question and its text, for example {"fields[0]", "users.cuont"}.
struct Member {
  std::string name;
  std::string text;
};

/// What is wrong with a member. `begin` and `end` are bytes of its text; both 0 mean all of it.
struct Finding {
  std::string_view kind;
  std::string message;
  std::string label;
  std::string hint;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Adds an error about a member of the question.
void Report(Diagnostics& diagnostics, const Member& member, Finding finding);

}  // namespace kura::query
