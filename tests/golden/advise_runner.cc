// Directives for src/advise: `schema NAME` describes a database (one line per table, one indented
// per column), `init PART` prints the files of the new project whose path has PART, `notes` what a
// person is told, and `check` loads and validates the files and asks every field of every explore
// of an in-memory warehouse with those tables.
#include <fmt/format.h>

#include <any>

#include "advise/init.h"
#include "advise/joins.h"
#include "base/text.h"
#include "execute/execute.h"
#include "golden/lookml_files.h"
#include "lookml/load.h"
#include "sql/dialect.h"
#include "warehouse/duckdb.h"

namespace kura::golden {
namespace {

constexpr const char* kShapeState = "advise.shape";

// The next word of a line, or the next text in quotes.
std::string Take(std::string_view& line) {
  line = Trim(line);
  const bool quoted = line.starts_with('"');
  if (quoted) line.remove_prefix(1);
  const std::string word(line.substr(0, line.find(quoted ? '"' : ' ')));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

// What is behind `mark` in the line, which loses it.
std::string TakeBehind(std::string_view& line, std::string_view mark) {
  const std::size_t at = line.find(mark);
  if (at == std::string_view::npos) return "";
  const std::string rest(Trim(line.substr(at + mark.size())));
  line = line.substr(0, at);
  return rest;
}

sql::Type TypeOf(const std::string& text) {
  using sql::TypeKind;
  static const std::vector<std::pair<std::string_view, TypeKind>> kTypes = {
      {"bigint", TypeKind::kBigInt},
      {"tinyint", TypeKind::kTinyInt},
      {"smallint", TypeKind::kSmallInt},
      {"int", TypeKind::kInteger},
      {"datetime", TypeKind::kTimestamp},
      {"timestamp", TypeKind::kTimestampTz},
      {"date", TypeKind::kDate},
      {"time", TypeKind::kInterval},
      {"double", TypeKind::kDouble},
      {"json", TypeKind::kJson},
      {"blob", TypeKind::kBlob},
      {"bit(1)", TypeKind::kBoolean}};
  if (text.starts_with("decimal")) return sql::ParseTypeName(ToUpper(text));
  for (const auto& [start, kind] : kTypes) {
    if (text.starts_with(start)) return {kind, 0, 0};
  }
  return {TypeKind::kVarchar, 0, 0};
}

// "name type [null] [key] [indexed] [-> parent.column] [= a|b] [# comment]".
void ReadColumn(std::string_view line, advise::TableShape* table) {
  advise::ColumnShape column;
  column.comment = TakeBehind(line, " # ");
  const std::string values = TakeBehind(line, " = ");
  const std::string parent = TakeBehind(line, " -> ");
  column.name = Take(line);
  column.source_type = Take(line);
  column.type = TypeOf(column.source_type);
  column.nullable = false;
  for (std::string word = Take(line); !word.empty(); word = Take(line)) {
    if (word == "null") column.nullable = true;
    if (word == "key") table->primary_key.push_back(column.name);
    if (word == "indexed") table->indexed_columns.push_back(column.name);
  }
  if (!values.empty()) {
    for (const std::string_view value : Split(values, '|')) column.values.emplace_back(value);
    column.sampled = static_cast<std::int64_t>(column.values.size());
  }
  if (const std::size_t dot = parent.find('.'); dot != std::string::npos) {
    table->references.push_back(
        {{column.name}, parent.substr(0, dot), {parent.substr(dot + 1)}, false, 0, 0});
  }
  table->columns.push_back(std::move(column));
}

Micros OffsetOf(const std::string& text) {  // "+09:00"
  const Micros hours = std::atoi(text.substr(1, 2).c_str());
  return (text[0] == '-' ? -1 : 1) * hours * kMicrosPerHour;
}

void ReadLine(std::string_view line, advise::SourceShape* shape) {
  if (line.starts_with(' ')) return ReadColumn(line, &shape->tables.back());
  std::string_view rest = line;
  const std::string comment = TakeBehind(rest, " # ");
  const std::string word = Take(rest);
  const std::string first = Take(rest);
  if (word == "table") {
    advise::TableShape& table = shape->tables.emplace_back();
    table.name = first;
    table.comment = comment;
    table.rows = std::atoi(Take(rest).c_str());
  } else if (word == "now") {
    shape->now = ParseInstant(first).value_or(0);
  } else if (word == "zone") {
    shape->zone_offset = OffsetOf(first);
  } else if (word == "newest") {
    const std::string column = Take(rest);
    shape->newest.push_back({first, column, ParseDateTime(Take(rest)).value_or(0)});
  } else if (word == "pair") {
    advise::ClockPair pair{first, Take(rest), Take(rest), OffsetOf(Take(rest)), 0, 0};
    pair.agreeing = std::atoi(Take(rest).c_str());
    pair.compared = std::atoi(Take(rest).c_str());
    shape->clock_pairs.push_back(pair);
  }
}

std::string RunSchema(Context& context, const Case& run) {
  advise::SourceShape shape;
  shape.name = run.args.empty() ? "shop" : run.args.front();
  shape.server = "mysql 8.0.36";
  for (const std::string_view line : Split(run.input, '\n')) {
    if (!Trim(line).empty()) ReadLine(line, &shape);
  }
  for (auto& [table, guess] : advise::GuessReferences(shape)) {
    for (advise::TableShape& candidate : shape.tables) {
      if (candidate.name == table) candidate.references.push_back(guess);
    }
  }
  context.state[kShapeState] = std::move(shape);
  return "";
}

advise::InitInput InputOf(const Context& context) {
  advise::InitInput input;
  input.shape = std::any_cast<advise::SourceShape>(context.state.at(kShapeState));
  input.timezone = "Asia/Tokyo";
  input.connection.host = "db.internal";
  input.connection.user = "kura_reader";
  input.connection.password_variable = "SHOP_DB_PASSWORD";
  input.connection.database = input.shape.name;
  input.connection.tls = "verify";
  return input;
}

std::string RunInit(Context& context, const Case& run) {
  const advise::InitPlan plan = advise::PlanInit(InputOf(context));
  std::string out;
  for (const advise::ProjectFile& file : plan.files) {
    if (!run.args.empty() && file.path.find(run.args.front()) == std::string::npos) continue;
    out += "=== " + file.path + "\n" + file.text;
  }
  return out;
}

std::string RunNotes(Context& context, const Case& /*run*/) {
  return Join(advise::PlanInit(InputOf(context)).notes, "\n");
}

// Tables as a sync makes them, without rows.
Status MakeTables(const advise::SourceShape& shape, warehouse::Connection& connection) {
  const std::string schema = sql::QuoteName(sql::kDuckDb, "raw_" + shape.name);
  TRY_STATUS(connection.Execute("CREATE SCHEMA " + schema));
  for (const advise::TableShape& table : shape.tables) {
    std::vector<std::string> columns;
    for (const advise::ColumnShape& column : table.columns) {
      columns.push_back(sql::QuoteName(sql::kDuckDb, column.name) + " " +
                        sql::TypeName(column.type));
    }
    TRY_STATUS(connection.Execute("CREATE TABLE " + schema + "." +
                                  sql::QuoteName(sql::kDuckDb, table.name) + " (" +
                                  Join(columns, ", ") + ")"));
  }
  return {};
}

std::vector<std::string> FieldsOf(const lookml::Model& model, const lookml::Explore& explore) {
  std::vector<std::string> aliases = {explore.base};
  for (const lookml::Join& join : explore.joins) aliases.push_back(join.name);
  std::vector<std::string> fields;
  for (const std::string& alias : aliases) {
    const auto view = model.views.find(explore.ViewOf(alias));
    if (view == model.views.end()) continue;
    for (const lookml::Field& field : view->second.fields) {
      if (!field.hidden) fields.push_back(alias + "." + field.name);
    }
  }
  return fields;
}

// Asks for one field after the other, measures with the others' joins left out.
std::string AskAll(const execute::Snapshot& snapshot, const lookml::Model& model,
                   const lookml::Explore& explore) {
  std::size_t good = 0;
  std::string problems;
  for (const std::string& field : FieldsOf(model, explore)) {
    execute::RunInput input;
    input.query.explore = explore.name;
    input.query.fields = {field};
    input.access.local_administrator = true;
    input.now = ParseInstant("2026-11-25T00:00:00Z").value_or(0);
    Diagnostics diagnostics;
    const Result<execute::Answer> answer = execute::Run(snapshot, input, diagnostics);
    if (answer) {
      ++good;
    } else {
      problems += "  " + field + ": " + answer.error().message + "\n";
    }
  }
  return fmt::format("{}: {} fields answer\n", explore.name, good) + problems;
}

Result<std::string> Ask(const advise::SourceShape& shape,
                        std::shared_ptr<const lookml::Project> project, Diagnostics& diagnostics) {
  TRY(const std::unique_ptr<warehouse::Warehouse> warehouse, warehouse::OpenDuckDb({}));
  TRY(const auto connection, warehouse->Connect());
  TRY_STATUS(MakeTables(shape, *connection));
  TRY(sql::Catalogue catalogue, warehouse->ReadCatalogue());
  lookml::Validate(*project, &catalogue, diagnostics);
  execute::Snapshot snapshot;
  snapshot.project = project;
  snapshot.catalogue = std::make_shared<const sql::Catalogue>(std::move(catalogue));
  snapshot.warehouse = warehouse.get();
  snapshot.timezone = "Asia/Tokyo";
  std::string out;
  for (const auto& [name, model] : project->models) {
    for (const std::string& explore : model.explore_order) {
      out += AskAll(snapshot, model, model.explores.at(explore));
    }
  }
  return out;
}

std::string RunCheck(Context& context, const Case& /*run*/) {
  const advise::InitInput input = InputOf(context);
  Context files;
  for (const advise::ProjectFile& file : advise::PlanInit(input).files) {
    files.files[file.path] = file.text;
  }
  Diagnostics diagnostics;
  const auto project = LoadFiles(files, "", diagnostics);
  const Result<std::string> asked = Ask(input.shape, project, diagnostics);
  return (asked ? *asked : asked.error().message + "\n") + RenderSorted(diagnostics);
}

const bool kSchema = Register("schema", &RunSchema);
const bool kInit = Register("init", &RunInit);
const bool kNotes = Register("notes", &RunNotes);
const bool kCheck = Register("check", &RunCheck);

}  // namespace
}  // namespace kura::golden
