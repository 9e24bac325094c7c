// Printing and exit codes of the command line.
#include "cli/app.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace kura::cli {

bool UseColour(const Globals& globals, int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  if (globals.no_color || (no_color != nullptr && *no_color != '\0')) return false;
  return ::isatty(descriptor) != 0;
}

std::string_view Language() {
  for (const char* name : {"KURA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      return std::string_view(value).starts_with("ja") ? "ja" : "en";
    }
  }
  return "en";
}

void Print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void Note(const Globals& globals, std::string_view text) {
  if (!globals.quiet) fmt::print(stderr, "{}\n", text);
}

int ExitCodeOf(Code code) {
  switch (code) {
    case Code::kInvalid:
      return kExitUserError;
    case Code::kNotFound:
      return kExitUserError;
    case Code::kDenied:
      return kExitOutside;
    case Code::kConflict:
      return kExitOutside;
    case Code::kUnavailable:
      return kExitOutside;
    case Code::kInternal:
      return kExitBug;
  }
  return kExitBug;
}

int ReportError(const Globals& globals, const Error& error) {
  if (globals.json) {
    const nlohmann::json out = {
        {"error",
         {{"code", CodeName(error.code)}, {"message", error.message}, {"hint", error.hint}}}};
    Print(out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return ExitCodeOf(error.code);
  }
  const bool colour = UseColour(globals, STDERR_FILENO);
  fmt::print(
      stderr, "{}error:{} {}\n", colour ? "\033[31m" : "", colour ? "\033[0m" : "", error.message);
  if (!error.hint.empty()) {
    for (const std::string_view line : Split(error.hint, '\n')) fmt::print(stderr, "  {}\n", line);
  }
  return ExitCodeOf(error.code);
}

void ReportDiagnostics(const Globals& globals, const Diagnostics& diagnostics) {
  if (globals.json) return;
  RenderOptions options;
  options.colour = UseColour(globals, STDERR_FILENO);
  for (const Diagnostic& diagnostic : diagnostics.items()) {
    if (globals.quiet && diagnostic.severity == Severity::kWarning) continue;
    fmt::print(stderr, "{}", Render(diagnostic, options));
  }
}

std::string DiagnosticsJson(const Diagnostics& diagnostics) {
  nlohmann::json list = nlohmann::json::array();
  for (const Diagnostic& d : diagnostics.items()) {
    nlohmann::json item = {{"kind", d.kind},
                           {"severity", d.severity == Severity::kError ? "error" : "warning"},
                           {"message", d.message},
                           {"hint", d.hint},
                           {"field", d.field}};
    if (d.span.file != nullptr) {
      const SourceFile::Position at = d.span.file->PositionOf(d.span.begin);
      item["file"] = d.span.file->name();
      item["line"] = at.line;
      item["column"] = at.column;
    }
    list.push_back(std::move(item));
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::unique_ptr<project::Project> OpenProject(const Globals& globals, int* exit_code) {
  Diagnostics diagnostics;
  Result<std::unique_ptr<project::Project>> opened =
      project::Project::Open(globals.project, diagnostics);
  diagnostics.Sort();
  ReportDiagnostics(globals, diagnostics);
  if (opened) return *std::move(opened);
  *exit_code = diagnostics.has_errors() && !globals.json ? kExitUserError
                                                         : ReportError(globals, opened.error());
  return nullptr;
}

}  // namespace kura::cli
