// sync/secret.h: the password of a connection, read when it is needed: from the setting, from a
// file that a secret manager rotates, or from a command of the user's own. What is read goes to the
// server and nowhere else.
#pragma once
#include <string>

#include "base/result.h"
#include "sync/sync.h"

namespace kura::sync {

/// A password_command must end within this time.
inline constexpr double kPasswordCommandSeconds = 30;

/// Reads the password of `config` now. Errors never hold it: kInvalid (empty, unreadable file),
/// kUnavailable (the command failed or took longer than `timeout_s`).
Result<std::string> ReadPassword(const MysqlConfig& config,
                                 double timeout_s = kPasswordCommandSeconds);

}  // namespace kura::sync
