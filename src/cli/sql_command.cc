// kura sql: a read-only statement on the warehouse, for looking things up.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "execute/format.h"

namespace kura::cli {
namespace {

struct SqlOptions {
  std::string text;
  std::string format = "table";
};

Result<execute::Answer> RunSql(project::Project& project, const std::string& text,
                               execute::CancelToken& cancel) {
  TRY(warehouse::Warehouse* const warehouse, project.OpenWarehouse());
  TRY(const std::unique_ptr<warehouse::Connection> connection, warehouse->Connect());
  const warehouse::RunLimits limits{project.config().limit_timeout_s};
  TRY(const std::unique_ptr<warehouse::RowStream> rows, connection->Query(text, limits));
  const execute::CancelToken::Scope attached(&cancel, rows.get());
  execute::Answer answer;
  answer.types = rows->columns();
  for (const warehouse::ResultColumn& column : rows->columns()) {
    answer.compiled.columns.push_back({column.name, nullptr, "", false, false});
  }
  const auto limit = static_cast<std::size_t>(project.config().limit_rows);
  for (std::vector<warehouse::Value> row;;) {
    TRY(const bool more, rows->Next(&row));
    if (!more) break;
    if (answer.rows.size() == limit) {
      answer.truncated = true;
      break;
    }
    answer.rows.push_back(row);
  }
  answer.row_states.resize(answer.rows.size(), query::Completeness::kComplete);
  return answer;
}

int Sql(const Globals& globals, const SqlOptions& options) {
  int exit_code = kExitDone;
  const std::unique_ptr<project::Project> project = OpenProject(globals, &exit_code);
  if (!project) return exit_code;
  execute::CancelToken cancel;
  const InterruptWatcher watcher([&cancel] { cancel.Cancel(); });
  const Result<execute::Answer> answer = RunSql(*project, options.text, cancel);
  if (watcher.interrupted()) return kExitInterrupted;
  if (!answer) return ReportError(globals, answer.error());
  if (globals.json || options.format == "json") {
    Print(execute::ToJson(*answer) + "\n");
  } else if (options.format == "csv") {
    Print(execute::ToCsv(*answer));
  } else {
    Print(execute::ToTable(*answer, Language()));
  }
  if (answer->truncated) {
    Note(globals,
         fmt::format("only the first {} rows are shown (limits.rows in kura.yaml)",
                     answer->rows.size()));
  }
  return kExitDone;
}

}  // namespace

void AddSql(CLI::App& app, const Globals& globals, RunCommand* run) {
  const auto options = std::make_shared<SqlOptions>();
  CLI::App* command = app.add_subcommand("sql", "run a read-only SELECT on the warehouse");
  command->add_option("select", options->text, "the statement")->required();
  command->add_option("--format", options->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}));
  command->footer(
      "Examples:\n  kura sql 'select count(*) from raw_shop.orders'\n"
      "  kura sql 'from _kura.coercions' --format csv");
  command->callback(
      [&globals, options, run] { *run = [&globals, options] { return Sql(globals, *options); }; });
}

}  // namespace kura::cli
