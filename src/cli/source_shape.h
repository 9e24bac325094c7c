// cli/source_shape.h: what the source's database says (sync) as what advice is made from (advise);
// the two folders do not know each other.
#pragma once
#include <string>

#include "advise/shape.h"
#include "sync/mysql_shape.h"

namespace kura::cli {

/// The shape of a source called `name`, without guessed references.
advise::SourceShape ToAdvice(const sync::SchemaShape& schema, const std::string& name);

/// Adds references that names suggest and the data does not refute. What cannot be looked up stays
/// a guess that nothing supports.
void AddGuesses(const sync::MysqlConfig& config, advise::SourceShape* shape);

/// The name of this machine's time zone; empty when it is not known.
std::string LocalZone();

}  // namespace kura::cli
