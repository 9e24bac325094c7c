// server/visible_fields.cc: lists such as [ALL_FIELDS*, -users.email, orders.details*], read from
// the left: an entry adds or takes away. A list that begins by taking away begins with everything.
#include "server/visible_fields.h"

#include <algorithm>
#include <string_view>

namespace kura::server {
namespace {

constexpr int kSetDepthMax = 16;  // sets name sets; a circle ends here
constexpr std::string_view kAllFields = "ALL_FIELDS*";

bool InSet(const VisibleField& visible, std::string_view set, int depth);

/// Tells whether an entry without its '-' names the field. Without an alias it means `own_alias`.
bool Names(std::string_view entry, const VisibleField& visible, std::string_view own_alias,
           int depth) {
  if (entry == kAllFields) return true;
  std::string_view alias = own_alias;
  if (const std::size_t dot = entry.find('.'); dot != std::string_view::npos) {
    alias = entry.substr(0, dot);
    entry.remove_prefix(dot + 1);
  }
  if (alias != visible.alias) return false;
  if (entry == kAllFields || entry == "*") return true;
  if (entry.ends_with('*')) return InSet(visible, entry.substr(0, entry.size() - 1), depth + 1);
  return entry == visible.field->name;
}

bool InList(const std::vector<std::string>& list, const VisibleField& visible,
            std::string_view own_alias, int depth) {
  bool in = !list.empty() && list.front().starts_with('-');
  for (const std::string_view entry : list) {
    const bool takes_away = entry.starts_with('-');
    if (Names(entry.substr(takes_away ? 1 : 0), visible, own_alias, depth)) in = !takes_away;
  }
  return in;
}

bool InSet(const VisibleField& visible, std::string_view set, int depth) {
  const auto found = visible.view->sets.find(set);
  if (found == visible.view->sets.end() || depth > kSetDepthMax) return false;
  return InList(found->second, visible, visible.alias, depth);
}

struct Alias {
  std::string name;
  std::string view;
  const std::vector<std::string>* only = nullptr;  // the join's `fields`
};

std::vector<Alias> AliasesOf(const lookml::Explore& explore) {
  std::vector<Alias> aliases = {{explore.base, explore.base_view, nullptr}};
  for (const lookml::Join& join : explore.joins) {
    aliases.push_back({join.name, join.view, join.fields.empty() ? nullptr : &join.fields});
  }
  return aliases;
}

}  // namespace

std::vector<VisibleField> VisibleFields(const lookml::Model& model,
                                        const lookml::Explore& explore) {
  std::vector<VisibleField> all;
  for (const Alias& alias : AliasesOf(explore)) {
    const auto view = model.views.find(alias.view);
    if (view == model.views.end()) continue;
    for (const lookml::Field& field : view->second.fields) {
      VisibleField visible{alias.name, &view->second, &field};
      if (alias.only != nullptr && !InList(*alias.only, visible, alias.name, 0)) continue;
      if (!explore.fields.empty() && !InList(explore.fields, visible, explore.base, 0)) continue;
      all.push_back(std::move(visible));
    }
  }
  return all;
}

}  // namespace kura::server
