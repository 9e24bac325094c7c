// base/log.h: the log of long-running commands, one line per event on stderr. Answers never go
// here.
#pragma once
#include <fmt/core.h>

#include <string_view>
#include <utility>

namespace kura {

enum class LogLevel { kInfo, kWarning, kError };

/// Writes one line with time and level. Secrets must not be in `message`.
void LogLine(LogLevel level, std::string_view message);

/// Formats and writes one line at the level in the name.
template <typename... Args>
void LogInfo(fmt::format_string<Args...> format, Args&&... args) {
  LogLine(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void LogWarning(fmt::format_string<Args...> format, Args&&... args) {
  LogLine(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void LogError(fmt::format_string<Args...> format, Args&&... args) {
  LogLine(LogLevel::kError, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace kura
