// Look-ups of names, and guesses for those that are not found.
#include "lookml/references.h"

#include "base/text.h"
#include "lookml/diagnostics.h"

namespace kura::lookml {

References::References(const Model& model, Diagnostics& diagnostics)
    : model_(model), diagnostics_(diagnostics) {
  const auto add = [this](const std::string& alias, const std::string& name) {
    const auto view = model_.views.find(name);
    if (view != model_.views.end()) aliases_.emplace(alias, &view->second);
  };
  for (const auto& [name, view] : model.views) aliases_.emplace(name, &view);
  for (const auto& [name, explore] : model.explores) {
    add(explore.base, explore.base_view);
    for (const Join& join : explore.joins) add(join.name, join.view);
  }
}

const View* References::FindView(std::string_view name) const {
  const auto found = aliases_.find(name);
  return found == aliases_.end() ? nullptr : found->second;
}

const Field* References::FindField(const View& own, const SqlPiece& piece) const {
  const View* view = piece.view.empty() ? &own : FindView(piece.view);
  return view == nullptr ? nullptr : view->Find(piece.text);
}

void References::ReportField(const View& own, const SqlPiece& piece) {
  const View* view = piece.view.empty() ? &own : FindView(piece.view);
  const std::string name = (piece.view.empty() ? own.name : piece.view) + "." + piece.text;
  Words words{"there is no field '" + name + "'", "", ""};
  if (view == nullptr) {
    words.label = "'" + piece.view + "' is not a view here; this view is '" + own.name + "'";
  } else {
    for (const Field& field : view->fields) {
      if (field.dimension_group != piece.text) continue;
      words.label = "a dimension group is named with a timeframe: '" + field.name + "'";
      AddError(diagnostics_, kUnknownField, piece.span, std::move(words));
      return;
    }
  }
  words.message += GuessField(&own, piece.view.empty() ? own.name : piece.view, piece.text);
  AddError(diagnostics_, kUnknownField, piece.span, std::move(words));
}

void References::ReportView(std::string_view name, Span span, std::string why) {
  std::vector<std::string> names;
  for (const auto& [known, view] : model_.views) names.push_back(known);
  const std::string guess = Guess(name, names);
  AddError(diagnostics_,
           kUnknownView,
           span,
           {"there is no view '" + std::string(name) + "'" + guess,
            std::move(why),
            guess.empty() ? "a model sees only the views of files that it includes" : ""});
}

std::string References::GuessField(const View* own, std::string_view view,
                                   std::string_view field) const {
  const std::string name = std::string(view) + "." + std::string(field);
  const View* meant = FindView(view);
  std::vector<std::string> names;
  for (const View* first : {meant, own}) {
    if (first == nullptr) continue;
    for (const Field& known : first->fields) {
      names.push_back((first == meant ? std::string(view) : first->name) + "." + known.name);
    }
  }
  std::string guess = Guess(name, names);
  if (!guess.empty()) return guess;
  for (const auto& [known_view, found] : model_.views) {
    for (const Field& known : found.fields) names.push_back(known_view + "." + known.name);
  }
  return Guess(name, names);
}

std::string Guess(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string nearest = NearestName(name, candidates);
  return nearest.empty() ? "" : " (did you mean '" + nearest + "'?)";
}

}  // namespace kura::lookml
