// sync/landing.h: where a table of a source lands, as the warehouse's SQL needs to know it.
#pragma once
#include <string>

#include "base/time.h"
#include "sql/staging.h"
#include "sync/source.h"

namespace kura::sync {

/// The schema of a source's tables: "raw_shop".
std::string LandingSchema(const std::string& source);

/// The table as it lands, with the key that tells its rows.
sql::StagingShape LandingShape(const std::string& source, const SourceTable& table);

/// A TIMESTAMPTZ literal.
std::string InstantSql(Micros at);

}  // namespace kura::sync
