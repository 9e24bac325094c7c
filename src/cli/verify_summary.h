// cli/verify_summary.h: what a verification found, as the lines of design/terminal.md or as JSON.
#pragma once
#include <string>

#include "base/time.h"
#include "sync/verify.h"

namespace kura::cli {

/// `now` tells how old comparisons are.
std::string VerifyText(const sync::VerifyReport& report, Micros now);
std::string VerifyJson(const sync::VerifyReport& report, const std::string& source, double seconds);

}  // namespace kura::cli
