// project/seeds_section.h: `seeds:` of kura.yaml: what the files of seeds/ cannot say themselves.
#pragma once
#include <map>
#include <string>

#include "project/yaml_section.h"
#include "sync/seed_table.h"

namespace kura::project {

/// Reads seeds: {targets: {columns: {amount: decimal(12,2)}, primary_key: [month], not_null:
/// [amount], encoding: cp932}}. All of it may be left out. Mistakes are reported by `config`.
std::map<std::string, sync::SeedConfig> ReadSeeds(YamlSection& config, Diagnostics& diagnostics);

}  // namespace kura::project
