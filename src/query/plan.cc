// Resolves a question step by step; a step that fails reports and lets the others go on.
#include "query/plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "query/join_plan.h"
#include "query/spine.h"

namespace kura::query {
namespace {

using lookml::FieldKind;
using lookml::Timeframe;

class Planner {
 public:
  Planner(const CompileInput& input, const Query& query, Diagnostics& diagnostics)
      : input_(input), query_(query), diagnostics_(diagnostics) {}

  std::optional<Plan> Run();

 private:
  bool FindExplore();
  bool FindZone();
  void RefuseUnsupported();
  void AddFields();
  void AddFilters();
  void AddFilter(const std::string& name, const std::string& expression, bool must_exist);
  void AddSorts();
  void AddDefaultSort();
  void BreakTies();
  void AddLimit();
  void AddFill();
  std::optional<Use> Resolve(const Member& member);
  bool CheckKind(const Use& use, const Member& member);
  bool FiltersMeasures() const;
  void Refuse(const Member& member, Finding finding) {
    Report(diagnostics_, member, std::move(finding));
  }

  const CompileInput& input_;
  const Query& query_;
  Diagnostics& diagnostics_;
  Plan plan_;
};

std::optional<Plan> Planner::Run() {
  const std::size_t before = diagnostics_.error_count();
  const auto failed = [&] { return diagnostics_.error_count() > before; };
  RefuseUnsupported();
  if (!FindExplore() || !FindZone()) return std::nullopt;
  plan_.spine = plan_.scope.is_spine();
  AddFields();
  AddFilters();
  AddLimit();
  if (failed()) return std::nullopt;
  AddSorts();
  AddFill();
  if (plan_.spine) BoundSpine(plan_);
  PlanJoins(plan_, diagnostics_);
  if (failed()) return std::nullopt;
  return std::move(plan_);
}

bool Planner::FindExplore() {
  const Member member{"view", query_.explore};
  const std::string name =
      query_.model.empty() ? query_.explore : query_.model + "::" + query_.explore;
  const lookml::Project::Found found = input_.project->FindExplore(name);
  if (found.explore) {
    plan_.scope.model = found.model;
    plan_.scope.explore = found.explore;
    plan_.scope.catalogue = input_.catalogue;
    return true;
  }
  if (!found.ambiguous_models.empty()) {
    const std::string models = Join(found.ambiguous_models, ", ");
    Refuse(member,
           {kAmbiguousExplore,
            fmt::format("several models have an explore '{}': {}", query_.explore, models),
            "",
            fmt::format("write {}::{}", found.ambiguous_models[0], query_.explore)});
    return false;
  }
  std::vector<std::string> names;
  for (const auto& [model_name, model] : input_.project->models) {
    names.insert(names.end(), model.explore_order.begin(), model.explore_order.end());
  }
  const std::string near = NearestName(query_.explore, names);
  Refuse(member,
         {kUnknownExplore,
          fmt::format("there is no explore '{}'", name),
          "",
          near.empty() ? "" : fmt::format("did you mean '{}'?", near)});
  return false;
}

bool Planner::FindZone() {
  const std::string& name = query_.timezone.empty() ? input_.timezone : query_.timezone;
  Result<Zone> zone = Zone::Find(name);
  if (!zone) {
    Refuse({"query_timezone", name},
           {kBadTimezone,
            fmt::format("there is no time zone '{}'", name),
            "",
            "zones are named as in Asia/Tokyo or UTC"});
    return false;
  }
  plan_.scope.zone = *zone;
  plan_.scope.now = zone->ToLocal(input_.now);
  return true;
}

void Planner::RefuseUnsupported() {
  if (!query_.pivots.empty()) {
    Refuse({"pivots", query_.pivots[0]},
           {kUnsupportedFeature, "pivots cannot be answered yet", "", "ask for plain rows"});
  }
  if (query_.total) {
    Refuse({"total", "true"},
           {kUnsupportedFeature,
            "totals cannot be answered yet",
            "",
            "ask the same question without dimensions"});
  }
}

std::optional<Use> Planner::Resolve(const Member& member) {
  std::optional<Use> use = plan_.scope.Find(member.text);
  if (use) return use;
  std::string near = NearestName(member.text, plan_.scope.FieldNames());
  const std::size_t dot = member.text.find('.');
  if (near.empty() && dot != std::string::npos) {
    const std::string alias = NearestName(member.text.substr(0, dot), plan_.scope.Aliases());
    if (!alias.empty()) near = alias + member.text.substr(dot);
    if (!plan_.scope.Find(near)) near.clear();
  }
  Refuse(member,
         {kUnknownField,
          fmt::format(
              "there is no field '{}' in explore '{}'", member.text, plan_.scope.explore->name),
          "",
          near.empty() ? "" : fmt::format("did you mean '{}'?", near)});
  return std::nullopt;
}

bool Planner::CheckKind(const Use& use, const Member& member) {
  const FieldKind kind = use.field->kind;
  if (kind == FieldKind::kDimension || kind == FieldKind::kMeasure) return true;
  Refuse(member,
         {kUnsupportedField,
          fmt::format("'{}' is a {} and has no value of its own",
                      use.name(),
                      kind == FieldKind::kFilter ? "filter-only field" : "parameter"),
          "",
          "ask for a dimension or a measure"});
  return false;
}

void Planner::AddFields() {
  if (query_.fields.empty()) {
    Refuse({"fields", ""}, {kNoFields, "the question asks for no fields", "", ""});
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < query_.fields.size(); ++i) {
    Member member{fmt::format("fields[{}]", i), query_.fields[i]};
    std::optional<Use> use = Resolve(member);
    if (!use || !CheckKind(*use, member)) continue;
    if (!seen.insert(member.text).second) {
      Refuse(member, {kBadQuery, fmt::format("'{}' is asked for twice", member.text), "", ""});
      continue;
    }
    plan_.fields.push_back({std::move(*use), std::move(member)});
  }
}

void Planner::AddFilters() {
  for (const auto& [field, expression] : query_.filters) AddFilter(field, expression, true);
  for (const lookml::FilterEntry& entry : plan_.scope.explore->always_filter) {
    const std::string name = entry.field.find('.') == std::string::npos
                                 ? plan_.scope.explore->base + "." + entry.field
                                 : entry.field;
    if (!query_.filters.contains(name)) AddFilter(name, entry.expression, true);
  }
}

void Planner::AddFilter(const std::string& name, const std::string& expression, bool must_exist) {
  const Member field{"filters." + name, name};
  if (!must_exist && !plan_.scope.Find(name)) return;
  std::optional<Use> use = Resolve(field);
  if (!use || !CheckKind(*use, field)) return;
  Member member{field.name, expression};
  auto parsed = ParseFilter(plan_.scope, *use->field, expression);
  if (const auto* error = std::get_if<FilterError>(&parsed)) {
    Refuse(member,
           {kBadFilter,
            fmt::format("the filter of '{}' cannot be read", name),
            error->message,
            error->hint,
            error->begin,
            error->end});
    return;
  }
  plan_.filters.push_back(
      {std::move(*use), std::move(member), std::get<ParsedFilter>(std::move(parsed))});
}

void Planner::AddLimit() {
  if (query_.limit == 0 || query_.limit < -1) {
    Refuse({"limit", std::to_string(query_.limit)},
           {kBadLimit, "the limit must be at least 1 row, or -1 for the server's limit", "", ""});
    return;
  }
  const int server = input_.row_limit;
  if (query_.limit > 0) plan_.limit = query_.limit;
  if (server > 0) plan_.limit = std::min<std::int64_t>(plan_.limit.value_or(server), server);
}

void Planner::AddSorts() {
  for (std::size_t i = 0; i < query_.sorts.size(); ++i) {
    const Member member{fmt::format("sorts[{}]", i), query_.sorts[i]};
    if (member.text == "__UNSORTED__") return plan_.sorts.clear();
    const std::vector<std::string_view> words = Split(Trim(member.text), ' ');
    const bool descending = words.size() > 1 && EqualsIgnoreCase(words[1], "desc");
    const bool known = words.size() == 1 || descending || EqualsIgnoreCase(words[1], "asc") ||
                       EqualsIgnoreCase(words[1], "0");
    const auto found =
        std::find_if(plan_.fields.begin(), plan_.fields.end(), [&](const PlannedField& field) {
          return field.use.name() == words[0];
        });
    if (!known) {
      Refuse(member, {kBadSort, "a sort is a field, then nothing, asc or desc", "", ""});
    } else if (found == plan_.fields.end()) {
      Refuse(member,
             {kBadSort,
              fmt::format("cannot sort by '{}', which the question does not ask for", words[0]),
              "",
              "add it to the fields"});
    } else {
      plan_.sorts.push_back({static_cast<std::size_t>(found - plan_.fields.begin()), descending});
    }
  }
  if (plan_.sorts.empty()) AddDefaultSort();
  BreakTies();
}

// The first time dimension latest first, else the first measure largest first, else the first
// column.
void Planner::AddDefaultSort() {
  if (plan_.fields.empty()) return;
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    const lookml::Field& field = *plan_.fields[i].use.field;
    if (field.is_measure()) continue;
    if (TimeframeOf(field) == Timeframe::kRaw || UnitOf(TimeframeOf(field))) {
      return plan_.sorts.push_back({i, true});
    }
  }
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    if (plan_.fields[i].use.field->is_measure()) return plan_.sorts.push_back({i, true});
  }
  plan_.sorts.push_back({0, false});
}

