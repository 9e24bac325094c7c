// advise/design.h: the two designs (docs/current-and-daily.md) for a database nobody has modelled
// yet: which tables are things with a current state, and which are facts that happen to them.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "advise/rules.h"
#include "advise/shape.h"

namespace kura::advise {

/// Facts by day of one entity: grain = entity × day.
struct FactDesign {
  const TableShape* table = nullptr;  // null: the entity has no daily explore
  std::string view;                   // "user_days"
  std::string key_column;             // of the fact: "user_id"
  bool guessed = false;               // that key_column is the entity's key
  const ColumnShape* time = nullptr;  // when it happened
  bool is_self = false;               // the entity's own rows are the facts
  bool begins_only = false;           // and nothing else is known of them than their beginning
  std::vector<RowRule> rules;         // rows that are no facts
  std::vector<std::string> others;    // further tables whose rows happen to the entity
};

/// A view that an entity's rows point to.
struct ParentDesign {
  std::string alias;  // "companies", or "seller" when two columns point to users
  std::string view;   // "companies" or "companies_now"
  Reference reference;
};

/// One main entity: a mart view, a current explore, and a daily one when it has facts.
struct EntityDesign {
  const TableShape* table = nullptr;
  std::string plural;    // "users"
  std::string singular;  // "user"
  std::string view;      // "users_now", also the current explore
  std::string daily;     // "users_daily"
  std::vector<RowRule> rules;
  std::vector<ParentDesign> parents;
  FactDesign fact;
};

/// The design of a project. Points into the shape that it was made from.
struct Design {
  std::vector<EntityDesign> entities;  // the most referenced first; at most kEntitiesMax
};

inline constexpr std::size_t kEntitiesMax = 4;

/// Chooses entities and their facts.
Design MakeDesign(const SourceShape& shape);

/// Designs one entity of the shape; `fact_table` empty = the one that fits best.
EntityDesign DesignEntity(const SourceShape& shape, const TableShape& table,
                          const std::string& fact_table);

/// Finds the views that the entity's rows point to. `marts` are the tables that have a mart view.
std::vector<ParentDesign> DesignParents(const SourceShape& shape, const EntityDesign& entity,
                                        const std::set<std::string>& marts);

/// The name of the view of a table as it is: "orders".
std::string RawViewName(const TableShape& table);

/// The name of the view of its current rows: "users_now".
std::string MartViewName(const TableShape& table);

/// When a row of the table happened: a time of its own (ordered_at) before the time it was stored
/// (created_at); null without one.
const ColumnShape* EventTime(const TableShape& table);

}  // namespace kura::advise
