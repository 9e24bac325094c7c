// Looking columns up; MySQL compares column names without case.
#include "sync/source.h"

#include <algorithm>

#include "base/text.h"

namespace kura::sync {

const SourceColumn* SourceTable::Find(std::string_view column) const {
  for (const SourceColumn& candidate : columns) {
    if (EqualsIgnoreCase(candidate.name, column)) return &candidate;
  }
  return nullptr;
}

bool SourceTable::has_masked_key() const {
  return std::any_of(primary_key.begin(), primary_key.end(), [this](const std::string& key) {
    return Find(key)->mask != nullptr;
  });
}

}  // namespace kura::sync
