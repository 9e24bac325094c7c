// kura new explore: one more explore in a project that exists. New files are written, the explore
// is added to the end of the model file, and nothing that is there is changed.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "advise/joins.h"
#include "advise/new_explore.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/source_shape.h"
#include "lookml/load.h"

namespace kura::cli {
namespace {

struct NewOptions {
  std::string kind;
  std::string name;
  std::string entity;
  std::string fact;
  std::string source;
  std::string model;
};

Result<const project::SourceEntry*> ChooseSource(const project::Project& project,
                                                 const std::string& name) {
  const auto& sources = project.config().sources;
  std::vector<std::string> names;
  for (const project::SourceEntry& entry : sources) {
    if (entry.config.name == name || (name.empty() && sources.size() == 1)) return &entry;
    names.push_back(entry.config.name);
  }
  return FailWithHint(Code::kInvalid,
                      name.empty() ? "which source is meant" : "there is no source '" + name + "'",
                      "kura.yaml names: " + Join(names, ", ") + "; choose with --source NAME");
}

Result<const lookml::Model*> ChooseModel(const lookml::Project& project, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [known, model] : project.models) {
    if (known == name || (name.empty() && project.models.size() == 1)) return &model;
    names.push_back(known);
  }
  if (names.empty()) {
    return FailWithHint(Code::kInvalid,
                        "the project has no model file",
                        "write lookml/<name>.model.lkml with a line  connection: \"duckdb\"");
  }
  return FailWithHint(Code::kInvalid,
                      name.empty() ? "which model is meant" : "there is no model '" + name + "'",
                      "the project has: " + Join(names, ", ") + "; choose with --model NAME");
}

// The source tells most (enums, keys, values); without it, what the warehouse knows will do.
Result<advise::SourceShape> ReadShape(const Globals& globals, project::Project& project,
                                      const project::SourceEntry& entry) {
  const std::string& name = entry.config.name;
  const Result<sync::SourceConfig> source = project::ResolveSource(entry);
  Error why;
  if (source) {
    const Result<sync::SchemaShape> schema = sync::ReadMysqlShape(source->mysql);
    if (schema) {
      advise::SourceShape shape = ToAdvice(*schema, name);
      AddGuesses(source->mysql, &shape);
      return shape;
    }
    why = schema.error();
  } else {
    why = source.error();
  }
  if (!project.HasWarehouse()) return tl::make_unexpected(why);
  TRY(const execute::Snapshot snapshot, project.TakeSnapshot(nullptr));
  Note(globals, "the source was not asked (" + why.message + "); going by the warehouse");
  advise::SourceShape shape = advise::ShapeOf(*snapshot.catalogue, name);
  for (auto& [table, guess] : advise::GuessReferences(shape)) {
    for (advise::TableShape& candidate : shape.tables) {
      if (candidate.name == table) candidate.references.push_back(guess);
    }
  }
  return shape;
}

std::shared_ptr<const lookml::Project> LoadModel(const project::Project& project,
                                                 std::size_t* errors) {
  Diagnostics diagnostics;
  auto model = project.LoadModel(diagnostics);
  lookml::Validate(*model, nullptr, diagnostics);
  *errors = diagnostics.error_count();
  return model;
}

// The file of a model: lookml/**/<name>.model.lkml.
Result<std::string> ModelFileOf(const lookml::Project& project, const std::string& name) {
  for (const auto& file : project.files) {
    const std::string& path = file->name();
    if (path.substr(path.rfind('/') + 1) == name + ".model.lkml") return path;
  }
  return Fail(Code::kInvalid, "there is no file {}.model.lkml", name);
}

Status WriteNew(const project::Project& project, const advise::NewExplore& plan) {
  for (const advise::ProjectFile& file : plan.files) {
    if (!PathExists(project.PathOf(file.path))) continue;
    return FailWithHint(Code::kInvalid,
                        file.path +
                            " exists already, but the model does not include it; nothing "
                            "was written",
                        "include it, or move it away");
  }
  for (const advise::ProjectFile& file : plan.files) {
    const std::string path = project.PathOf(file.path);
    TRY_STATUS(MakeFolder(std::filesystem::path(path).parent_path().string()));
    TRY_STATUS(WriteFile(path, file.text));
  }
  return {};
}

// Includes that the model lacks for the new files and the calendar.
std::string MissingIncludes(const advise::NewExplore& plan, const lookml::Model& model,
                            const lookml::Model* after, const std::string& kind) {
  std::string out;
  if (kind == "daily" && model.views.count("calendar") == 0) {
    out += "include: \"//kura/calendar\"\n";
  }
  for (const advise::ProjectFile& file : plan.files) {
    const std::string name = std::filesystem::path(file.path).filename().string();
    const std::string view = name.substr(0, name.find('.'));
    if (after != nullptr && after->views.count(view) != 0) continue;
    out += "include: \"/" + file.path.substr(std::string_view("lookml/").size()) + "\"\n";
  }
  return out;
}

Status AddToModel(const project::Project& project, const std::string& path,
                  const std::string& text) {
  TRY(std::string model, ReadFile(project.PathOf(path)));
  if (!model.empty() && !model.ends_with('\n')) model += '\n';
  return WriteFile(project.PathOf(path), model + "\n" + text);
}

// What was written, for people or as JSON.
void Report(const Globals& globals, const NewOptions& options, const advise::NewExplore& plan,
            const std::string& model_path) {
  if (globals.json) {
    nlohmann::json out = {{"explore", options.name},
                          {"model", model_path},
                          {"notes", plan.notes},
                          {"files", nlohmann::json::array()}};
    for (const advise::ProjectFile& file : plan.files) out["files"].push_back(file.path);
    return Print(out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
  for (const advise::ProjectFile& file : plan.files) Print("wrote " + file.path + "\n");
  Print("added the explore " + options.name + " to " + model_path + "\n");
  for (const std::string& note : plan.notes) Print("  - " + note + "\n");
  Print("\nnext:\n  kura validate\n  kura query " + plan.question + "\n");
}

Status Build(const Globals& globals, const NewOptions& options, project::Project& project) {
  std::size_t errors = 0;
  const auto before = LoadModel(project, &errors);
  if (errors > 0) {
    return FailWithHint(Code::kInvalid,
                        "the model has mistakes; nothing was written",
                        "see them with  kura validate");
  }
  TRY(const lookml::Model* const model, ChooseModel(*before, options.model));
  TRY(const std::string model_path, ModelFileOf(*before, model->name));
  TRY(const project::SourceEntry* const entry, ChooseSource(project, options.source));
  advise::NewExploreInput input;
  TRY(input.shape, ReadShape(globals, project, *entry));
  input.style.words = advise::Words(advise::SpeaksJapanese(input.shape));
  input.style.schema = "raw_" + entry->config.name;
  input.style.timezone = project.config().timezone;
  input.style.datetime_zone = entry->config.datetime_zone;
  input.kind = options.kind;
  input.name = options.name;
  input.entity = options.entity;
  input.fact = options.fact;
  TRY(const advise::NewExplore plan, advise::PlanNewExplore(input, *model));
  TRY_STATUS(WriteNew(project, plan));
  std::size_t ignored = 0;
  const auto after = LoadModel(project, &ignored);
  const auto found = after->models.find(model->name);
  const lookml::Model* now = found == after->models.end() ? nullptr : &found->second;
  const std::string includes = MissingIncludes(plan, *model, now, options.kind);
  TRY_STATUS(
      AddToModel(project, model_path, includes + (includes.empty() ? "" : "\n") + plan.explore));
  Report(globals, options, plan, model_path);
  return {};
}

int NewExplore(const Globals& globals, const NewOptions& options) {
  int exit_code = kExitDone;
  const std::unique_ptr<project::Project> project = OpenProject(globals, &exit_code);
  if (!project) return exit_code;
  const Status built = Build(globals, options, *project);
  return built ? kExitDone : ReportError(globals, built.error());
}

}  // namespace

void AddNew(CLI::App& app, const Globals& globals, RunCommand* run) {
  const auto options = std::make_shared<NewOptions>();
  CLI::App* parent = app.add_subcommand("new", "write a new part of the model");
  parent->require_subcommand(1);
  parent->fallthrough();
  CLI::App* command = parent->add_subcommand("explore", "an explore of one of the two designs");
  command->add_option("kind", options->kind, "current (how many now) or daily (how many each day)")
      ->required()
      ->check(CLI::IsMember({"current", "daily"}));
  command->add_option("name", options->name, "the explore's name")->required();
  command->add_option("--entity", options->entity, "the table whose rows are counted");
  command->add_option("--fact", options->fact, "daily: the table that says what happened");
  command->add_option("--source", options->source, "the source, when there are several");
  command->add_option("--model", options->model, "the model, when there are several");
  command->footer(
      "Examples:\n  kura new explore current shops_now\n"
      "  kura new explore daily shops_by_day --entity shops --fact funding_offers");
  command->callback([&globals, options, run] {
    *run = [&globals, options] { return NewExplore(globals, *options); };
  });
}

}  // namespace kura::cli
