// Directives for src/lookml: `parse` prints a file's tree, `model` the resolved model of all files,
// `errors` only its findings; `forget` drops the files given so far.
#include "calendar/lookml.h"
#include "golden/lookml_files.h"
#include "lookml/load.h"
#include "lookml/print.h"

namespace kura::golden {
namespace {

// `parse [NAME]`: the input, or a file given before.
std::string RunParse(Context& context, const Case& run) {
  const std::string name = run.args.empty() ? "test.lkml" : run.args.front();
  const std::string& text = run.input.empty() ? context.files[name] : run.input;
  Diagnostics diagnostics;
  const lookml::Syntax syntax =
      lookml::Parse(std::make_shared<const SourceFile>(name, text), diagnostics);
  return lookml::PrintSyntax(syntax) + RenderSorted(diagnostics);
}

// `model`: all files of the test, and the input as one more model file.
std::string RunModel(Context& context, const Case& run) {
  Diagnostics diagnostics;
  const auto project = LoadFiles(context, run.input, diagnostics);
  lookml::Validate(*project, nullptr, diagnostics);
  return lookml::PrintModel(*project) + RenderSorted(diagnostics);
}

std::string RunErrors(Context& context, const Case& run) {
  Diagnostics diagnostics;
  const auto project = LoadFiles(context, run.input, diagnostics);
  lookml::Validate(*project, nullptr, diagnostics);
  return RenderSorted(diagnostics);
}

std::string RunForget(Context& context, const Case& /*run*/) {
  context.files.clear();
  return "";
}

const bool kParse = Register("parse", &RunParse);
const bool kModel = Register("model", &RunModel);
const bool kErrors = Register("errors", &RunErrors);
const bool kForget = Register("forget", &RunForget);

}  // namespace

std::string RenderSorted(Diagnostics& diagnostics) {
  diagnostics.Sort();
  RenderOptions options;
  options.show_kinds = true;
  return Render(diagnostics, options);
}

std::shared_ptr<const lookml::Project> LoadFiles(const Context& context, const std::string& extra,
                                                 Diagnostics& diagnostics) {
  lookml::LoadInput input;
  for (const auto& [name, text] : context.files) {
    if (!name.ends_with(".lkml")) continue;
    input.files.push_back(std::make_shared<const SourceFile>(name, text));
  }
  if (!extra.empty()) {
    input.files.push_back(std::make_shared<const SourceFile>("test.model.lkml", extra));
  }
  input.builtin.push_back(
      std::make_shared<const SourceFile>("calendar", calendar::CalendarLookml()));
  return lookml::Load(input, diagnostics);
}

}  // namespace kura::golden