void Planner::BreakTies() {
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    if (plan_.fields[i].use.field->is_measure()) continue;
    const bool sorted = std::any_of(
        plan_.sorts.begin(), plan_.sorts.end(), [i](const auto& sort) { return sort.column == i; });
    if (!sorted) plan_.sorts.push_back({i, false});
  }
}

bool Planner::FiltersMeasures() const {
  return !plan_.scope.explore->sql_always_having.empty() ||
         std::any_of(plan_.filters.begin(), plan_.filters.end(), [](const PlannedFilter& filter) {
           return filter.use.field->is_measure();
         });
}

void Planner::AddFill() {
  for (std::size_t i = 0; i < query_.fill_fields.size(); ++i) {
    const Member member{fmt::format("fill_fields[{}]", i), query_.fill_fields[i]};
    const auto found =
        std::find_if(plan_.fields.begin(), plan_.fields.end(), [&](const PlannedField& field) {
          return field.use.name() == member.text;
        });
    if (found == plan_.fields.end()) {
      Refuse(member,
             {kBadFill,
              fmt::format("cannot fill '{}', which the question does not ask for", member.text),
              "",
              "add it to the fields"});
      continue;
    }
    const std::optional<Unit> unit = UnitOf(TimeframeOf(*found->use.field));
    if (!unit || *unit < Unit::kHour) {
      Refuse(member,
             {kBadFill,
              fmt::format("'{}' has no periods that could be filled", member.text),
              "",
              "hours, dates, weeks, months, quarters and years can be"});
    } else if (FiltersMeasures()) {
      Refuse(member,
             {kBadFill,
              fmt::format("cannot fill '{}' of a question that filters measures", member.text),
              "a missing period could not be told from one that the filter took away",
              "take the filter on the measure or the fill away"});
    } else if (plan_.fill) {
      Refuse(member, {kBadFill, "only one field of a question can be filled", "", ""});
    } else {
      plan_.fill = static_cast<std::size_t>(found - plan_.fields.begin());
    }
  }
  plan_.time_axis = plan_.fill;
  if (!plan_.spine) return;
  // Every day of the calendar is a row already.
  if (plan_.fill && plan_.fields[*plan_.fill].use.alias == plan_.scope.explore->base) {
    plan_.fill.reset();
  }
  for (std::size_t i = 0; i < plan_.fields.size() && !plan_.time_axis; ++i) {
    const Use& use = plan_.fields[i].use;
    if (use.alias == plan_.scope.explore->base && UnitOf(TimeframeOf(*use.field))) {
      plan_.time_axis = i;
    }
  }
}

}  // namespace

