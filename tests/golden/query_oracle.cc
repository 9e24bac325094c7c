// Random questions against a slow, obvious evaluation. `oracle COUNT SEED` makes small tables a, b,
// c (b has many a, a has many c) with NULLs and dangling keys, asks COUNT random questions and
// compares every cell with nested loops over the rows, where each view's rows count once per group.
// `days` checks the builtin calendar's SQL against the functions of src/calendar.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "base/text.h"
#include "calendar/calendar.h"
#include "golden/lookml_files.h"
#include "query/compile.h"
#include "warehouse/duckdb.h"

namespace kura::golden {
namespace {

using Cell = std::optional<std::string>;

// One row: id, link (foreign key), x (number), t (text).
using Row = std::map<std::string, Cell>;

constexpr const char* kModel = R"(connection: "duckdb"
view: a {
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: link { type: number sql: ${TABLE}.link ;; }
VIEW
}
view: b {
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
VIEW
}
view: c {
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: link { type: number sql: ${TABLE}.link ;; }
VIEW
}
explore: a {
  join: b { relationship: many_to_one type: KIND1 sql_on: ${a.link} = ${b.id} ;; }
  join: c { relationship: one_to_many type: KIND2 sql_on: ${c.link} = ${a.id} ;; }
}
explore: c {
  join: a { relationship: many_to_one type: KIND1 sql_on: ${c.link} = ${a.id} ;; }
  join: b { relationship: many_to_one type: KIND2 sql_on: ${a.link} = ${b.id} ;; }
}
)";

constexpr const char* kFields = R"(
  dimension: x { type: number sql: ${TABLE}.x ;; }
  dimension: t { type: string sql: ${TABLE}.t ;; }
  dimension: shifted { type: number sql: COALESCE(${TABLE}.x, 7) ;; }
  measure: count { type: count }
  measure: total { type: sum sql: ${x} ;; }
  measure: total_p { type: sum sql: ${x} ;; filters: [t: "p"] }
  measure: total_shifted { type: sum sql: ${shifted} ;; }
  measure: mean { type: average sql: ${x} ;; }
  measure: low { type: min sql: ${x} ;; }
  measure: high { type: max sql: ${x} ;; }
  measure: kinds { type: count_distinct sql: ${t} ;; }
)";

struct World {
  std::map<std::string, std::vector<Row>> tables;
  std::string kind1;
  std::string kind2;
};

struct Question {
  std::string explore;
  std::vector<std::string> dimensions;
  std::vector<std::string> measures;
  std::map<std::string, std::string> filters;
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int Below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  template <typename T>
  const T& Pick(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(Below(static_cast<int>(items.size())))];
  }

 private:
  std::mt19937_64 random_;
};

World MakeWorld(Dice& dice) {
  World world;
  for (const char* name : {"a", "b", "c"}) {
    world.tables[name];  // A table may have no rows.
    const int rows = dice.Below(7);
    for (int i = 1; i <= rows; ++i) {
      Row row;
      row["id"] = std::to_string(i);
      if (dice.Below(5) > 0) row["link"] = std::to_string(1 + dice.Below(7));
      if (dice.Below(4) > 0) row["x"] = std::to_string(dice.Below(5));
      if (dice.Below(4) > 0) row["t"] = dice.Below(2) == 0 ? "p" : "q";
      world.tables[name].push_back(row);
    }
  }
  world.kind1 = dice.Below(3) == 0 ? "inner" : "left_outer";
  world.kind2 = dice.Below(3) == 0 ? "inner" : "left_outer";
  return world;
}

Question MakeQuestion(Dice& dice) {
  const std::vector<std::string> views = {"a", "b", "c"};
  const std::vector<std::string> measures = {
      "count", "total", "total_p", "total_shifted", "mean", "low", "high", "kinds"};
  Question question;
  question.explore = dice.Below(2) == 0 ? "a" : "c";
  std::set<std::string> fields;
  for (int i = dice.Below(3); i > 0; --i) {
    fields.insert(dice.Pick(views) + "." + dice.Pick<std::string>({"x", "t"}));
  }
  question.dimensions.assign(fields.begin(), fields.end());
  fields.clear();
  for (int i = 1 + dice.Below(2); i > 0; --i) {
    fields.insert(dice.Pick(views) + "." + dice.Pick(measures));
  }
  question.measures.assign(fields.begin(), fields.end());
  for (int i = dice.Below(3); i > 0; --i) {
    const std::string view = dice.Pick(views);
    if (dice.Below(2) == 0) {
      question.filters[view + ".t"] = dice.Pick<std::string>({"p", "-p", "NULL", "-NULL"});
    } else {
      question.filters[view + ".x"] = dice.Pick<std::string>({">=2", "NOT 1", "1,3"});
    }
  }
  return question;
}

