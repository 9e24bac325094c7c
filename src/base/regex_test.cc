// Patterns of users: what they replace, and what a wrong one says.
#include "base/regex.h"

#include <doctest/doctest.h>

namespace kura {
namespace {

TEST_CASE("every match is replaced, with groups") {
  const auto regex = Regex::Compile("([^@]+)@(.*)");
  REQUIRE(regex);
  CHECK(regex->Replace("山田@example.jp", R"(***@\2)") == "***@example.jp");
  CHECK(regex->Replace("nobody", "x") == "nobody");
  CHECK(Regex::Compile("[0-9]")->Replace("a1b22", "#") == "a#b##");
}

TEST_CASE("wrong patterns and replacements say what is wrong") {
  const auto open = Regex::Compile("(a");
  REQUIRE_FALSE(open);
  CHECK(open.error().message == "'(a' is not a regular expression: missing ): (a");
  CHECK_FALSE(Regex::Compile("(?=a)"));
  const auto regex = Regex::Compile("a");
  CHECK(regex->CheckReplacement("b"));
  CHECK_FALSE(regex->CheckReplacement(R"(\1)"));
}

TEST_CASE("a pattern that makes backtracking engines hang takes its time from the text") {
  const auto regex = Regex::Compile("(a*)*b");
  REQUIRE(regex);
  CHECK(regex->Replace(std::string(100'000, 'a'), "x").size() == 100'000);
}

}  // namespace
}  // namespace kura
