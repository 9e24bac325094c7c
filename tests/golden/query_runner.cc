// Directives for src/query. The model comes from the test's files; the tables from `sql` statements
// in an in-memory DuckDB, which `run` executes questions in.
//   sql                statements, one per line end with ";"
//   times TABLE TIME   the table is synced and complete through TIME (UTC)
//   zone TABLE.COLUMN ZONE    what a timestamp column's clock means
//   now TIME / timezone ZONE  of the questions that follow
//   plan, compile, run  a question as JSON: its plan, its SQL, its rows with their states
//   filter LANGUAGE    (string, number, date, yesno) one expression per line: its SQL on column x
#include <fmt/core.h>

#include "base/match.h"
#include "base/text.h"
#include "golden/lookml_files.h"
#include "query/compile.h"
#include "query/condition.h"
#include "query/diagnostics.h"
#include "sql/print.h"
#include "warehouse/duckdb.h"

namespace kura::golden {
namespace {

constexpr const char* kNowDefault = "2026-11-25T03:00:00Z";

// What the query cases of one file share.
struct Session {
  std::shared_ptr<warehouse::Warehouse> warehouse;
  std::shared_ptr<warehouse::Connection> connection;
  std::map<std::string, sql::TableTimes> times;
  std::map<std::string, std::string> zones;
  Micros now = 0;
  std::string timezone = "Asia/Tokyo";
};

Session* SessionOf(Context& context) {
  std::any& slot = context.state["query"];
  if (!slot.has_value()) {
    Session session;
    session.now = *ParseInstant(kNowDefault);
    slot = std::make_any<Session>(std::move(session));
  }
  return std::any_cast<Session>(&slot);
}

Status Open(Session* session) {
  if (session->connection) return {};
  TRY(std::unique_ptr<warehouse::Warehouse> opened, warehouse::OpenDuckDb({}));
  session->warehouse = std::move(opened);
  TRY(std::unique_ptr<warehouse::Connection> connection, session->warehouse->Connect());
  session->connection = std::move(connection);
  return {};
}

std::string RunSql(Context& context, const Case& run) {
  Session* session = SessionOf(context);
  const Status opened = Open(session);
  if (!opened) return opened.error().message;
  std::string statement;
  for (const std::string_view line : Split(run.input, '\n')) {
    statement.append(line).append("\n");
    if (!Trim(line).ends_with(';')) continue;
    const Status done = session->connection->Execute(statement);
    if (!done) return done.error().message;
    statement.clear();
  }
  return "";
}

std::string RunTimes(Context& context, const Case& run) {
  if (run.args.size() != 2) return "times needs a table and a time";
  const Result<Micros> time = ParseInstant(run.args[1]);
  if (!time) return time.error().message;
  SessionOf(context)->times[run.args[0]] = {*time, *time};
  return "";
}

std::string RunZone(Context& context, const Case& run) {
  if (run.args.size() != 2) return "zone needs a column and a zone";
  SessionOf(context)->zones[run.args[0]] = run.args[1];
  return "";
}

std::string RunNow(Context& context, const Case& run) {
  const Result<Micros> time = ParseInstant(run.args.empty() ? "" : run.args[0]);
  if (!time) return time.error().message;
  SessionOf(context)->now = *time;
  return "";
}

std::string RunTimezone(Context& context, const Case& run) {
  SessionOf(context)->timezone = run.args.empty() ? "UTC" : run.args[0];
  return "";
}

Result<sql::Catalogue> CatalogueOf(Session* session) {
  if (!session->warehouse) return sql::Catalogue();
  TRY(sql::Catalogue catalogue, session->warehouse->ReadCatalogue());
  for (auto& [name, table] : catalogue.tables) {
    const auto times = session->times.find(name);
    if (times != session->times.end()) table.times = times->second;
    for (sql::CatalogueColumn& column : table.columns) {
      const auto zone = session->zones.find(name + "." + column.name);
      if (zone != session->zones.end()) column.zone = zone->second;
    }
  }
  return catalogue;
}

// A compiled question, or what went wrong.
struct Outcome {
  std::shared_ptr<const lookml::Project> project;
  std::optional<query::Compiled> compiled;
  std::string problem;
};

Outcome CompileCase(Context& context, const Case& run) {
  Session* session = SessionOf(context);
  Diagnostics diagnostics;
  Outcome outcome;
  outcome.project = LoadFiles(context, "", diagnostics);
  outcome.problem = RenderSorted(diagnostics);
  if (diagnostics.has_errors()) return outcome;
  const Result<sql::Catalogue> catalogue = CatalogueOf(session);
  if (!catalogue) {
    outcome.problem = catalogue.error().message;
    return outcome;
  }
  query::CompileInput input;
  input.project = outcome.project.get();
  input.catalogue = &*catalogue;
  input.now = session->now;
  input.timezone = session->timezone;
  query::Query question;
  Diagnostics mistakes;
  if (query::ParseQueryJson(run.input, &question, mistakes)) {
    outcome.compiled = query::Compile(input, question, mistakes);
  }
  outcome.problem = RenderSorted(mistakes);
  return outcome;
}

std::string RunPlan(Context& context, const Case& run) {
  const Outcome outcome = CompileCase(context, run);
  return outcome.compiled ? outcome.compiled->plan_text : outcome.problem;
}

std::string RunCompile(Context& context, const Case& run) {
  const Outcome outcome = CompileCase(context, run);
  return outcome.compiled ? outcome.compiled->sql : outcome.problem;
}

std::string Show(const warehouse::Value& value) {
  return Match(
      value,
      [](std::monostate) -> std::string { return "NULL"; },
      [](bool flag) -> std::string { return flag ? "true" : "false"; },
      [](std::int64_t number) { return std::to_string(number); },
      [](std::uint64_t number) { return std::to_string(number); },
      [](double number) { return fmt::format("{}", number); },
      [](const std::string& text) { return text; });
}

std::string_view StateMark(query::Completeness state) {
  switch (state) {
    case query::Completeness::kComplete:
      return "";
    case query::Completeness::kIncomplete:
      return "  (incomplete)";
    case query::Completeness::kNotArrived:
      return "  (not arrived)";
  }
  return "";
}

std::string ShowRow(const query::Compiled& compiled, const std::vector<warehouse::Value>& row) {
  std::string line;
  for (const warehouse::Value& value : row) {
    if (&value != &row.front()) line += " | ";
    line += Show(value);
  }
  if (compiled.time_axis) {
    line += StateMark(query::CompletenessOf(compiled, Show(row[*compiled.time_axis])));
  }
  return line + "\n";
}

std::string RunQuestion(Context& context, const Case& run) {
  Session* session = SessionOf(context);
  const Status opened = Open(session);
  if (!opened) return opened.error().message;
  const Outcome outcome = CompileCase(context, run);
  if (!outcome.compiled) return outcome.problem;
  auto stream = session->connection->Query(outcome.compiled->sql, {});
  if (!stream) return stream.error().message + "\n" + outcome.compiled->sql;
  std::string out;
  for (const query::OutputColumn& column : outcome.compiled->columns) {
    out += (out.empty() ? "" : " | ") + column.name;
  }
  out += "\n";
  std::vector<warehouse::Value> row;
  for (;;) {
    const Result<bool> next = (*stream)->Next(&row);
    if (!next) return next.error().message + "\n" + outcome.compiled->sql;
    if (!*next) return out;
    out += ShowRow(*outcome.compiled, row);
  }
}

// The condition of one expression on a column x, in the session's zone.
std::string FilterLine(const Session& session, const std::string& language,
                       const std::string& text) {
  const Zone zone = *Zone::Find(session.timezone);
  const sql::Expr x = sql::Col("", "x");
  const auto show = [&](const auto& parsed, const auto& condition) {
    if (const auto* error = std::get_if<query::FilterError>(&parsed)) {
      Diagnostics diagnostics;
      query::Report(
          diagnostics,
          {"filters.x", text},
          {query::kBadFilter, "no filter", error->message, error->hint, error->begin, error->end});
      return RenderSorted(diagnostics);
    }
    return text + "  →  " + sql::Print(condition(std::get<0>(parsed)), sql::kDuckDb) + "\n";
  };
  if (language == "number") {
    return show(query::ParseNumberFilter(text),
                [&](const auto& parsed) { return query::NumberCondition(x, parsed); });
  }
  if (language == "date") {
    const query::TimeColumn column{x, query::TimeKind::kInstant, "", false};
    return show(query::ParseDateFilter(text, zone.ToLocal(session.now), {}),
                [&](const auto& parsed) { return query::DateCondition(column, zone, parsed); });
  }
  if (language == "yesno") {
    return show(query::ParseYesNoFilter(text),
                [&](const auto& parsed) { return query::YesNoCondition(x, parsed); });
  }
  return show(query::ParseStringFilter(text),
              [&](const auto& parsed) { return query::StringCondition(x, parsed); });
}

std::string RunFilter(Context& context, const Case& run) {
  std::string out;
  for (const std::string_view line : Split(run.input, '\n')) {
    if (line.empty()) continue;
    out += FilterLine(
        *SessionOf(context), run.args.empty() ? "string" : run.args[0], std::string(line));
  }
  return out;
}

const bool kSql = Register("sql", &RunSql);
const bool kTimes = Register("times", &RunTimes);
const bool kZone = Register("zone", &RunZone);
const bool kNow = Register("now", &RunNow);
const bool kTimezone = Register("timezone", &RunTimezone);
const bool kPlan = Register("plan", &RunPlan);
const bool kCompile = Register("compile", &RunCompile);
const bool kRun = Register("run", &RunQuestion);
const bool kFilter = Register("filter", &RunFilter);

}  // namespace
}  // namespace kura::golden
