// tests/golden/runner.h: golden files: a directive with its arguments, input lines, "----", and the
// expected output up to an empty line. A directive is a function; each layer registers its own.
#pragma once
#include <any>
#include <map>
#include <string>
#include <vector>

namespace kura::golden {

/// One case of a .test file.
struct Case {
  std::string file;
  std::size_t line = 0;           // of the directive, from 1
  std::string directive;          // "compile"
  std::vector<std::string> args;  // words behind it
  std::string input;              // with a line end behind every line
  std::string expected;
  bool has_expected = false;  // there is a "----"
};

/// What the cases of one .test file share.
struct Context {
  std::map<std::string, std::string> files;  // virtual project files: `file NAME`
  std::map<std::string, std::any> state;     // whatever a layer keeps between cases
};

/// Gives the output of a case.
using Directive = std::string (*)(Context& context, const Case& golden_case);

/// Makes a directive known, at start-up: `const bool kParse = Register("parse", &Parse);`
bool Register(const std::string& name, Directive directive);

}  // namespace kura::golden
