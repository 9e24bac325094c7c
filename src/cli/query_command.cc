// kura query: one question on an explore, as a table, CSV, JSON or its SQL.
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/field_names.h"
#include "cli/interrupt.h"
#include "execute/format.h"
#include "lookml/print.h"

namespace kura::cli {
namespace {

struct QueryOptions {
  std::string explore;
  std::vector<std::string> fields;
  std::vector<std::string> filters;
  std::vector<std::string> sorts;
  std::string timezone;
  std::string format = "table";
  std::string stage;
  int limit = query::kLimitDefault;
  bool explain = false;
  bool no_fill = false;
};

// "field=expression" → filters; the expression may hold further '='.
bool ReadFilters(const QueryOptions& options, query::Query* query, std::string* wrong) {
  for (const std::string& filter : options.filters) {
    const std::size_t equals = filter.find('=');
    if (equals == std::string::npos || equals == 0) {
      *wrong = filter;
      return false;
    }
    query->filters[filter.substr(0, equals)] = filter.substr(equals + 1);
  }
  return true;
}

// "a.b (as of 04:34:10)" for each table the answer reads.
std::string ReadsLine(const execute::Answer& answer, const std::string& timezone) {
  const Result<Zone> zone = Zone::Find(timezone);
  std::string out;
  for (const execute::Freshness::Table& table : answer.freshness.tables) {
    const Micros local = zone ? zone->ToLocal(table.complete_through) : table.complete_through;
    out += fmt::format("{}{} (as of {})",
                       out.empty() ? "" : ", ",
                       table.table,
                       FormatDateTime(local - local % kMicrosPerSecond));
  }
  return out;
}

void PrintProof(const query::Compiled& compiled) {
  for (const query::Proof& proof : compiled.proof) {
    Print(fmt::format("{}   {}   {}\n", proof.measure, proof.rule, proof.verdict));
  }
}

void PrintAnswer(const Globals& globals, const QueryOptions& options,
                 const execute::Answer& answer) {
  if (globals.json || options.format == "json") return Print(execute::ToJson(answer) + "\n");
  if (options.format == "csv") return Print(execute::ToCsv(answer));
  Print(execute::ToTable(answer, Language()));
  if (options.explain) PrintProof(answer.compiled);
  std::string note = fmt::format("{} row{} in {:.0f} ms",
                                 GroupDigits(static_cast<std::int64_t>(answer.rows.size())),
                                 answer.rows.size() == 1 ? "" : "s",
                                 answer.runtime_s * 1000);
  if (answer.truncated) note += " (cut at the limit; raise it with --limit)";
  const std::string reads = ReadsLine(answer, answer.compiled.timezone);
  if (!reads.empty()) note += " · reads " + reads;
  Note(globals, note);
}

// Mistakes of the question, on the terminal or as JSON; always exit code 1.
int ReportMistakes(const Globals& globals, Diagnostics& diagnostics) {
  diagnostics.Sort();
  ReportDiagnostics(globals, diagnostics);
  if (globals.json) Print("{\"errors\":" + DiagnosticsJson(diagnostics) + "}\n");
  return kExitUserError;
}

// Compiles without running: the stages before the warehouse.
int PrintStage(const Globals& globals, const std::string& stage, const execute::Snapshot& snapshot,
               const execute::RunInput& input, Diagnostics& diagnostics) {
  if (stage == "syntax") {
    for (const auto& file : snapshot.project->files) {
      Print(lookml::PrintSyntax(lookml::Parse(file, diagnostics)));
    }
    return kExitDone;
  }
  if (stage == "model") {
    Print(lookml::PrintModel(*snapshot.project));
    return kExitDone;
  }
  const auto compiled = execute::CompileOnly(snapshot, input, diagnostics);
  if (!compiled) return ReportMistakes(globals, diagnostics);
  Print(stage == "plan" ? compiled->plan_text : compiled->sql + "\n");
  return kExitDone;
}

// A model with mistakes still answers questions that do not need the broken part.
void WarnAboutModel(const Globals& globals, const Diagnostics& model_findings) {
  if (!model_findings.has_errors()) return;
  Note(globals,
       fmt::format("note: the model has {} error{}; see kura validate",
                   model_findings.error_count(),
                   model_findings.error_count() == 1 ? "" : "s"));
}

int RunQuery(const Globals& globals, const QueryOptions& options) {
  execute::RunInput input;
  std::string wrong;
  if (!ReadFilters(options, &input.query, &wrong)) {
    (void)ReportError(globals,
                      {Code::kInvalid,
                       fmt::format("'{}' is not a filter", wrong),
                       "write --filter \"field=expression\", for example --filter "
                       "\"calendar.day_date=90 days\""});
    return kExitUsage;
  }
  int exit_code = kExitDone;
  const std::unique_ptr<project::Project> project = OpenProject(globals, &exit_code);
  if (!project) return exit_code;
  Diagnostics model_findings;
  const auto model = project->LoadModel(model_findings);
  const Result<execute::Snapshot> snapshot = project->TakeSnapshot(model);
  if (!snapshot) return ReportError(globals, snapshot.error());
  const Result<Micros> now = QuestionNow(SystemClock(), Variable("KURA_NOW"));
  if (!now) return ReportError(globals, now.error());
  input.query.explore = options.explore;
  input.query.fields = options.fields;
  input.query.sorts = options.sorts;
  input.query.limit = options.limit;
  input.query.timezone = options.timezone;
  input.access.local_administrator = true;
  input.now = *now;
  CompleteFieldNames(*snapshot->project, &input.query);
  if (!options.no_fill) {
    const query::CompileInput compile_input = execute::ToCompileInput(*snapshot, input);
    input.query.fill_fields = query::DefaultFillFields(compile_input, input.query);
  }
  Diagnostics diagnostics;
  WarnAboutModel(globals, model_findings);
  const std::string stage = options.format == "sql" ? "sql" : options.stage;
  if (!stage.empty()) return PrintStage(globals, stage, *snapshot, input, diagnostics);
  execute::CancelToken cancel;
  input.cancel = &cancel;
  const InterruptWatcher watcher([&cancel] { cancel.Cancel(); });
  const Result<execute::Answer> answer = execute::Run(*snapshot, input, diagnostics);
  if (watcher.interrupted()) return kExitInterrupted;
  if (diagnostics.has_errors()) return ReportMistakes(globals, diagnostics);
  if (!answer) return ReportError(globals, answer.error());
  ReportDiagnostics(globals, diagnostics);
  PrintAnswer(globals, options, *answer);
  return kExitDone;
}

}  // namespace

void AddQuery(CLI::App& app, const Globals& globals, RunCommand* run) {
  const auto options = std::make_shared<QueryOptions>();
  CLI::App* command = app.add_subcommand("query", "ask one question on an explore");
  command->add_option("explore", options->explore, "the explore, or model::explore")->required();
  command->add_option("fields", options->fields, "view.field, or the field alone when it is unique")
      ->required();
  command->add_option("--filter", options->filters, "field=expression, once per filter")
      ->type_name("F=EXPR")
      ->allow_extra_args(false);
  command->add_option("--sort", options->sorts, "field, or \"field desc\"")
      ->allow_extra_args(false);
  command->add_option("--limit", options->limit, "rows; -1 for the limit of kura.yaml")
      ->check(CLI::Range(-1, 1'000'000));
  command->add_option("--timezone", options->timezone, "the zone of days and times")
      ->type_name("TZ");
  command->add_option("--format", options->format, "table, csv, json or sql")
      ->check(CLI::IsMember({"table", "csv", "json", "sql"}));
  command->add_option("--stage", options->stage, "print a stage: syntax, model, plan or sql")
      ->check(CLI::IsMember({"syntax", "model", "plan", "sql"}));
  command->add_flag("--explain", options->explain, "say how each measure is counted");
  command->add_flag("--no-fill", options->no_fill, "leave periods without rows out");
  command->footer(
      "Examples:\n"
      "  kura query users_now prefecture count --sort \"count desc\" --limit 10\n"
      "  kura query users_daily calendar.day_date user_days.unique_users \\\n"
      "      --filter \"calendar.day_date=90 days\" --format csv\n"
      "  kura query users_now users_now.count --format sql");
  command->callback([&globals, options, run] {
    *run = [&globals, options] { return RunQuery(globals, *options); };
  });
}

}  // namespace kura::cli
