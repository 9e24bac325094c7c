// Places, and the printed form of findings.
#include "base/diagnostics.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace kura {
namespace {

constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kDim = "\033[2m";
constexpr std::string_view kPlain = "\033[0m";

std::string Paint(const RenderOptions& options, std::string_view colour, std::string_view text) {
  if (!options.colour) return std::string(text);
  return std::string(colour).append(text).append(kPlain);
}

bool Before(const Diagnostic& a, const Diagnostic& b) {
  const auto key = [](const Diagnostic& d) {
    const std::string_view name = d.span.file ? std::string_view(d.span.file->name()) : "";
    return std::make_tuple(name, d.span.begin, std::string_view(d.message));
  };
  return key(a) < key(b);
}

bool Same(const Diagnostic& a, const Diagnostic& b) {
  return a.kind == b.kind && a.span.file == b.span.file && a.span.begin == b.span.begin &&
         a.message == b.message;
}

// The line with the caret below it; tabs become spaces so that the caret stands where it should.
std::string RenderLine(const Diagnostic& d, const RenderOptions& options) {
  const SourceFile& file = *d.span.file;
  const SourceFile::Position at = file.PositionOf(d.span.begin);
  const std::string line = ReplaceAll(file.Line(at.line), "\t", " ");
  const std::size_t line_begin = d.span.begin - [&] {
    std::size_t bytes = 0;
    for (std::size_t i = 1; i < at.column && bytes < line.size(); ++i) {
      bytes += DecodeRune(line, bytes).size_bytes;
    }
    return bytes;
  }();
  const std::size_t begin = std::min(line.size(), std::size_t{d.span.begin} - line_begin);
  const std::size_t end =
      std::clamp(std::size_t{d.span.end} - line_begin, begin, std::max(begin, line.size()));
  const std::string_view text(line);
  const std::size_t carets =
      std::max<std::size_t>(1, DisplayWidth(text.substr(begin, end - begin)));
  std::string number = std::to_string(at.line);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
  std::string out = Paint(options, kDim, number + " | ") + line + "\n";
  out += Paint(options, kDim, "      | ") + std::string(DisplayWidth(text.substr(0, begin)), ' ');
  out += Paint(options,
               d.severity == Severity::kError ? kRed : kYellow,
               std::string(carets, '^') + (d.label.empty() ? "" : " " + d.label));
  return out + "\n";
}

}  // namespace

SourceFile::SourceFile(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

SourceFile::Position SourceFile::PositionOf(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  Position position;
  position.line = static_cast<std::size_t>(after - line_starts_.begin());
  for (std::size_t i = line_starts_[position.line - 1]; i < offset;) {
    i += DecodeRune(text_, i).size_bytes;
    ++position.column;
  }
  return position;
}

std::string_view SourceFile::Line(std::size_t line) const {
  const std::size_t begin = line_starts_[line - 1];
  const std::size_t end = line < line_starts_.size() ? line_starts_[line] - 1 : text_.size();
  std::string_view text = std::string_view(text_).substr(begin, end - begin);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

void Diagnostics::Add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::kError) ++error_count_;
  items_.push_back(std::move(diagnostic));
}

const SourceFile* Diagnostics::Keep(std::shared_ptr<const SourceFile> file) {
  kept_.push_back(std::move(file));
  return kept_.back().get();
}

void Diagnostics::Append(Diagnostics other) {
  for (Diagnostic& diagnostic : other.items_) Add(std::move(diagnostic));
  for (auto& file : other.kept_) kept_.push_back(std::move(file));
}

void Diagnostics::Sort() {
  std::stable_sort(items_.begin(), items_.end(), Before);
  items_.erase(std::unique(items_.begin(), items_.end(), Same), items_.end());
  error_count_ = static_cast<std::size_t>(std::count_if(
      items_.begin(), items_.end(), [](auto& d) { return d.severity == Severity::kError; }));
}

std::string Render(const Diagnostic& d, const RenderOptions& options) {
  std::string out;
  if (d.span.file != nullptr) {
    const SourceFile::Position at = d.span.file->PositionOf(d.span.begin);
    out += d.span.file->name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
           ": ";
  }
  const bool error = d.severity == Severity::kError;
  std::string word = error ? "error" : "warning";
  if (options.show_kinds) word += "[" + std::string(d.kind) + "]";
  out += Paint(options, error ? kRed : kYellow, word + ":") + " " + d.message + "\n";
  if (d.span.file != nullptr) out += RenderLine(d, options);
  if (d.hint.empty()) return out;
  for (const std::string_view line : Split(d.hint, '\n')) {
    out += "      " + Paint(options, kDim, "=") + " " + std::string(line) + "\n";
  }
  return out;
}

std::string Render(const Diagnostics& diagnostics, const RenderOptions& options) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.items()) out += Render(diagnostic, options);
  return out;
}

}  // namespace kura
