// lookml/diagnostics.h: the kinds of findings in LookML by name, and short ways to report them.
#pragma once
#include <string>
#include <string_view>

#include "base/diagnostics.h"

namespace kura::lookml {

#define KURA_DIAGNOSTIC(name, id) inline constexpr std::string_view name = id;
#include "lookml/diagnostics.def"
#undef KURA_DIAGNOSTIC

/// What a finding says: the sentence, the text behind the caret, and what to do.
struct Words {
  std::string message;
  std::string label = {};
  std::string hint = {};
};

/// Adds an error of `kind` at `span`.
inline void AddError(Diagnostics& diagnostics, std::string_view kind, Span span, Words words) {
  diagnostics.Add({kind,
                   Severity::kError,
                   span,
                   std::move(words.message),
                   std::move(words.label),
                   std::move(words.hint),
                   std::string()});
}

/// Adds a warning of `kind` at `span`.
inline void AddWarning(Diagnostics& diagnostics, std::string_view kind, Span span, Words words) {
  diagnostics.Add({kind,
                   Severity::kWarning,
                   span,
                   std::move(words.message),
                   std::move(words.label),
                   std::move(words.hint),
                   std::string()});
}

}  // namespace kura::lookml
