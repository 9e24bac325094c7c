// Findings about questions: the member's text becomes a source of its own, so that carets work.
#include "query/diagnostics.h"

#include <memory>

namespace kura::query {

void Report(Diagnostics& diagnostics, const Member& member, Finding finding) {
  const SourceFile* file =
      diagnostics.Keep(std::make_shared<const SourceFile>(member.name, member.text));
  const bool whole = finding.begin == 0 && finding.end == 0;
  Diagnostic diagnostic;
  diagnostic.kind = finding.kind;
  diagnostic.span = {file,
                     static_cast<std::uint32_t>(finding.begin),
                     static_cast<std::uint32_t>(whole ? member.text.size() : finding.end)};
  diagnostic.message = std::move(finding.message);
  diagnostic.label = std::move(finding.label);
  diagnostic.hint = std::move(finding.hint);
  diagnostic.field = member.name;
  diagnostics.Add(std::move(diagnostic));
}

}  // namespace kura::query
