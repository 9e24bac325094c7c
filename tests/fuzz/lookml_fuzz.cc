// Fuzzes the front end of LookML: parse, print, parse again, resolve and validate. The input is the
// text of a model file; it may include itself and the file "v.view.lkml" with the same text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "lookml/load.h"
#include "lookml/print.h"
#include "lookml/syntax.h"

namespace {

// A tree that was read without findings prints as text that reads as the same tree.
void RoundTrip(const std::string& text) {
  kura::Diagnostics findings;
  const kura::lookml::Syntax first =
      kura::lookml::Parse(std::make_shared<const kura::SourceFile>("a.lkml", text), findings);
  if (!findings.items().empty()) return;
  const std::string printed = kura::lookml::PrintSyntax(first);
  const kura::lookml::Syntax second =
      kura::lookml::Parse(std::make_shared<const kura::SourceFile>("b.lkml", printed), findings);
  if (kura::lookml::PrintSyntax(second) != printed) std::abort();  // libFuzzer keeps the input.
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  RoundTrip(text);
  kura::lookml::LoadInput input;
  for (const char* name : {"fuzz.model.lkml", "v.view.lkml", "manifest.lkml"}) {
    input.files.push_back(std::make_shared<const kura::SourceFile>(name, text));
  }
  kura::Diagnostics findings;
  const auto project = kura::lookml::Load(input, findings);
  kura::lookml::Validate(*project, nullptr, findings);
  (void)kura::lookml::PrintModel(*project);
  (void)kura::Render(findings);
  return 0;
}