// A joined row: the row of each alias, or null.
using Joined = std::map<std::string, const Row*>;

Cell Get(const Row* row, const std::string& column) {
  if (!row) return std::nullopt;
  const auto found = row->find(column);
  return found == row->end() ? Cell() : found->second;
}

Cell FieldOf(const Joined& joined, const std::string& name) {
  const auto row = joined.find(name.substr(0, 1));
  return row == joined.end() ? Cell() : Get(row->second, name.substr(2));
}

// Extends every joined row by the rows of `view` whose column equals the other side's.
void JoinTo(std::vector<Joined>& rows, const World& world, const std::string& view,
            const std::string& own, const std::string& other, bool inner) {
  std::vector<Joined> out;
  for (const Joined& joined : rows) {
    bool any = false;
    for (const Row& row : world.tables.at(view)) {
      const Cell left = FieldOf(joined, other);
      if (!left || left != Get(&row, own)) continue;
      Joined more = joined;
      more[view] = &row;
      out.push_back(more);
      any = true;
    }
    if (any || inner) continue;
    Joined more = joined;
    more[view] = nullptr;
    out.push_back(more);
  }
  rows = std::move(out);
}

bool Passes(const Cell& cell, const std::string& filter) {
  if (filter == "p") return cell == "p";
  if (filter == "-p") return cell != "p";
  if (filter == "NULL") return !cell;
  if (filter == "-NULL") return cell.has_value();
  if (filter == ">=2") return cell && std::stoi(*cell) >= 2;
  if (filter == "NOT 1") return cell != "1";
  return cell == "1" || cell == "3";
}

std::set<std::string> ViewsOf(const Question& question) {
  std::set<std::string> views = {question.explore};
  for (const std::string& name : question.dimensions) views.insert(name.substr(0, 1));
  for (const std::string& name : question.measures) views.insert(name.substr(0, 1));
  for (const auto& [name, filter] : question.filters) views.insert(name.substr(0, 1));
  if (question.explore == "c" && views.contains("b")) views.insert("a");
  return views;
}

std::vector<Joined> JoinedRows(const World& world, const Question& question) {
  std::vector<Joined> rows;
  const std::set<std::string> views = ViewsOf(question);
  const bool from_a = question.explore == "a";
  for (const Row& row : world.tables.at(question.explore))
    rows.push_back({{question.explore, &row}});
  if (from_a && views.contains("b"))
    JoinTo(rows, world, "b", "id", "a.link", world.kind1 == "inner");
  if (from_a && views.contains("c"))
    JoinTo(rows, world, "c", "link", "a.id", world.kind2 == "inner");
  if (!from_a && views.contains("a"))
    JoinTo(rows, world, "a", "id", "c.link", world.kind1 == "inner");
  if (!from_a && views.contains("b"))
    JoinTo(rows, world, "b", "id", "a.link", world.kind2 == "inner");
  std::erase_if(rows, [&](const Joined& joined) {
    for (const auto& [name, filter] : question.filters) {
      if (!Passes(FieldOf(joined, name), filter)) return true;
    }
    return false;
  });
  return rows;
}

// The values that a measure aggregates: one per row of its view.
std::vector<double> ValuesOf(const std::set<const Row*>& rows, const std::string& measure) {
  std::vector<double> values;
  for (const Row* row : rows) {
    if (measure == "total_p" && Get(row, "t") != "p") continue;
    const Cell x = Get(row, "x");
    if (x) values.push_back(std::stod(*x));
    if (!x && measure == "total_shifted") values.push_back(7);
  }
  return values;
}

std::string Number(double value) {
  return fmt::format("{:.9g}", value);
}

