// cli/password.h: asks a person for a password on the terminal, without showing it.
#pragma once
#include <optional>
#include <string>

namespace kura::cli {

/// Asks on the controlling terminal; nothing when there is none, or when the person gives up.
std::optional<std::string> AskPassword(const std::string& prompt);

}  // namespace kura::cli
