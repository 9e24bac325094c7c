// References between fields.
#include "lookml/validate_view.h"

#include <algorithm>
#include <set>

#include "lookml/diagnostics.h"
#include "lookml/sql_text.h"

namespace kura::lookml {
namespace {

// Measures that aggregate their sql themselves.
bool Aggregates(const Field& field) {
  static const std::set<std::string, std::less<>> kPostAggregate = {"number",
                                                                    "string",
                                                                    "yesno",
                                                                    "date",
                                                                    "date_time",
                                                                    "percent_of_total",
                                                                    "percent_of_previous",
                                                                    "running_total",
                                                                    "period_over_period",
                                                                    "int"};
  return field.is_measure() && kPostAggregate.count(field.type) == 0;
}

class ViewChecker {
 public:
  ViewChecker(const View& view, References& references) : view_(view), references_(references) {}

  void Run() {
    CheckTables(view_.derived_sql);
    CheckTables(view_.sql_table_name);
    for (const Field& field : view_.fields) {
      if (IsRepeated(field)) continue;
      CheckSql(field);
      CheckFilters(field);
      for (const std::string& name : field.drill_fields) CheckListed(name, field.span);
    }
    for (const auto& [name, fields] : view_.sets) {
      for (const std::string& entry : fields) CheckListed(entry, view_.span);
    }
    for (const std::string& name : view_.drill_fields) CheckListed(name, view_.span);
  }

 private:
  // The timeframes of a group share their texts: one of them is enough.
  bool IsRepeated(const Field& field) {
    return !field.dimension_group.empty() && !groups_.insert(field.dimension_group).second;
  }

  void CheckTables(const Sql& sql) {
    for (const SqlPiece& piece : sql.pieces) {
      if (piece.kind != SqlPiece::Kind::kTableName) continue;
      if (references_.FindView(piece.view) == nullptr) {
        references_.ReportView(piece.view, piece.span, "");
      }
    }
  }

  void CheckSql(const Field& field) {
    CheckTables(field.sql);
    for (const SqlPiece& piece : field.sql.pieces) {
      if (piece.kind != SqlPiece::Kind::kField) continue;
      const Field* used = references_.FindField(view_, piece);
      if (used == nullptr) {
        references_.ReportField(view_, piece);
      } else if (used->is_measure()) {
        CheckUseOfMeasure(field, *used, piece.span);
      }
    }
  }

  void CheckUseOfMeasure(const Field& field, const Field& used, Span span) {
    if (!field.is_measure()) {
      AddError(references_.diagnostics(),
               kMeasureInDimension,
               span,
               {"dimension '" + NameOf(field) + "' refers to the measure '" + used.name + "'",
                "a dimension is computed for each row, a measure over many",
                ""});
      return;
    }
    if (!Aggregates(field)) return;
    AddError(references_.diagnostics(),
             kAggregateOfMeasure,
             span,
             {"measure '" + NameOf(field) + "' of type " + field.type + " refers to the measure '" +
                  used.name + "'",
              "an aggregate cannot be aggregated again",
              "to compute with measures use  type: number"});
  }

  void CheckFilters(const Field& field) {
    for (const FilterEntry& filter : field.filters) {
      const SqlPiece piece = FieldPiece(filter.field, filter.span);
      const Field* used = references_.FindField(view_, piece);
      if (used == nullptr) {
        references_.ReportField(view_, piece);
      } else if (used->is_measure()) {
        AddError(references_.diagnostics(),
                 kAggregateOfMeasure,
                 filter.span,
                 {"measure '" + NameOf(field) + "' is filtered by the measure '" + used->name + "'",
                  "filters of a measure choose rows, so they need a dimension",
                  ""});
      }
    }
  }

  // An entry of a set or of drill_fields: "field", "view.field", "-field", "set*", "view.set*".
  void CheckListed(std::string_view entry, Span span) {
    if (entry.starts_with('-')) entry.remove_prefix(1);
    SqlPiece piece = FieldPiece(entry, span);
    if (!entry.ends_with('*')) {
      const View* view = piece.view.empty() ? &view_ : references_.FindView(piece.view);
      if (view != nullptr && IsGroup(*view, piece.text)) return;
      if (references_.FindField(view_, piece) == nullptr) WarnListed(entry, span);
      return;
    }
    piece.text.pop_back();
    const View* view = piece.view.empty() ? &view_ : references_.FindView(piece.view);
    if (piece.text == "ALL_FIELDS" || (view != nullptr && view->sets.count(piece.text) > 0)) return;
    std::vector<std::string> names;
    for (const auto& [name, fields] : view_.sets) names.push_back(name);
    AddWarning(references_.diagnostics(),
               kUnknownSet,
               span,
               {"there is no set '" + piece.text + "'" + Guess(piece.text, names), "", ""});
  }

  static bool IsGroup(const View& view, std::string_view name) {
    return std::any_of(view.fields.begin(), view.fields.end(), [&](const Field& field) {
      return field.dimension_group == name;
    });
  }

  void WarnListed(std::string_view entry, Span span) {
    const SqlPiece piece = FieldPiece(entry, span);
    const std::string view = piece.view.empty() ? view_.name : piece.view;
    AddWarning(references_.diagnostics(),
               kUnknownField,
               span,
               {"a list of fields here names '" + view + "." + piece.text +
                    "', which does not exist" + references_.GuessField(&view_, view, piece.text),
                "",
                ""});
  }

  std::string NameOf(const Field& field) const { return view_.name + "." + field.name; }

  const View& view_;
  References& references_;
  std::set<std::string> groups_;
};

// Depth first over all fields of the model; a field that is met while it is open closes a circle.
class CycleFinder {
 public:
  explicit CycleFinder(References& references) : references_(references) {}

  void Run() {
    for (const auto& [name, view] : references_.model().views) {
      for (const Field& field : view.fields) Visit(view, field);
    }
  }

 private:
  struct Step {
    const View* view;
    const Field* field;
  };

  // Chains of references are as long as people write them; the limit only guards the stack.
  static constexpr std::size_t kChainMax = 1000;

  void Visit(const View& view, const Field& field) {
    if (done_.count(&field) > 0 || chain_.size() >= kChainMax) return;
    const auto open = std::find_if(
        chain_.begin(), chain_.end(), [&](const Step& step) { return step.field == &field; });
    if (open != chain_.end()) return Report(open);
    chain_.push_back({&view, &field});
    for (const SqlPiece& piece : field.sql.pieces) {
      if (piece.kind == SqlPiece::Kind::kField) Follow(view, piece);
    }
    chain_.pop_back();
    done_.insert(&field);
  }

  void Follow(const View& own, const SqlPiece& piece) {
    const View* view = piece.view.empty() ? &own : references_.FindView(piece.view);
    const Field* field = view == nullptr ? nullptr : view->Find(piece.text);
    if (field != nullptr) Visit(*view, *field);
  }

  void Report(std::vector<Step>::const_iterator open) {
    std::string circle;
    for (auto step = open; step != chain_.end(); ++step) {
      circle += step->view->name + "." + step->field->name + " → ";
    }
    AddError(references_.diagnostics(),
             kFieldCycle,
             open->field->span,
             {"'" + open->view->name + "." + open->field->name + "' refers to itself",
              circle + open->view->name + "." + open->field->name,
              ""});
  }

  References& references_;
  std::vector<Step> chain_;
  std::set<const Field*> done_;
};

}  // namespace

void ValidateView(const View& view, References& references) {
  if (!view.builtin) ViewChecker(view, references).Run();
}

void ValidateCycles(References& references) {
  CycleFinder(references).Run();
}

}  // namespace kura::lookml
