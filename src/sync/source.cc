// Looking columns up; MySQL compares column names without case.
#include "sync/source.h"

#include "base/text.h"

namespace kura::sync {

const SourceColumn* SourceTable::Find(std::string_view column) const {
  for (const SourceColumn& candidate : columns) {
    if (EqualsIgnoreCase(candidate.name, column)) return &candidate;
  }
  return nullptr;
}

}  // namespace kura::sync
