// sync/seed_header.h: the first line of a file of seeds/: the columns' names, and what kura.yaml
// says of them.
#pragma once
#include <optional>
#include <vector>

#include "sync/seed_report.h"
#include "sync/seed_table.h"

namespace kura::sync {

/// Reads the header. Mistakes in it go to `report`, names that only kura.yaml has to `diagnostics`;
/// nothing is returned when the rows below could not be understood.
std::optional<std::vector<SeedColumn>> ReadSeedHeader(const SourceFile& text,
                                                      const SeedConfig* config, SeedReport& report,
                                                      Diagnostics& diagnostics);

}  // namespace kura::sync
