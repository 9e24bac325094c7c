// Directives for src/lookml: `parse` prints a file's tree, `model` the resolved model of all files,
// `errors` only its findings; `columns` gives the warehouse's tables that they are checked
// against; `forget` drops the files given so far.
#include <algorithm>
#include <any>

#include "base/text.h"
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

constexpr const char* kCatalogueState = "lookml.catalogue";

const sql::Catalogue* CatalogueOf(const Context& context) {
  const auto found = context.state.find(kCatalogueState);
  return found == context.state.end() ? nullptr : std::any_cast<sql::Catalogue>(&found->second);
}

// Takes the next word, or the next text in quotes, from the front of a line.
std::string TakeName(std::string_view& line) {
  const bool quoted = line.starts_with('"');
  if (quoted) line.remove_prefix(1);
  const std::string name(line.substr(0, line.find(quoted ? '"' : ' ')));
  line.remove_prefix(std::min(line.size(), name.size() + 1));
  line = Trim(line);
  return name;
}

// `columns`: a line per table, "schema.table column column …".
std::string RunColumns(Context& context, const Case& run) {
  sql::Catalogue catalogue;
  for (std::string_view line : Split(Trim(run.input), '\n')) {
    const std::string name = TakeName(line);
    sql::CatalogueTable& table = catalogue.tables[name];
    table.schema = name.substr(0, name.find('.'));
    table.name = name.substr(name.find('.') + 1);
    while (!line.empty()) {
      sql::CatalogueColumn& column = table.columns.emplace_back();
      column.name = TakeName(line);
    }
  }
  context.state[kCatalogueState] = std::move(catalogue);
  return "";
}

// `model`: all files of the test, and the input as one more model file.
std::string RunModel(Context& context, const Case& run) {
  Diagnostics diagnostics;
  const auto project = LoadFiles(context, run.input, diagnostics);
  lookml::Validate(*project, CatalogueOf(context), diagnostics);
  return lookml::PrintModel(*project) + RenderSorted(diagnostics);
}

std::string RunErrors(Context& context, const Case& run) {
  Diagnostics diagnostics;
  const auto project = LoadFiles(context, run.input, diagnostics);
  lookml::Validate(*project, CatalogueOf(context), diagnostics);
  return RenderSorted(diagnostics);
}

std::string RunForget(Context& context, const Case& /*run*/) {
  context.files.clear();
  return "";
}

const bool kParse = Register("parse", &RunParse);
const bool kModel = Register("model", &RunModel);
const bool kErrors = Register("errors", &RunErrors);
const bool kColumns = Register("columns", &RunColumns);
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
    if (name.starts_with("lookml/")) input.root = "lookml/";
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
