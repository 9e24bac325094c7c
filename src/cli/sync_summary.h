// cli/sync_summary.h: what a sync did, as the table of design/terminal.md or as JSON.
#pragma once
#include <string>

#include "sync/sync.h"

namespace kura::cli {

struct SummaryInput {
  std::string timezone;
  double seconds = 0;
  std::string source;
  std::string warehouse;
};

std::string SummaryTable(const sync::SyncReport& report, const SummaryInput& input);
std::string SummaryJson(const sync::SyncReport& report, const SummaryInput& input);

}  // namespace kura::cli
