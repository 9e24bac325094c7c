// lookml/resolve.h: merged trees → the plain data of model.h, one object at a time.
#pragma once
#include <string_view>
#include <vector>

#include "lookml/model.h"
#include "lookml/scope.h"
#include "lookml/syntax.h"

namespace kura::lookml {

/// Resolves a view's tree with all its fields.
View ResolveView(const Node& tree, Scope& scope);

/// Resolves an explore's tree with its joins.
Explore ResolveExplore(const Node& tree, Scope& scope);

/// Resolves one dimension, measure, filter, parameter or dimension group of a view and appends
/// its fields: one, or one for each timeframe.
void ResolveField(const Node& tree, Scope& scope, std::vector<Field>& out);

/// Tells whether a node is a field of a view.
bool IsFieldNode(const Node& node);

/// Tells whether what this tree describes is left out since its protection is not supported.
bool IsProtected(const std::vector<Node>& parameters);

/// The name of a timeframe as LookML writes it: "day_of_week". "" for kNone.
std::string_view TimeframeName(Timeframe timeframe);

}  // namespace kura::lookml
