// base/ensure.h: our own invariants. On in every build: going on would harm the user's data.
#pragma once

namespace kura {

/// Prints the broken condition with its place and stops the process with exit code 70.
[[noreturn]] void EnsureFailed(const char* condition, const char* file, int line);

}  // namespace kura

/// Stops the process when `condition` does not hold. Only for bugs in Kura.
#define ENSURE(condition)                                   \
  do {                                                      \
    if (!(condition)) [[unlikely]]                          \
      ::kura::EnsureFailed(#condition, __FILE__, __LINE__); \
  } while (false)
