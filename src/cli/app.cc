// Printing and exit codes of the command line.
#include "cli/app.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace kura::cli {

bool UseColour(const Globals& globals, std::FILE* file) {
  if (globals.no_color || !Variable("NO_COLOR").empty()) return false;
  return ::isatty(::fileno(file)) != 0;
}

std::string_view Language() {
  for (const char* name : {"KURA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string value = Variable(name);
    if (!value.empty()) return value.starts_with("ja") ? "ja" : "en";
  }
  return "en";
}

void Print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), CurrentTerminal().out);
}

void Note(const Globals& globals, std::string_view text) {
  if (!globals.quiet) fmt::print(CurrentTerminal().err, "{}\n", text);
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
  std::FILE* err = CurrentTerminal().err;
  const bool colour = UseColour(globals, err);
  fmt::print(
      err, "{}error:{} {}\n", colour ? "\033[31m" : "", colour ? "\033[0m" : "", error.message);
  if (!error.hint.empty()) {
    for (const std::string_view line : Split(error.hint, '\n')) fmt::print(err, "  {}\n", line);
  }
  return ExitCodeOf(error.code);
}

void ReportDiagnostics(const Globals& globals, const Diagnostics& diagnostics) {
  if (globals.json) return;
  RenderOptions options;
  options.colour = UseColour(globals, CurrentTerminal().err);
  for (const Diagnostic& diagnostic : diagnostics.items()) {
    if (globals.quiet && diagnostic.severity == Severity::kWarning) continue;
    fmt::print(CurrentTerminal().err, "{}", Render(diagnostic, options));
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
  if (opened) {
    if (CurrentTerminal().warehouse != nullptr) {
      (*opened)->UseWarehouse(CurrentTerminal().warehouse);
    }
    return *std::move(opened);
  }
  *exit_code = diagnostics.has_errors() && !globals.json ? kExitUserError
                                                         : ReportError(globals, opened.error());
  return nullptr;
}

}  // namespace kura::cli
