// lookml/merge.h: extends and refinements, applied to syntax trees, so that everything behind this
// step sees plain views and explores.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "lookml/syntax.h"

namespace kura::lookml {

/// Lays `overlay` over `base`: named blocks merge parameter by parameter, other parameters of the
/// overlay replace all of the same key, links and the like are added.
void MergeInto(Node& base, const Node& overlay);

/// The views (or explores) that a model sees, by name.
class Definitions {
 public:
  /// `what` is "view" or "explore".
  Definitions(std::string_view what, std::string_view unknown_kind)
      : what_(what), unknown_kind_(unknown_kind) {}

  /// Adds a definition or refinement; in the order in which they apply. Reports duplicates.
  void Add(const Node& node, Diagnostics& diagnostics);

  /// The merged tree of a name; null when there is none or its extends go round in a circle.
  const Node* Merged(std::string_view name, Diagnostics& diagnostics);

  /// All names in the order of their definitions.
  const std::vector<std::string_view>& names() const { return names_; }

  /// Reports refinements of what does not exist.
  void CheckRefinements(Diagnostics& diagnostics) const;

 private:
  struct Entry {
    const Node* definition = nullptr;
    std::vector<const Node*> refinements;
    const Node* merged = nullptr;
    bool in_progress = false;
  };

  const Node* Merge(Entry& entry, Diagnostics& diagnostics);
  bool AddParents(const Node& child, Node& out, Diagnostics& diagnostics);
  std::string NearestOf(std::string_view name) const;

  std::string_view what_;
  std::string_view unknown_kind_;
  std::map<std::string_view, Entry> entries_;
  std::vector<std::string_view> names_;
  std::deque<Node> trees_;  // merged trees keep their place
};

}  // namespace kura::lookml