bool Plan::has_measures() const {
  return std::any_of(fields.begin(), fields.end(), [](const PlannedField& field) {
    return field.use.field->is_measure();
  });
}

Timeframe TimeframeOf(const lookml::Field& field) {
  if (field.is_measure() || field.timeframe != Timeframe::kNone) return field.timeframe;
  if (field.type == "date") return Timeframe::kDate;
  if (field.type == "date_time") return Timeframe::kTime;
  return Timeframe::kNone;
}

FilterLanguage LanguageOf(const lookml::Field& field) {
  if (!field.is_measure() && TimeframeOf(field) != Timeframe::kNone) {
    return LanguageOf(TimeframeOf(field));
  }
  if (field.type == "yesno") return FilterLanguage::kYesNo;
  if (field.type == "date" || field.type == "date_time") return FilterLanguage::kDate;
  if (field.is_measure()) {
    return field.type == "string" ? FilterLanguage::kString : FilterLanguage::kNumber;
  }
  return field.type == "number" || field.type == "int" ? FilterLanguage::kNumber
                                                       : FilterLanguage::kString;
}

std::variant<ParsedFilter, FilterError> ParseFilter(const Scope& scope, const lookml::Field& field,
                                                    const std::string& expression) {
  const auto wrap = [](auto parsed) -> std::variant<ParsedFilter, FilterError> {
    if (auto* error = std::get_if<FilterError>(&parsed)) return std::move(*error);
    return ParsedFilter(std::get<0>(std::move(parsed)));
  };
  switch (LanguageOf(field)) {
    case FilterLanguage::kString:
      return wrap(ParseStringFilter(expression));
    case FilterLanguage::kNumber:
      return wrap(ParseNumberFilter(expression));
    case FilterLanguage::kDate:
      return wrap(ParseDateFilter(expression, scope.now, scope.rules()));
    case FilterLanguage::kYesNo:
      return wrap(ParseYesNoFilter(expression));
  }
  return ParsedFilter(StringFilter{});
}

std::optional<Plan> MakePlan(const CompileInput& input, const Query& query,
                             Diagnostics& diagnostics) {
  return Planner(input, query, diagnostics).Run();
}

}  // namespace kura::query
