// base/regex.h: regular expressions of users: RE2, whose time grows with the text only, whatever
// the pattern is.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kura {

/// A compiled pattern. Shared between threads.
class Regex {
 public:
  /// Errors: kInvalid, with RE2's words.
  static Result<Regex> Compile(std::string_view pattern);

  /// Checks a replacement: \1 … \9 are groups of the pattern, \0 the whole match. Errors: kInvalid.
  Status CheckReplacement(std::string_view replacement) const;

  /// `text` with every match replaced.
  std::string Replace(std::string_view text, std::string_view replacement) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace kura
