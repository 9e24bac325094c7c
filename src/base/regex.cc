// RE2 behind a pointer, so that its header stays here.
#include "base/regex.h"

#include <re2/re2.h>

namespace kura {
namespace {

constexpr std::int64_t kMemoryBytesMax = 8 << 20;

re2::StringPiece Piece(std::string_view text) {
  return {text.data(), text.size()};
}

RE2::Options Quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemoryBytesMax);
  return options;
}

}  // namespace

struct Regex::Compiled {
  explicit Compiled(std::string_view pattern) : re2(Piece(pattern), Quiet()) {}
  RE2 re2;
};

Result<Regex> Regex::Compile(std::string_view pattern) {
  auto compiled = std::make_shared<const Compiled>(pattern);
  if (!compiled->re2.ok()) {
    return FailWithHint(
        Code::kInvalid,
        fmt::format("'{}' is not a regular expression: {}", pattern, compiled->re2.error()),
        "the syntax is that of RE2: no look-around, no back references");
  }
  Regex regex;
  regex.compiled_ = std::move(compiled);
  return regex;
}

Status Regex::CheckReplacement(std::string_view replacement) const {
  std::string problem;
  if (compiled_->re2.CheckRewriteString(Piece(replacement), &problem)) return {};
  return FailWithHint(
      Code::kInvalid,
      fmt::format("'{}' cannot replace '{}': {}", replacement, compiled_->re2.pattern(), problem),
      R"(\1 is the pattern's first group, \\ a backslash)");
}

std::string Regex::Replace(std::string_view text, std::string_view replacement) const {
  std::string replaced(text);
  RE2::GlobalReplace(&replaced, compiled_->re2, Piece(replacement));
  return replaced;
}

}  // namespace kura
