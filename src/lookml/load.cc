// Load: parse all files, follow each model's includes, merge, resolve.
#include "lookml/load.h"

#include <set>

#include "base/text.h"
#include "lookml/diagnostics.h"
#include "lookml/include.h"
#include "lookml/merge.h"
#include "lookml/parameters.h"
#include "lookml/resolve.h"
#include "lookml/scope.h"
#include "lookml/syntax.h"

namespace kura::lookml {
namespace {

constexpr std::string_view kModelEnding = ".model.lkml";
constexpr std::string_view kManifestName = "manifest.lkml";
constexpr std::string_view kBuiltinPrefix = "//kura/";
constexpr std::string_view kBuiltinMark =
    "kura/";  // Before the names of builtin files in messages.

std::string_view BaseName(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

bool IsManifest(const SourceFile& file) {
  return BaseName(file.name()) == kManifestName;
}

class Loader {
 public:
  Loader(const LoadInput& input, Diagnostics& diagnostics)
      : input_(input), diagnostics_(diagnostics), scope_(constants_, diagnostics) {}

  std::shared_ptr<const Project> Run() {
    for (const auto& file : input_.files) Add(files_, file, file);
    for (const auto& file : input_.builtin) {
      auto named = std::make_shared<const SourceFile>(std::string(kBuiltinMark) + file->name(),
                                                      file->text());
      builtin_files_.insert(named.get());
      Add(builtin_, file, named);
    }
    ReadManifests();
    for (const auto& [name, syntax] : files_) {
      if (name.ends_with(kModelEnding)) LoadModel(name, syntax);
    }
    if (project_->models.empty()) {
      AddError(diagnostics_,
               kNoModel,
               {},
               {"there is no model in " + (input_.root.empty() ? "this project" : input_.root),
                "",
                "a model is a file NAME.model.lkml that includes views and declares explores"});
    }
    return project_;
  }

 private:
  using Files = std::map<std::string, Syntax, std::less<>>;

  void Add(Files& files, const std::shared_ptr<const SourceFile>& original,
           const std::shared_ptr<const SourceFile>& file) {
    Syntax syntax = Parse(file, diagnostics_);
    if (!IsManifest(*file)) CheckParameters(syntax.nodes, Holder::kModel, diagnostics_);
    project_->files.push_back(file);
    files.emplace(original->name(), std::move(syntax));
  }

  void ReadManifests() {
    for (const auto& [name, syntax] : files_) {
      if (!IsManifest(*syntax.file)) continue;
      CheckParameters(syntax.nodes, Holder::kManifest, diagnostics_);
      for (const Node& node : syntax.nodes) {
        if (node.key != "constant") continue;
        const Node* value = node.Find("value");
        if (value != nullptr) constants_[std::string(node.name)] = Unescape(*value);
      }
    }
  }

  // The files that `syntax` sees, those it includes before itself.
  void Visit(const Syntax& syntax, std::vector<const Syntax*>& order) {
    if (!visited_.insert(&syntax).second) return;
    for (const Node& node : syntax.nodes) {
      if (node.key != "include") continue;
      for (const std::string& include : scope_.Names(node)) VisitInclude(include, node, order);
    }
    order.push_back(&syntax);
  }

  void VisitInclude(const std::string& include, const Node& node,
                    std::vector<const Syntax*>& order) {
    if (include.starts_with("//")) return VisitBuiltin(include, node, order);
    const std::string pattern = IncludePattern(include, node.file->name(), input_.root);
    bool found = false;
    for (const auto& [name, syntax] : files_) {
      if (!IncludeMeans(pattern, name)) continue;
      found = true;
      Visit(syntax, order);
    }
    if (!found) ReportMissing(pattern, node, Names(files_, ""));
  }

  void VisitBuiltin(const std::string& include, const Node& node,
                    std::vector<const Syntax*>& order) {
    if (!include.starts_with(kBuiltinPrefix)) {
      AddWarning(diagnostics_,
                 kUnsupportedParameter,
                 node.value_span(),
                 {"files of other projects cannot be included yet", "left out", ""});
      return;
    }
    std::string name = include.substr(kBuiltinPrefix.size());
    for (const std::string_view ending : {".lkml", ".view"}) {
      if (name.ends_with(ending)) name.resize(name.size() - ending.size());
    }
    const auto found = builtin_.find(name);
    if (found != builtin_.end()) return Visit(found->second, order);
    ReportMissing(include, node, Names(builtin_, kBuiltinPrefix));
  }

  static std::vector<std::string> Names(const Files& files, std::string_view prefix) {
    std::vector<std::string> names;
    for (const auto& [name, syntax] : files) names.push_back(std::string(prefix) + name);
    return names;
  }

  void ReportMissing(const std::string& pattern, const Node& node,
                     const std::vector<std::string>& names) {
    std::string nearest = NearestName(pattern, names);
    for (const std::string& name : names) {  // Only endings are missing.
      if (name.starts_with(pattern + ".")) nearest = name;
    }
    AddError(diagnostics_,
             kMissingInclude,
             node.value_span(),
             {"there is no file '" + pattern + "'" +
                  (nearest.empty() ? "" : " (did you mean '" + nearest + "'?)"),
              "",
              ""});
  }

  void LoadModel(const std::string& name, const Syntax& syntax) {
    const std::string_view base = BaseName(name);
    Model model;
    model.name = std::string(base.substr(0, base.size() - kModelEnding.size()));
    visited_.clear();
    std::vector<const Syntax*> order;
    Visit(syntax, order);
    Definitions views("view", kUnknownView);
    Definitions explores("explore", kUnknownExplore);
    for (const Syntax* file : order) {
      for (const Node& node : file->nodes) {
        if (node.kind != NodeKind::kBlock) continue;
        if (node.key == "view") views.Add(node, diagnostics_);
        if (node.key == "explore") explores.Add(node, diagnostics_);
      }
    }
    for (const Node& node : syntax.nodes) ReadModelParameter(node, model);
    ResolveViews(views, model);
    ResolveExplores(explores, model);
    project_->models.emplace(model.name, std::move(model));
  }

  void ReadModelParameter(const Node& node, Model& model) {
    if (node.key == "label") model.label = scope_.Text(node);
    if (node.key == "connection") model.connection = scope_.Text(node);
    if (node.key == "week_start_day") {
      static constexpr std::pair<std::string_view, int> kDays[] = {{"monday", 0},
                                                                   {"tuesday", 1},
                                                                   {"wednesday", 2},
                                                                   {"thursday", 3},
                                                                   {"friday", 4},
                                                                   {"saturday", 5},
                                                                   {"sunday", 6}};
      model.week_start_day = scope_.Choice<int>(node, "day of the week", kDays, 0);
    }
    if (node.key == "fiscal_month_offset") {
      std::int64_t months = 0;
      if (!ParseInt(scope_.Text(node), &months) || months < -11 || months > 11) {
        AddError(diagnostics_,
                 kWrongValue,
                 node.value_span(),
                 {"'fiscal_month_offset' takes a number of months from -11 to 11", "", ""});
      } else {
        model.fiscal_month_offset = static_cast<int>(months);
      }
    }
  }

  void ResolveViews(Definitions& definitions, Model& model) {
    definitions.CheckRefinements(diagnostics_);
    for (const std::string_view name : definitions.names()) {
      const Node* tree = definitions.Merged(name, diagnostics_);
      if (tree == nullptr || IsTemplate(*tree)) continue;
      View view = ResolveView(*tree, scope_);
      view.builtin = builtin_files_.count(tree->file) > 0;
      model.views.emplace(view.name, std::move(view));
    }
  }

  void ResolveExplores(Definitions& definitions, Model& model) {
    definitions.CheckRefinements(diagnostics_);
    for (const std::string_view name : definitions.names()) {
      const Node* tree = definitions.Merged(name, diagnostics_);
      if (tree == nullptr || IsTemplate(*tree)) continue;
      Explore explore = ResolveExplore(*tree, scope_);
      FillForeignKeys(model, explore);
      if (HasProtection(*tree)) continue;
      model.explore_order.push_back(explore.name);
      model.explores.emplace(explore.name, std::move(explore));
    }
  }

  // `extension: required`: exists only to be extended.
  static bool IsTemplate(const Node& tree) {
    const Node* extension = tree.Find("extension");
    return extension != nullptr && extension->value == "required";
  }

  static bool HasProtection(const Node& tree) {
    if (IsProtected(tree.children)) return true;
    for (const Node& node : tree.children) {
      if (node.key == "join" && IsProtected(node.children)) return true;
    }
    return false;
  }

  // Puts the joined view's primary key into the sql_on that `foreign_key` stands for.
  void FillForeignKeys(const Model& model, Explore& explore) {
    for (Join& join : explore.joins) {
      for (SqlPiece& piece : join.sql_on.pieces) {
        if (piece.kind != SqlPiece::Kind::kField || !piece.text.empty()) continue;
        const auto view = model.views.find(join.view);
        if (view == model.views.end()) continue;
        if (const Field* key = view->second.primary_key()) {
          piece.text = key->name;
          continue;
        }
        AddError(diagnostics_,
                 kMissingPrimaryKey,
                 piece.span,
                 {"foreign_key needs a primary key in '" + join.view + "', which has none",
                  "",
                  "add  primary_key: yes  to a dimension of '" + join.view + "', or write sql_on"});
      }
    }
  }

  const LoadInput& input_;
  Diagnostics& diagnostics_;
  Constants constants_;
  Scope scope_;
  Files files_;
  Files builtin_;
  std::set<const SourceFile*> builtin_files_;
  std::set<const Syntax*> visited_;
  std::shared_ptr<Project> project_ = std::make_shared<Project>();
};

}  // namespace

std::shared_ptr<const Project> Load(const LoadInput& input, Diagnostics& diagnostics) {
  Diagnostics found;
  std::shared_ptr<const Project> project = Loader(input, found).Run();
  found.Sort();
  diagnostics.Append(std::move(found));
  return project;
}

}  // namespace kura::lookml
