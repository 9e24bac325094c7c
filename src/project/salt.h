// project/salt.h: the secret that hashes of masked columns are made with, so that nobody finds a
// value by hashing guesses. One for the whole project: equal values have equal hashes everywhere.
#pragma once
#include <string>

#include "base/result.h"

namespace kura::project {

/// Shorter ones could be found by trying.
inline constexpr std::size_t kSaltCharactersMin = 16;

/// The salt of <folder>/.kura/salt: 64 hexadecimal digits, made from random bytes when there is no
/// such file yet, for its owner's eyes only. Errors: kInvalid (the file is not what was written),
/// kUnavailable.
Result<std::string> ReadOrMakeSalt(const std::string& folder);

/// Checks a salt that a variable gave. Errors: kInvalid.
Status CheckSalt(const std::string& salt);

}  // namespace kura::project
