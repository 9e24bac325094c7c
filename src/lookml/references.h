// lookml/references.h: what the names in a model mean, for validation: aliases → views, and the
// words for names that mean nothing.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "lookml/model.h"

namespace kura::lookml {

/// The names of one model. References the model.
class References {
 public:
  References(const Model& model, Diagnostics& diagnostics);

  const Model& model() const { return model_; }
  Diagnostics& diagnostics() { return diagnostics_; }

  /// The view behind a name: a view, or an alias of some explore. Null when there is none.
  const View* FindView(std::string_view name) const;

  /// The field that a reference in `own` means; null when there is none.
  const Field* FindField(const View& own, const SqlPiece& piece) const;

  /// Reports a reference that means nothing, from within the view `own`.
  void ReportField(const View& own, const SqlPiece& piece);

  /// Reports a view that does not exist; `why` is the text behind the caret.
  void ReportView(std::string_view name, Span span, std::string why);

  /// " (did you mean 'shops.prefecture'?)" or "": the nearest field of the model, and among those
  /// of `own` first.
  std::string GuessField(const View* own, std::string_view view, std::string_view field) const;

 private:
  const Model& model_;
  Diagnostics& diagnostics_;
  std::map<std::string, const View*, std::less<>> aliases_;
};

/// " (did you mean 'x'?)", or "" when nothing is near.
std::string Guess(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace kura::lookml