Cell Evaluate(const std::set<const Row*>& rows, const std::string& measure) {
  if (measure == "count") return Number(static_cast<double>(rows.size()));
  if (measure == "kinds") {
    std::set<std::string> kinds;
    for (const Row* row : rows) {
      if (const Cell t = Get(row, "t")) kinds.insert(*t);
    }
    return Number(static_cast<double>(kinds.size()));
  }
  const std::vector<double> values = ValuesOf(rows, measure);
  double sum = 0;
  for (const double value : values) sum += value;
  if (measure.starts_with("total")) return Number(sum);
  if (values.empty()) return std::nullopt;
  if (measure == "mean") return Number(sum / static_cast<double>(values.size()));
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return Number(measure == "low" ? *low : *high);
}

using Answer = std::multiset<std::string>;

std::string Line(const std::vector<Cell>& cells) {
  std::string line;
  for (const Cell& cell : cells) line += cell.value_or("NULL") + "|";
  return line;
}

Answer Expected(const World& world, const Question& question) {
  std::map<std::vector<Cell>, std::vector<const Joined*>> groups;
  const std::vector<Joined> rows = JoinedRows(world, question);
  if (question.dimensions.empty()) groups[{}];
  for (const Joined& joined : rows) {
    std::vector<Cell> key;
    for (const std::string& name : question.dimensions) key.push_back(FieldOf(joined, name));
    groups[key].push_back(&joined);
  }
  Answer answer;
  for (const auto& [key, members] : groups) {
    std::vector<Cell> cells = key;
    for (const std::string& name : question.measures) {
      std::set<const Row*> own;
      for (const Joined* joined : members) {
        const Row* row = joined->at(name.substr(0, 1));
        if (row) own.insert(row);
      }
      cells.push_back(Evaluate(own, name.substr(2)));
    }
    answer.insert(Line(cells));
  }
  return answer;
}

Cell ToCell(const warehouse::Value& value, bool number) {
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value)) return Number(*real);
  const auto* text = std::get_if<std::string>(&value);
  if (!text) return "?";
  return number ? Number(std::stod(*text)) : *text;
}

Result<Answer> Actual(warehouse::Connection& connection, const std::string& sql,
                      std::size_t dimensions) {
  TRY(std::unique_ptr<warehouse::RowStream> stream, connection.Query(sql, {}));
  Answer answer;
  std::vector<warehouse::Value> row;
  for (;;) {
    TRY(const bool more, stream->Next(&row));
    if (!more) return answer;
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(ToCell(row[i], i >= dimensions));
    answer.insert(Line(cells));
  }
}

Status Load(warehouse::Connection& connection, const World& world) {
  for (const auto& [name, rows] : world.tables) {
    TRY_STATUS(connection.Execute("CREATE OR REPLACE TABLE " + name +
                                  " (id INTEGER, link INTEGER, x INTEGER, t VARCHAR)"));
    for (const Row& row : rows) {
      const Cell t = Get(&row, "t");
      TRY_STATUS(connection.Execute(fmt::format("INSERT INTO {} VALUES ({}, {}, {}, {})",
                                                name,
                                                *Get(&row, "id"),
                                                Get(&row, "link").value_or("NULL"),
                                                Get(&row, "x").value_or("NULL"),
                                                t ? "'" + *t + "'" : "NULL")));
    }
  }
  return {};
}

std::shared_ptr<const lookml::Project> ModelOf(const World& world) {
  Context context;
  std::string text = ReplaceAll(kModel, "VIEW\n", kFields);
  text = ReplaceAll(ReplaceAll(text, "KIND1", world.kind1), "KIND2", world.kind2);
  Diagnostics diagnostics;
  return LoadFiles(context, text, diagnostics);
}

struct Tally {
  int answered = 0;
  int refused = 0;
  int different = 0;
  std::string first;
};

