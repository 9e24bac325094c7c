// Runs tests/golden/**/*.test:  golden [--update] [FILTER]. FILTER is a part of a file's name.
// The last line is "golden: N passed, N failed".
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "base/file.h"
#include "base/text.h"
#include "golden/runner.h"

namespace kura::golden {
namespace {

constexpr std::string_view kFolder = "tests/golden";
constexpr std::string_view kSeparator = "----";

std::map<std::string, Directive>& Directives() {
  static std::map<std::string, Directive> directives;
  return directives;
}

// A part of a file between cases (comments, empty lines) or a case.
struct Block {
  std::string text;  // as it stands in the file
  Case golden_case;  // no directive = only text
};

std::vector<std::string> Words(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : Split(line, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

// Lines up to `end`, exclusive of it; `at` is behind it then.
std::string TakeUntil(const std::vector<std::string_view>& lines, std::size_t* at,
                      std::string_view end) {
  std::string text;
  for (; *at < lines.size() && lines[*at] != end; ++*at) text.append(lines[*at]).append("\n");
  if (*at < lines.size()) ++*at;
  return text;
}

Case TakeCase(const std::string& file, const std::vector<std::string_view>& lines,
              std::size_t* at) {
  Case found;
  found.file = file;
  found.line = *at + 1;
  found.args = Words(lines[(*at)++]);
  found.directive = found.args.front();
  found.args.erase(found.args.begin());
  // The input ends at "----"; `file` has none and ends at an empty line or at "----" twice.
  while (*at < lines.size() && lines[*at] != kSeparator) {
    if (found.directive == "file" && lines[*at].empty()) return found;
    found.input.append(lines[(*at)++]).append("\n");
  }
  if (*at >= lines.size()) return found;
  ++*at;
  found.has_expected = true;
  if (*at < lines.size() && lines[*at] == kSeparator) {  // Output with empty lines: twice each.
    ++*at;
    found.expected = TakeUntil(lines, at, kSeparator);
    if (*at < lines.size() && lines[*at] == kSeparator) ++*at;
    if (*at < lines.size() && lines[*at].empty()) ++*at;  // PrintCase writes it again.
  } else {
    found.expected = TakeUntil(lines, at, "");
  }
  return found;
}

std::vector<Block> ParseFile(const std::string& file, std::string_view text) {
  std::vector<std::string_view> lines = Split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  std::vector<Block> blocks;
  for (std::size_t at = 0; at < lines.size();) {
    Block block;
    if (lines[at].empty() || lines[at].starts_with('#')) {
      block.text = std::string(lines[at++]) + "\n";
    } else {
      block.golden_case = TakeCase(file, lines, &at);
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string PrintCase(const Case& printed, const std::string& output) {
  std::string text = printed.directive;
  for (const std::string& arg : printed.args) text += " " + arg;
  text += "\n" + printed.input;
  if (!printed.has_expected) return text + "\n";
  const bool twice = output.find("\n\n") != std::string::npos || output.starts_with('\n');
  text += twice ? "----\n----\n" : "----\n";
  text += output;
  if (!output.empty() && !output.ends_with('\n')) text += "\n";
  return text + (twice ? "----\n----\n" : "") + "\n";
}

struct Totals {
  int passed = 0;
  int failed = 0;
};

std::string RunCase(Context& context, const Case& run) {
  if (run.directive == "file") {
    if (run.args.size() != 1) return "file needs a name";
    context.files[run.args.front()] = run.input;
    return "";
  }
  const auto directive = Directives().find(run.directive);
  if (directive == Directives().end()) return "no such directive: " + run.directive + "\n";
  std::string output = directive->second(context, run);
  if (!output.empty() && !output.ends_with('\n')) output += '\n';
  return output;
}

void ReportMismatch(const Case& failed, const std::string& output) {
  fmt::print("FAILED {}:{}: {}\n--- input\n{}--- expected\n{}--- got\n{}\n",
             failed.file,
             failed.line,
             failed.directive,
             failed.input,
             failed.expected,
             output);
}

void RunFile(const std::string& name, bool update, Totals* totals) {
  const std::string path = JoinPath(kFolder, name);
  const std::string text = ReadFile(path).value_or("");
  Context context;
  std::string rewritten;
  for (const Block& block : ParseFile(name, text)) {
    if (block.golden_case.directive.empty()) {
      rewritten += block.text;
      continue;
    }
    const std::string output = RunCase(context, block.golden_case);
    const bool setup = !block.golden_case.has_expected && output.empty();
    // An empty line behind a case belongs to it; the file's own comes next.
    std::string printed = PrintCase(block.golden_case, output);
    if (!block.golden_case.has_expected) printed.pop_back();
    rewritten += printed;
    if (setup) continue;
    const bool same = block.golden_case.has_expected && output == block.golden_case.expected;
    if (same || update) {
      ++totals->passed;
    } else {
      ++totals->failed;
      ReportMismatch(block.golden_case, output);
    }
  }
  while (rewritten.ends_with("\n\n")) rewritten.pop_back();
  if (update && rewritten != text) {
    const Status written = WriteFile(path, rewritten);
    if (!written) fmt::print("{}\n", written.error().message);
  }
}

int RunAll(bool update, const std::string& filter) {
  const Result<std::vector<std::string>> names = ListFiles(std::string(kFolder), ".test");
  if (!names) {
    fmt::print("{} (run from the project's root)\n", names.error().message);
    return EXIT_FAILURE;
  }
  Totals totals;
  for (const std::string& name : *names) {
    if (name.find(filter) != std::string::npos) RunFile(name, update, &totals);
  }
  if (names->empty()) totals.failed = 1;
  fmt::print("golden: {} passed, {} failed\n", totals.passed, totals.failed);
  return totals.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

bool Register(const std::string& name, Directive directive) {
  return Directives().emplace(name, directive).second;
}

}  // namespace kura::golden

int main(int argc, char** argv) {
  bool update = false;
  std::string filter;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument == "--update")
      update = true;
    else
      filter = argument;
  }
  return kura::golden::RunAll(update, filter);
}
