// lookml/model.h: the resolved model as plain data: what every later stage reads. Names are final,
// includes are applied, dimension groups are expanded to one field per timeframe. SQL texts keep
// their ${} references as parsed pieces, since what they mean depends on the explore's aliases.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/diagnostics.h"

namespace kura::lookml {

/// A piece of a user's SQL text: text as written, or one reference.
struct SqlPiece {
  enum class Kind {
    kText,       // `text` byte for byte
    kTable,      // ${TABLE}
    kField,      // ${field} or ${view.field}: `view` is empty for the own view
    kTableName,  // ${view.SQL_TABLE_NAME}: `view`
  };
  Kind kind = Kind::kText;
  std::string text;  // kText: the text; kField: the field's name without its view
  std::string view;
  Span span;
};

/// A SQL text with its references.
struct Sql {
  std::vector<SqlPiece> pieces;
  Span span;
  bool empty() const { return pieces.empty(); }
};

enum class FieldKind { kDimension, kMeasure, kFilter, kParameter };

/// LookML's word for a kind: "dimension".
std::string_view FieldKindName(FieldKind kind);

/// Timeframes of dimension groups; kNone for everything else.
enum class Timeframe {
  kNone,
  kRaw,
  kTime,
  kTimeOfDay,
  kDate,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kHour,
  kMinute,
  kSecond,
  kHourOfDay,
  kDayOfWeek,
  kDayOfWeekIndex,
  kDayOfMonth,
  kDayOfYear,
  kWeekOfYear,
  kMonthNum,
  kMonthName,
  kQuarterOfYear,
};

/// What a time field's SQL holds. kDate and kYyyymmdd are never converted between zones.
enum class Datatype { kDatetime, kTimestamp, kDate, kEpoch, kYyyymmdd };

/// `filters: [field: "expression"]` of a measure or an explore.
struct FilterEntry {
  std::string field;  // "view.field" or "field"
  std::string expression;
  Span span;
};

/// One dimension, measure, filter or parameter.
struct Field {
  FieldKind kind = FieldKind::kDimension;
  std::string name;             // without the view: "created_date", "count"
  std::string type = "string";  // LookML's type: string number yesno date … count sum …
  Sql sql;                      // empty for count
  std::string label;            // "" = made from the name
  std::string description;
  std::string view_label;
  std::string group_label;
  std::string group_item_label;
  std::string value_format;
  std::string value_format_name;
  bool hidden = false;
  bool primary_key = false;
  bool convert_tz = true;
  std::string dimension_group;  // the group's name, for an expanded timeframe
  Timeframe timeframe = Timeframe::kNone;
  Datatype datatype = Datatype::kDatetime;
  std::vector<FilterEntry> filters;  // measures
  std::vector<std::string> drill_fields;
  std::vector<std::string> tags;
  std::string default_value;  // filters and parameters
  Span span;                  // the name in `dimension: name`

  bool is_measure() const { return kind == FieldKind::kMeasure; }
};

/// A view: a table, a SQL derived table, or (neither given) the table with the view's name.
struct View {
  std::string name;
  std::string label;
  Sql sql_table_name;
  Sql derived_sql;            // derived_table: { sql: … ;; }
  std::vector<Field> fields;  // in the order of the text
  std::map<std::string, std::size_t, std::less<>> field_index;
  std::map<std::string, std::vector<std::string>, std::less<>> sets;
  std::vector<std::string> drill_fields;
  Span span;
  bool builtin = false;  // ships with Kura (//kura/calendar)

  bool is_derived() const { return !derived_sql.empty(); }
  const Field* Find(std::string_view field) const;
  /// The field with primary_key: yes, or null.
  const Field* primary_key() const;
};

enum class JoinType { kLeftOuter, kInner, kFullOuter, kCross };
enum class Relationship { kManyToOne, kOneToOne, kOneToMany, kManyToMany };

/// LookML's word for a relationship: "many_to_one".
std::string_view RelationshipName(Relationship relationship);

/// One join of an explore, in the order of the text. `name` is the alias that fields use.
struct Join {
  std::string name;
  std::string view;  // `from`, or the name
  JoinType type = JoinType::kLeftOuter;
  Relationship relationship = Relationship::kManyToOne;
  Sql sql_on;
  Sql sql_where;
  std::vector<std::string> required_joins;
  std::vector<std::string> fields;  // empty = all
  std::string view_label;
  Span span;
  Span relationship_span;
};

/// An explore. `base` is the alias of its base view, `base_view` the view.
struct Explore {
  std::string name;
  std::string label;
  std::string description;
  std::string group_label;
  std::string view_label;
  std::string base;
  std::string base_view;
  bool hidden = false;
  std::vector<Join> joins;
  Sql sql_always_where;
  Sql sql_always_having;
  std::vector<FilterEntry> always_filter;
  std::vector<std::string> always_join;
  std::vector<std::string> fields;  // empty = all
  Span span;

  const Join* Find(std::string_view alias) const;
  /// The view behind an alias, "" when the explore has no such alias.
  std::string ViewOf(std::string_view alias) const;
};

/// One model file with everything it includes.
struct Model {
  std::string name;
  std::string label;
  std::string connection;
  int week_start_day = 0;  // 0 = Monday
  int fiscal_month_offset = 0;
  std::map<std::string, View, std::less<>> views;
  std::map<std::string, Explore, std::less<>> explores;
  std::vector<std::string> explore_order;  // as written
};

/// All models of a project: one immutable snapshot. Keeps the texts that its spans point into.
struct Project {
  std::map<std::string, Model, std::less<>> models;
  std::vector<std::shared_ptr<const SourceFile>> files;

  /// Finds "explore" or "model::explore". Null when there is none, or when `ambiguous` is set
  /// because several models have it.
  struct Found {
    const Model* model = nullptr;
    const Explore* explore = nullptr;
    std::vector<std::string> ambiguous_models;
  };
  Found FindExplore(std::string_view name) const;
};

}  // namespace kura::lookml
