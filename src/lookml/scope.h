// lookml/scope.h: reading of values while a model is resolved: escapes, constants, choices, lists.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "lookml/model.h"
#include "lookml/syntax.h"

namespace kura::lookml {

using Constants = std::map<std::string, std::string, std::less<>>;

/// What resolving needs besides the tree. Lives as long as one Load.
class Scope {
 public:
  Scope(const Constants& constants, Diagnostics& diagnostics)
      : constants_(constants), diagnostics_(diagnostics) {}

  Diagnostics& diagnostics() { return diagnostics_; }

  /// A word or string with escapes resolved and @{constants} put in. Lists and blocks are
  /// reported (kWrongValue) and give "".
  std::string Text(const Node& node);

  /// An expression as SQL pieces; a string or word is read as one too.
  Sql SqlText(const Node& node);

  /// yes or no; anything else is reported.
  bool YesNo(const Node& node);

  /// The words and strings of a list (or the one word of `extends: name`).
  std::vector<std::string> Names(const Node& node);

  /// The entries of `filters: [field: "x"]` and of the old `filters: { field: … value: … }`.
  void AddFilters(const Node& node, std::vector<FilterEntry>& out);

  /// Finds the value of a node among choices; reports the nearest and returns `fallback` when it
  /// is none of them. `what` names them: "join type".
  template <typename T>
  T Choice(const Node& node, std::string_view what,
           std::span<const std::pair<std::string_view, T>> choices, T fallback) {
    const std::string text = Text(node);
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) {
      if (name == text) return value;
      names.emplace_back(name);
    }
    ReportChoice(node, what, text, names);
    return fallback;
  }

  /// Reports a value that is none of `names`.
  void ReportChoice(const Node& node, std::string_view what, std::string_view text,
                    const std::vector<std::string>& names);

 private:
  std::string PutConstants(std::string text, const Node& node);
  void WarnOfLiquid(std::string_view text, const Node& node);

  const Constants& constants_;
  Diagnostics& diagnostics_;
};

}  // namespace kura::lookml
