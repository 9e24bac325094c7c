// Merging of trees. A tree without extends and refinements is used as it is, without a copy.
#include "lookml/merge.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "lookml/diagnostics.h"

namespace kura::lookml {
namespace {

// Unnamed blocks that add to those of the parent.
bool IsAdditive(const Node& node) {
  return node.kind == NodeKind::kBlock && node.name.empty() &&
         (node.key == "link" || node.key == "action" || node.key == "allowed_value" ||
          node.key == "access_filter");
}

Node* FindSame(Node& base, const Node& child) {
  const auto same = std::find_if(base.children.begin(), base.children.end(), [&](const Node& n) {
    return n.key == child.key && n.name == child.name && n.kind == NodeKind::kBlock;
  });
  return same == base.children.end() ? nullptr : &*same;
}

bool IsField(const Node& node) {
  return node.kind == NodeKind::kBlock && !node.name.empty() &&
         (node.key == "dimension" || node.key == "measure" || node.key == "dimension_group" ||
          node.key == "filter" || node.key == "parameter");
}

std::vector<std::string_view> ParentsOf(const Node& node) {
  std::vector<std::string_view> parents;
  for (const Node& child : node.children) {
    if (child.key != "extends") continue;
    if (child.kind == NodeKind::kList) {
      for (const Node& item : child.children) parents.push_back(item.value);
    } else {
      parents.push_back(child.value);
    }
  }
  return parents;
}

}  // namespace

void MergeInto(Node& base, const Node& overlay) {
  std::set<std::string_view> replaced;
  for (const Node& child : overlay.children) {
    if (child.key == "extends") continue;
    const bool mergeable =
        child.kind == NodeKind::kBlock && (!child.name.empty() || child.key == "derived_table");
    if (mergeable) {
      if (Node* same = FindSame(base, child)) {
        MergeInto(*same, child);
        continue;
      }
      if (IsField(child)) {  // A measure in place of a dimension of the same name.
        std::erase_if(base.children,
                      [&](const Node& n) { return IsField(n) && n.name == child.name; });
      }
    } else if (!IsAdditive(child) && replaced.insert(child.key).second) {
      std::erase_if(base.children, [&](const Node& n) { return n.key == child.key; });
    }
    base.children.push_back(child);
  }
}

void Definitions::Add(const Node& node, Diagnostics& diagnostics) {
  Entry& entry = entries_[node.name];
  if (node.refines) {
    entry.refinements.push_back(&node);
    return;
  }
  if (entry.definition == nullptr) {
    entry.definition = &node;
    names_.push_back(node.name);
    return;
  }
  const SourceFile& file = *entry.definition->file;
  const auto line = file.PositionOf(entry.definition->begin).line;
  AddError(
      diagnostics,
      kDuplicate,
      node.name_span(),
      {"there are two " + std::string(what_) + "s '" + std::string(node.name) + "'",
       "the first is at " + file.name() + ":" + std::to_string(line),
       "to change it, refine it:  " + std::string(what_) + ": +" + std::string(node.name) + " {"});
}

const Node* Definitions::Merged(std::string_view name, Diagnostics& diagnostics) {
  const auto found = entries_.find(name);
  if (found == entries_.end() || found->second.definition == nullptr) return nullptr;
  Entry& entry = found->second;
  if (entry.merged == nullptr && !entry.in_progress) {
    entry.in_progress = true;
    entry.merged = Merge(entry, diagnostics);
    entry.in_progress = false;
  }
  return entry.merged;
}

const Node* Definitions::Merge(Entry& entry, Diagnostics& diagnostics) {
  const bool plain = entry.refinements.empty() && entry.definition->Find("extends") == nullptr;
  if (plain) return entry.definition;
  Node& out = trees_.emplace_back();
  out = *entry.definition;
  out.children.clear();
  const bool good = AddParents(*entry.definition, out, diagnostics);
  MergeInto(out, *entry.definition);
  for (const Node* refinement : entry.refinements) {
    (void)AddParents(*refinement, out, diagnostics);
    MergeInto(out, *refinement);
  }
  return good ? &out : entry.definition;
}

// Later parents override earlier ones. `extension: required` and `final` are not inherited.
bool Definitions::AddParents(const Node& child, Node& out, Diagnostics& diagnostics) {
  bool good = true;
  for (const std::string_view parent : ParentsOf(child)) {
    const Span span = child.SpanOf(parent);
    const auto found = entries_.find(parent);
    if (found == entries_.end() || found->second.definition == nullptr) {
      AddError(diagnostics,
               unknown_kind_,
               span,
               {"there is no " + std::string(what_) + " '" + std::string(parent) + "' to extend" +
                    NearestOf(parent),
                "",
                ""});
      continue;
    }
    if (found->second.in_progress) {
      AddError(diagnostics,
               kExtendsCycle,
               span,
               {std::string(what_) + " '" + std::string(child.name) + "' extends itself through '" +
                    std::string(parent) + "'",
                "",
                ""});
      good = false;
      continue;
    }
    const Node* tree = Merged(parent, diagnostics);
    if (tree == nullptr) continue;
    MergeInto(out, *tree);
    std::erase_if(out.children,
                  [](const Node& n) { return n.key == "extension" || n.key == "final"; });
  }
  return good;
}

void Definitions::CheckRefinements(Diagnostics& diagnostics) const {
  for (const auto& [name, entry] : entries_) {
    if (entry.definition != nullptr) continue;
    for (const Node* refinement : entry.refinements) {
      AddError(diagnostics,
               kNothingToRefine,
               refinement->name_span(),
               {"there is no " + std::string(what_) + " '" + std::string(name) + "' to refine" +
                    NearestOf(name),
                "",
                "include the file that defines it before this one"});
    }
  }
}

std::string Definitions::NearestOf(std::string_view name) const {
  std::vector<std::string> names;
  for (const std::string_view known : names_) names.emplace_back(known);
  const std::string nearest = NearestName(name, names);
  return nearest.empty() ? "" : " (did you mean '" + nearest + "'?)";
}

}  // namespace kura::lookml
