// advise/model_text.h: explores as LookML: current ones stand on a mart view, daily ones on the
// calendar, with facts and entities joined.
#pragma once
#include <string>

#include "advise/design.h"
#include "advise/views.h"

namespace kura::advise {

/// lookml/<project>.model.lkml with the explores of the design.
std::string ModelFile(const Design& design, const ProjectStyle& style, const std::string& name);

/// The current explore of an entity; `name` is the explore's.
std::string CurrentExplore(const EntityDesign& entity, const ProjectStyle& style,
                           const std::string& name);

/// The daily explore of an entity that has facts.
std::string DailyExplore(const EntityDesign& entity, const ProjectStyle& style,
                         const std::string& name);

}  // namespace kura::advise
