// cli/field_names.h: fields without their view on the command line (DESIGN §11.16).
#pragma once
#include "lookml/model.h"
#include "query/query.h"

namespace kura::cli {

/// Puts the view in front of every field name that is unique in the explore; the others stay as
/// they are, and compiling names the mistake.
void CompleteFieldNames(const lookml::Project& project, query::Query* query);

}  // namespace kura::cli
