// Files and notes of a new project.
#include "advise/init.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "advise/fields.h"
#include "advise/joins.h"
#include "advise/model_text.h"
#include "advise/names.h"
#include "advise/views.h"
#include "base/text.h"

namespace kura::advise {
namespace {

constexpr const char* kGitIgnore =
    "# Kura's state and this machine's own settings.\n.kura/\nkura.local.yaml\n";

// Without a word from the user: the zone of the source's clocks, unless they are kept in UTC.
std::string BusinessZone(const InitInput& input, const ZoneGuess& guess) {
  if (!input.timezone.empty()) return input.timezone;
  if (!guess.zone.empty() && guess.zone != "UTC" && !guess.zone.starts_with("Etc/")) {
    return guess.zone;
  }
  if (SpeaksJapanese(input.shape)) return "Asia/Tokyo";
  return input.local_zone.empty() ? "UTC" : input.local_zone;
}

ProjectStyle StyleOf(const InitInput& input, const InitPlan& plan) {
  const bool commented = std::any_of(
      input.shape.tables.begin(), input.shape.tables.end(), [](const TableShape& table) {
        return !table.comment.empty() ||
               std::any_of(table.columns.begin(),
                           table.columns.end(),
                           [](const ColumnShape& column) { return !column.comment.empty(); });
      });
  ProjectStyle style;
  style.words = Words(commented ? SpeaksJapanese(input.shape) : input.japanese);
  style.schema = "raw_" + input.shape.name;
  style.timezone = plan.timezone;
  style.datetime_zone = plan.zone.zone;
  return style;
}

// Two tables can have one field name (Users and users): the second file takes a number.
void AddRawViews(const InitInput& input, const ProjectStyle& style, InitPlan* plan) {
  std::set<std::string> names;
  for (const TableShape& table : input.shape.tables) {
    const std::string name = RawViewName(table);
    if (!IsWritable(table.name)) {
      plan->notes.push_back("LookML cannot hold the name of this table, so it has no view: " +
                            table.name);
      continue;
    }
    if (!names.insert(name).second) {
      plan->notes.push_back(fmt::format(
          "the table {} has no view: its name is that of another table's view", table.name));
      continue;
    }
    plan->files.push_back({"lookml/raw/" + name + ".view.lkml", RawView(table, style)});
  }
}

void AddMarts(const Design& design, const ProjectStyle& style, InitPlan* plan) {
  for (const EntityDesign& entity : design.entities) {
    plan->files.push_back({"lookml/marts/" + entity.view + ".view.lkml", MartView(entity, style)});
    plan->explores.push_back(entity.view);
    plan->questions.push_back(entity.view + " " + entity.view + ".count");
    if (entity.fact.table == nullptr) continue;
    plan->files.push_back(
        {"lookml/marts/" + entity.fact.view + ".view.lkml", DaysView(entity, style)});
    plan->explores.push_back(entity.daily);
    plan->questions.push_back(
        fmt::format("{} calendar.day_date {}.{} --filter \"calendar.day_date=30 days\"",
                    entity.daily,
                    entity.fact.view,
                    UniqueMeasure(entity)));
  }
}

// The first of a long list, and how many there are beside them.
std::string Some(const std::vector<std::string>& items) {
  constexpr std::size_t kShown = 12;
  if (items.size() <= kShown) return Join(items, ", ");
  return Join(std::span(items).first(kShown), ", ") +
         fmt::format(" and {} more", items.size() - kShown);
}

void NoteZone(const InitPlan& plan, InitPlan* out) {
  if (!plan.has_wall_clocks) return;
  if (plan.zone.zone.empty()) {
    out->notes.push_back(
        "datetime_zone is undecided: say in kura.yaml what DATETIME columns mean, before numbers "
        "are trusted");
  } else {
    std::string why = plan.zone.evidence[0];
    if (why.ends_with(':')) why += " " + plan.zone.evidence[1];
    out->notes.push_back("datetime_zone is a guess: " + plan.zone.zone + " (" + why + ")");
  }
}

void NoteRules(const Design& design, InitPlan* plan) {
  const Words english(false);
  for (const EntityDesign& entity : design.entities) {
    const std::string left_out = english.LeftOut(*entity.table, entity.rules);
    if (!left_out.empty()) {
      plan->notes.push_back(fmt::format("{} leaves out {}", entity.view, left_out));
    }
    if (entity.fact.table == nullptr) continue;
    const std::string of_fact = english.LeftOut(*entity.fact.table, entity.fact.rules);
    if (!of_fact.empty() && entity.fact.table != entity.table) {
      plan->notes.push_back(fmt::format("{} leaves out {}", entity.daily, of_fact));
    }
  }
}

void NoteReferences(const SourceShape& shape, InitPlan* plan) {
  std::vector<std::string> guesses;
  for (const TableShape& table : shape.tables) {
    for (const Reference& reference : table.references) {
      if (!reference.guessed) continue;
      std::string text = table.name + "." + reference.columns[0] + " → " + reference.parent;
      if (reference.sampled > 0 && reference.found < reference.sampled) {
        text += fmt::format(" ({} of {} found)", reference.found, reference.sampled);
      }
      guesses.push_back(std::move(text));
    }
  }
  if (!guesses.empty()) {
    plan->notes.push_back("joins guessed from names, since there is no foreign key: " +
                          Some(guesses));
  }
}

void NotePersonal(const SourceShape& shape, InitPlan* plan) {
  std::vector<std::string> columns;
  for (const TableShape& table : shape.tables) {
    for (const ColumnShape& column : table.columns) {
      const std::optional<PersonalMark> mark = RecognisePersonal(table, column);
      if (mark) columns.push_back(table.name + "." + column.name);
    }
  }
  if (columns.empty()) return;
  plan->notes.push_back("probably personal data, copied as it is until kura.yaml says otherwise: " +
                        Some(columns));
}

void NoteKeys(const SourceShape& shape, InitPlan* plan) {
  std::vector<std::string> keyless;
  for (const TableShape& table : shape.tables) {
    if (table.primary_key.empty()) keyless.push_back(table.name);
  }
  if (!keyless.empty()) {
    plan->notes.push_back("no primary key, so copied whole each time: " + Some(keyless));
  }
}

}  // namespace

InitPlan PlanInit(const InitInput& input) {
  InitPlan plan;
  plan.has_wall_clocks = HasWallClocks(input.shape);
  plan.zone = GuessZone(input.shape, input.local_zone);
  plan.timezone = BusinessZone(input, plan.zone);
  const ProjectStyle style = StyleOf(input, plan);
  const Design design = MakeDesign(input.shape);
  plan.files.push_back({"kura.yaml", ConfigFile(input, plan)});
  plan.files.push_back({".gitignore", kGitIgnore});
  plan.files.push_back({"lookml/" + input.shape.name + ".model.lkml",
                        ModelFile(design, style, input.connection.database)});
  AddMarts(design, style, &plan);
  AddRawViews(input, style, &plan);
  NoteZone(plan, &plan);
  NoteRules(design, &plan);
  NotePersonal(input.shape, &plan);
  NoteReferences(input.shape, &plan);
  NoteKeys(input.shape, &plan);
  return plan;
}

std::string SourceName(const std::string& database) {
  std::string name;
  for (const char c : ToLower(database)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    name += plain ? c : '_';
  }
  const bool bad_start = name.empty() || (name[0] >= '0' && name[0] <= '9');
  return bad_start ? "db_" + name : name;
}

}  // namespace kura::advise
