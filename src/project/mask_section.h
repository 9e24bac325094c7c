// project/mask_section.h: `mask:` of a table in kura.yaml.
#pragma once
#include <map>
#include <string>

#include "project/yaml_section.h"
#include "sync/sync.h"

namespace kura::project {

/// Where a node stands: "kura.yaml:9:14", for messages that come when the source is read.
std::string PlaceOf(const Span& span);

/// Reads mask: {email: sha256, phone: "null", card: {last: 4}, note: {regex: '[0-9]', with: '#'}}.
/// Mistakes are reported by `table`.
std::map<std::string, sync::MaskConfig> ReadMasks(YamlSection& table, Diagnostics& diagnostics);

}  // namespace kura::project
