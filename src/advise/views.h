// advise/views.h: the views of a project as LookML: each table as it is, entities as they are now,
// and their facts by day.
#pragma once
#include <string>

#include "advise/design.h"
#include "advise/words.h"

namespace kura::advise {

/// What all files of a project share.
struct ProjectStyle {
  Words words{false};
  std::string schema;         // "raw_shop"
  std::string timezone;       // the business day's
  std::string datetime_zone;  // what DATETIME columns mean; empty: undecided
};

/// lookml/raw/<table>.view.lkml: every column, keys and counts; hidden keys, personal data marked.
std::string RawView(const TableShape& table, const ProjectStyle& style);

/// lookml/marts/<entities>_now.view.lkml: the rows that count, without personal data and upkeep.
std::string MartView(const EntityDesign& entity, const ProjectStyle& style);

/// lookml/marts/<entity>_days.view.lkml: facts by entity and day. The entity has facts.
std::string DaysView(const EntityDesign& entity, const ProjectStyle& style);

/// The name of the daily view's measure of different entities: "unique_users".
std::string UniqueMeasure(const EntityDesign& entity);

}  // namespace kura::advise