void Ask(warehouse::Connection& connection, const lookml::Project& project, const World& world,
         const Question& question, Tally* tally) {
  query::Query asked;
  asked.explore = question.explore;
  asked.fields = question.dimensions;
  asked.fields.insert(asked.fields.end(), question.measures.begin(), question.measures.end());
  asked.filters = question.filters;
  query::CompileInput input;
  input.project = &project;
  Diagnostics diagnostics;
  const auto compiled = query::Compile(input, asked, diagnostics);
  if (!compiled) {
    const bool fan_out = diagnostics.items().front().kind == "fan-out-refused";
    ++(fan_out ? tally->refused : tally->different);
    if (!fan_out && tally->first.empty()) tally->first = Render(diagnostics);
    return;
  }
  ++tally->answered;
  const Result<Answer> actual = Actual(connection, compiled->sql, question.dimensions.size());
  const Answer expected = Expected(world, question);
  if (actual && *actual == expected) return;
  ++tally->different;
  if (!tally->first.empty()) return;
  tally->first = compiled->sql + "\nexpected\n";
  for (const std::string& line : expected) tally->first += line + "\n";
  tally->first += "got\n";
  if (!actual) tally->first += actual.error().message + "\n";
  if (!actual) return;
  for (const std::string& line : *actual) tally->first += line + "\n";
}

std::string RunOracle(Context& /*context*/, const Case& run) {
  std::int64_t count = 0;
  std::int64_t seed = 0;
  if (run.args.size() != 2 || !ParseInt(run.args[0], &count) || !ParseInt(run.args[1], &seed)) {
    return "oracle needs a count and a seed";
  }
  constexpr int kQuestionsPerWorld = 25;
  auto opened = warehouse::OpenDuckDb({});
  if (!opened) return opened.error().message;
  auto connection = (*opened)->Connect();
  if (!connection) return connection.error().message;
  Dice dice(static_cast<std::uint64_t>(seed));
  Tally tally;
  for (std::int64_t asked = 0; asked < count;) {
    const World world = MakeWorld(dice);
    const Status loaded = Load(**connection, world);
    if (!loaded) return loaded.error().message;
    const auto project = ModelOf(world);
    for (int i = 0; i < kQuestionsPerWorld && asked < count; ++i, ++asked) {
      Ask(**connection, *project, world, MakeQuestion(dice), &tally);
    }
  }
  const bool used = tally.answered > count / 3 && tally.refused > 0;
  return fmt::format("{} questions, {}, {} different\n{}",
                     count,
                     used ? "many answered, some refused" : "too few answered",
                     tally.different,
                     tally.first);
}

// The calendar's flags by SQL and by the functions, over all years of the view.
std::string RunDays(Context& context, const Case& /*run*/) {
  auto opened = warehouse::OpenDuckDb({});
  if (!opened) return opened.error().message;
  auto connection = (*opened)->Connect();
  if (!connection) return connection.error().message;
  Diagnostics diagnostics;
  const auto project =
      LoadFiles(context,
                "connection: \"duckdb\"\ninclude: \"//kura/calendar\"\nexplore: calendar {}\n",
                diagnostics);
  query::Query question;
  question.explore = "calendar";
  question.fields = {"calendar.day_date",
                     "calendar.weekday",
                     "calendar.holiday_name",
                     "calendar.is_business_day",
                     "calendar.is_5_10_day",
                     "calendar.is_month_end"};
  question.filters["calendar.day_date"] = "2015-01-01 to 2036-01-01";
  question.limit = -1;
  query::CompileInput input;
  input.project = project.get();
  input.row_limit = 0;
  const auto compiled = query::Compile(input, question, diagnostics);
  if (!compiled) return RenderSorted(diagnostics);
  auto stream = (*connection)->Query(compiled->sql, {});
  if (!stream) return stream.error().message;
  int days = 0;
  int different = 0;
  std::vector<warehouse::Value> row;
  for (Result<bool> more = (*stream)->Next(&row); more && *more; more = (*stream)->Next(&row)) {
    const Days day = *ParseDate(std::get<std::string>(row[0]));
    const std::string_view name = calendar::HolidayName(day);
    const auto* holiday = std::get_if<std::string>(&row[2]);
    const bool same = std::get<std::string>(row[1]) == calendar::WeekdayName(day) &&
                      (holiday ? *holiday : "") == name &&
                      std::get<bool>(row[3]) == calendar::IsBusinessDay(day) &&
                      std::get<bool>(row[4]) == calendar::IsFiveTenDay(day) &&
                      std::get<bool>(row[5]) == calendar::IsMonthEnd(day);
    ++days;
    if (!same) ++different;
  }
  return fmt::format("{} days, {} different\n", days, different);
}

const bool kOracle = Register("oracle", &RunOracle);
const bool kDays = Register("days", &RunDays);

}  // namespace
}  // namespace kura::golden
