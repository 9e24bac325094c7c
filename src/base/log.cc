// The log, by spdlog.
#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace kura {

void LogLine(LogLevel level, std::string_view message) {
  static const auto logger = [] {
    auto made = spdlog::stderr_color_mt("kura");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
    return made;
  }();
  switch (level) {
    case LogLevel::kInfo:
      return logger->info("{}", message);
    case LogLevel::kWarning:
      return logger->warn("{}", message);
    case LogLevel::kError:
      return logger->error("{}", message);
  }
}

}  // namespace kura
