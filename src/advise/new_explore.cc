// Entity by name, facts by references, and only what is missing.
#include "advise/new_explore.h"

#include <fmt/core.h>

#include <set>

#include "advise/model_text.h"
#include "advise/names.h"
#include "base/text.h"

namespace kura::advise {
namespace {

std::string WithoutEnding(std::string name) {
  for (const std::string_view ending : {"_now", "_current", "_daily", "_by_day", "_days"}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

// A table by its own name, by that name without prefix, or by the singular.
const TableShape* FindTable(const SourceShape& shape, const std::string& name) {
  if (const TableShape* table = shape.Find(name)) return table;
  for (const TableShape& table : shape.tables) {
    if (Plural(BareTableName(table.name)) == Plural(FieldName(name))) return &table;
  }
  return nullptr;
}

tl::unexpected<Error> NoTable(const SourceShape& shape, const std::string& name,
                              const std::string& option) {
  std::vector<std::string> names;
  for (const TableShape& table : shape.tables) names.push_back(table.name);
  const std::string near = NearestName(name, names);
  return FailWithHint(Code::kNotFound,
                      fmt::format("there is no table '{}' in the source {}{}",
                                  name,
                                  shape.name,
                                  near.empty() ? "" : " (did you mean '" + near + "'?)"),
                      option + " is one of: " + Join(names, ", "));
}

Result<const TableShape*> FindEntity(const NewExploreInput& input) {
  const std::string name = input.entity.empty() ? WithoutEnding(input.name) : input.entity;
  const TableShape* table = FindTable(input.shape, name);
  if (table == nullptr) return NoTable(input.shape, name, "--entity");
  if (table->primary_key.size() == 1) return table;
  return FailWithHint(
      Code::kInvalid,
      fmt::format("{} has no primary key of one column, so its rows are no entity", table->name),
      "choose another table with --entity; this one may be a fact:  --fact " + table->name);
}

bool HasView(const lookml::Model& model, const std::string& name) {
  return model.views.count(name) != 0;
}

// A view that is there already must have the key by the name that joins use.
Status CheckMart(const EntityDesign& entity, const lookml::Model& model) {
  const auto view = model.views.find(entity.view);
  const std::string key = FieldName(entity.table->primary_key[0]);
  if (view == model.views.end() || view->second.Find(key) != nullptr) return {};
  return FailWithHint(
      Code::kInvalid,
      fmt::format("the view {} has no dimension '{}'", entity.view, key),
      fmt::format("add the key of {}:  dimension: {} {{ primary_key: yes  hidden: yes }}",
                  entity.table->name,
                  key));
}

// Joins to views that the model does not have are left out, and said.
void KeepKnownParents(const NewExploreInput& input, const lookml::Model& model,
                      EntityDesign* entity, NewExplore* plan) {
  std::set<std::string> marts;
  for (const TableShape& table : input.shape.tables) {
    if (HasView(model, MartViewName(table))) marts.insert(table.name);
  }
  for (ParentDesign& parent : DesignParents(input.shape, *entity, marts)) {
    const auto view = model.views.find(entity->view);
    const bool has_key = view == model.views.end() ||
                         view->second.Find(FieldName(parent.reference.columns[0])) != nullptr;
    if (HasView(model, parent.view) && has_key) {
      entity->parents.push_back(std::move(parent));
    } else {
      plan->notes.push_back("not joined, since the project has no view or key for it: " +
                            parent.reference.parent);
    }
  }
}

// The view of the facts by day; a second one for the same entity is named after its facts.
Status AddDays(const NewExploreInput& input, const lookml::Model& model, EntityDesign* entity,
               NewExplore* plan) {
  FactDesign& fact = entity->fact;
  if (fact.table == nullptr && !input.fact.empty()) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("{} has no time of its rows, or no column that points to {}",
                                    input.fact,
                                    entity->table->name),
                        fact.others.empty() ? "use  kura new explore current"
                                            : "--fact is one of: " + Join(fact.others, ", "));
  }
  if (fact.table == nullptr) {
    return FailWithHint(
        Code::kInvalid,
        fmt::format("no table says what happened to {} and when", entity->table->name),
        "a fact needs a time and a column that points to " + entity->table->name +
            "; name one with --fact TABLE, or use  kura new explore current");
  }
  if (HasView(model, fact.view)) {
    fact.view = entity->singular + "_" + Singular(BareTableName(fact.table->name)) + "_days";
  }
  if (HasView(model, fact.view)) {
    plan->notes.push_back("the view " + fact.view + " is there already and is used as it is");
  } else {
    plan->files.push_back(
        {"lookml/marts/" + fact.view + ".view.lkml", DaysView(*entity, input.style)});
  }
  plan->question = fmt::format("{} calendar.day_date {}.{} --filter \"calendar.day_date=30 days\"",
                               input.name,
                               fact.view,
                               UniqueMeasure(*entity));
  return {};
}

Status CheckName(const NewExploreInput& input, const lookml::Model& model) {
  if (FieldName(input.name) != input.name) {
    return FailWithHint(Code::kInvalid,
                        "'" + input.name + "' is no name for an explore",
                        "small letters, digits and underscores:  " + FieldName(input.name));
  }
  if (model.explores.count(input.name) == 0) return {};
  return FailWithHint(Code::kInvalid,
                      "there is an explore '" + input.name + "' already; nothing was written",
                      "choose another name");
}

}  // namespace

Result<NewExplore> PlanNewExplore(const NewExploreInput& input, const lookml::Model& model) {
  TRY_STATUS(CheckName(input, model));
  TRY(const TableShape* const table, FindEntity(input));
  std::string fact;
  if (!input.fact.empty()) {
    const TableShape* found = FindTable(input.shape, input.fact);
    if (found == nullptr) return NoTable(input.shape, input.fact, "--fact");
    fact = found->name;
  }
  NewExplore plan;
  EntityDesign entity = DesignEntity(input.shape, *table, fact);
  TRY_STATUS(CheckMart(entity, model));
  KeepKnownParents(input, model, &entity, &plan);
  if (!HasView(model, entity.view)) {
    plan.files.push_back(
        {"lookml/marts/" + entity.view + ".view.lkml", MartView(entity, input.style)});
  }
  if (input.kind == "current") {
    plan.explore = CurrentExplore(entity, input.style, input.name);
    plan.question = input.name + " " + entity.view + ".count";
    return plan;
  }
  TRY_STATUS(AddDays(input, model, &entity, &plan));
  plan.explore = DailyExplore(entity, input.style, input.name);
  return plan;
}

SourceShape ShapeOf(const sql::Catalogue& catalogue, const std::string& source) {
  SourceShape shape;
  shape.name = source;
  for (const auto& [name, table] : catalogue.tables) {
    if (table.schema != "raw_" + source) continue;
    TableShape& out = shape.tables.emplace_back();
    out.name = table.name;
    out.comment = table.comment;
    out.primary_key = table.primary_key;
    out.rows = table.rows;
    for (const sql::CatalogueColumn& column : table.columns) {
      ColumnShape& copied = out.columns.emplace_back();
      copied.name = column.name;
      copied.type = column.type;
      copied.comment = column.comment;
      copied.nullable = column.nullable;
    }
  }
  return shape;
}

}  // namespace kura::advise
