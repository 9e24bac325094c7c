// cli/app.h: what every command shares: global options, exit codes, and how errors are printed.
#pragma once
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/result.h"
#include "cli/terminal.h"
#include "project/project.h"

namespace kura::cli {

inline constexpr std::string_view kVersion = "0.1.0";

/// Exit codes of DESIGN §4.
enum ExitCode {
  kExitDone = 0,
  kExitUserError = 1,
  kExitUsage = 2,
  kExitOutside = 3,
  kExitMismatch = 4,
  kExitBug = 70,
  kExitInterrupted = 130,
};

/// The global options.
struct Globals {
  std::string project;
  bool json = false;
  bool quiet = false;
  bool no_color = false;
};

/// Whether `file` shows colours: a terminal, and neither --no-color nor NO_COLOR.
bool UseColour(const Globals& globals, std::FILE* file);

/// "ja" when the environment's language is Japanese, else "en".
std::string_view Language();

/// Prints to stdout of the current terminal, as all below.
void Print(std::string_view text);

/// Prints a line to stderr unless --quiet.
void Note(const Globals& globals, std::string_view text);

/// Prints an error with its hint to stderr ({"error":…} to stdout with --json); the exit code.
int ReportError(const Globals& globals, const Error& error);

/// Prints findings to stderr; with --json nothing, the command prints them itself.
void ReportDiagnostics(const Globals& globals, const Diagnostics& diagnostics);

/// The exit code of an error.
int ExitCodeOf(Code code);

/// Findings as a JSON array: kind, severity, file, line, column, message, hint, field.
std::string DiagnosticsJson(const Diagnostics& diagnostics);

/// Opens the project of the global options; reports mistakes and gives null with `*exit_code`.
std::unique_ptr<project::Project> OpenProject(const Globals& globals, int* exit_code);

}  // namespace kura::cli
