// lookml/parameters.h: every parameter that LookML has, by the object that may hold it, and what
// Kura does with it. The one list behind "unknown parameter" and "not supported yet".
#pragma once
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "lookml/syntax.h"

namespace kura::lookml {

/// The objects of LookML.
enum class Holder {
  kManifest,
  kModel,
  kView,
  kDerivedTable,
  kExplore,
  kJoin,
  kDimension,
  kDimensionGroup,
  kMeasure,
  kFilter,
  kParameter,
  kSet,
};

enum class Support {
  kUnknown,      // no LookML parameter of this object
  kApplied,      // changes what Kura does
  kKept,         // display or hints: harmless to leave out
  kUnsupported,  // changes answers in Looker, not in Kura yet: a warning
  kAccess,       // protects data in Looker, not in Kura yet: an error
};

/// What Kura does with a parameter of an object.
Support SupportOf(Holder holder, std::string_view parameter);

/// The word for an object in messages: "dimension group".
std::string_view HolderName(Holder holder);

/// Reports unknown, unsupported and repeated parameters of one object.
void CheckParameters(const std::vector<Node>& parameters, Holder holder, Diagnostics& diagnostics);

}  // namespace kura::lookml
