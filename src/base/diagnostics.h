// base/diagnostics.h: the user's mistakes. A stage collects them with their places and goes on, so
// that one run shows all of them; the command line prints them with a caret, the API as JSON.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kura {

/// A text with a name: a file, or a piece of a question such as "filters.users.created_date".
class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }

  /// Line and column of a byte offset, both from 1; the column counts characters.
  struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
  };
  Position PositionOf(std::size_t offset) const;

  /// The text of a line (from 1) without its line end.
  std::string_view Line(std::size_t line) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

/// A range of bytes in a SourceFile; the file is kept alive by whoever parsed it.
struct Span {
  const SourceFile* file = nullptr;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

enum class Severity { kError, kWarning };

/// One finding. `kind` is an id such as "unknown-field" from a diagnostics.def; `label` is the text
/// behind the caret, `hint` what to do (both may be empty); `field` is the part of a question that
/// it is about ("fields[0]", "filters.users.count") and empty for files.
struct Diagnostic {
  std::string_view kind;
  Severity severity = Severity::kError;
  Span span;
  std::string message;
  std::string label;
  std::string hint;
  std::string field;
};

/// The findings of a run.
class Diagnostics {
 public:
  void Add(Diagnostic diagnostic);

  /// Keeps a file alive as long as the findings that point into it.
  const SourceFile* Keep(std::shared_ptr<const SourceFile> file);

  /// Moves the findings of another run behind these.
  void Append(Diagnostics other);

  /// Sorts by file name and place, as they should be read; removes exact repetitions.
  void Sort();

  const std::vector<Diagnostic>& items() const { return items_; }
  std::size_t error_count() const { return error_count_; }
  std::size_t warning_count() const { return items_.size() - error_count_; }
  bool has_errors() const { return error_count_ > 0; }

 private:
  std::vector<Diagnostic> items_;
  std::vector<std::shared_ptr<const SourceFile>> kept_;
  std::size_t error_count_ = 0;
};

/// Colours used by Render; empty when the output is not a terminal.
struct RenderOptions {
  bool colour = false;
  bool show_kinds = false;  // "error[unknown-field]", for golden files.
};

/// Prints one finding as design/terminal.md shows it: place, message, line, caret, hint.
std::string Render(const Diagnostic& diagnostic, const RenderOptions& options = {});

/// Prints all findings, each ending in a line end.
std::string Render(const Diagnostics& diagnostics, const RenderOptions& options = {});

}  // namespace kura
