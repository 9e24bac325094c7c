// kura init: reads a database's schema and writes a project to start from. Writes all of its files
// or none, never over a file that exists, and never a password.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "advise/init.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/password.h"
#include "cli/source_shape.h"
#include "cli/source_url.h"

namespace kura::cli {
namespace {

using Json = nlohmann::json;

struct InitOptions {
  std::string folder = ".";
  std::string from;
  std::string name;
  std::string password_env;
  std::string timezone;
};

// Where the password came from decides what kura.yaml names.
struct Password {
  std::string text;
  std::string variable;  // "" = the account has none
  bool is_set = false;   // the variable is set here
};

const char* Variable(const std::string& name) {
  return name.empty() ? nullptr : std::getenv(name.c_str());
}

Result<Password> FindPassword(const Globals& globals, const InitOptions& options,
                              const SourceUrl& url, const std::string& name) {
  Password password;
  password.variable =
      options.password_env.empty() ? ToUpper(name) + "_DB_PASSWORD" : options.password_env;
  const char* own = Variable(password.variable);
  password.is_set = own != nullptr;
  if (url.has_password) {
    Note(globals,
         "warning: the address holds the password, where other users of this machine and your "
         "shell's history can see it; leave it out and kura asks for it");
    password.text = url.password;
    return password;
  }
  if (own != nullptr) {
    password.text = own;
    return password;
  }
  if (!options.password_env.empty()) {
    return FailWithHint(Code::kInvalid,
                        "the variable " + options.password_env + " is not set",
                        "set it in the environment:  export " + options.password_env + "=…");
  }
  if (const char* client = Variable("MYSQL_PWD")) {
    password.text = client;
    return password;
  }
  const std::string where = url.mysql.socket.empty() ? url.mysql.host : url.mysql.socket;
  const auto asked =
      AskPassword("password of " + url.mysql.user + " at " + where + " (not shown): ");
  password.text = asked.value_or("");
  if (password.text.empty()) password.variable.clear();
  return password;
}

bool IsLoopback(const std::string& host) {
  return host == "127.0.0.1" || host == "::1" || ToLower(host) == "localhost";
}

// How the connection is made, and what kura.yaml says of it.
struct Reached {
  sync::SchemaShape schema;
  std::string tls_note;
};

// TLS is verified. On loopback, where nobody else is on the way, a server without it will do.
Result<Reached> Reach(SourceUrl* url) {
  Reached reached;
  Result<sync::SchemaShape> schema = sync::ReadMysqlShape(url->mysql);
  const bool may_do_without = !url->tls_chosen && IsLoopback(url->mysql.host);
  if (!schema && may_do_without && schema.error().message.find("secure") != std::string::npos) {
    url->mysql.tls = sync::TlsMode::kOff;
    reached.tls_note = "loopback only; leave it out for a real database (verify)";
    schema = sync::ReadMysqlShape(url->mysql);
  }
  if (!schema) return tl::make_unexpected(schema.error());
  if (url->mysql.tls != sync::TlsMode::kVerify && reached.tls_note.empty()) {
    reached.tls_note = url->mysql.tls == sync::TlsMode::kOff
                           ? "nothing is encrypted on the way"
                           : "encrypted, but nobody checks to whom";
  }
  reached.schema = *std::move(schema);
  return reached;
}

advise::Connection ConnectionOf(const SourceUrl& url, const Password& password,
                                const std::string& tls_note) {
  advise::Connection connection;
  connection.host = url.mysql.host;
  connection.port = url.mysql.port;
  connection.socket = url.mysql.socket;
  connection.user = url.mysql.user;
  connection.password_variable = password.variable;
  connection.database = url.mysql.database;
  connection.tls = url.mysql.tls == sync::TlsMode::kVerify       ? "verify"
                   : url.mysql.tls == sync::TlsMode::kSkipVerify ? "skip-verify"
                                                                 : "off";
  connection.tls_note = tls_note;
  connection.tls_ca = url.mysql.tls_ca;
  return connection;
}

// The plan's files that are there already. A .gitignore that exists is left as it is.
std::vector<std::string> Existing(const std::string& folder, const advise::InitPlan& plan) {
  std::vector<std::string> found;
  for (const advise::ProjectFile& file : plan.files) {
    if (file.path == ".gitignore") continue;
    if (PathExists(JoinPath(folder, file.path))) found.push_back(file.path);
  }
  return found;
}

// Writes every file; when one cannot be written, those that were are removed again.
Result<std::size_t> WriteAll(const std::string& folder, const advise::InitPlan& plan) {
  std::vector<std::string> written;
  for (const advise::ProjectFile& file : plan.files) {
    const std::string path = JoinPath(folder, file.path);
    if (file.path == ".gitignore" && PathExists(path)) continue;
    Status done = MakeFolder(std::filesystem::path(path).parent_path().string());
    if (done) done = WriteFile(path, file.text);
    if (!done) {
      std::error_code ignored;
      for (const std::string& other : written) std::filesystem::remove(other, ignored);
      return tl::make_unexpected(done.error());
    }
    written.push_back(path);
  }
  return written.size();
}

bool IgnoresState(const std::string& folder) {
  const Result<std::string> text = ReadFile(JoinPath(folder, ".gitignore"), 1'000'000);
  return text && text->find(".kura") != std::string::npos;
}

std::size_t CountIn(const advise::InitPlan& plan, std::string_view start) {
  std::size_t count = 0;
  for (const advise::ProjectFile& file : plan.files) count += file.path.starts_with(start) ? 1 : 0;
  return count;
}

void PrintPlan(const InitOptions& options, const advise::InitInput& input,
               const advise::InitPlan& plan, std::size_t written) {
  const std::string folder = options.folder == "." ? "" : options.folder + "/";
  Print(fmt::format("{} ({}): {} tables\n",
                    input.connection.database,
                    input.shape.server,
                    input.shape.tables.size()));
  Print(fmt::format("wrote {} files{}\n", written, folder.empty() ? "" : " in " + folder));
  Print(fmt::format(
      "  kura.yaml        the source {}; business days in {}\n", input.shape.name, plan.timezone));
  Print(fmt::format("  lookml/          explores: {}\n",
                    plan.explores.empty() ? "none" : Join(plan.explores, ", ")));
  Print(fmt::format("  lookml/marts/    {} views to ask, with what is no business left out\n",
                    CountIn(plan, "lookml/marts/")));
  Print(fmt::format("  lookml/raw/      {} views of the tables as they are\n",
                    CountIn(plan, "lookml/raw/")));
  if (!plan.notes.empty()) Print("\nlook at:\n");
  for (const std::string& note : plan.notes) Print("  - " + note + "\n");
}

void PrintNext(const InitOptions& options, const Password& password, const advise::InitPlan& plan) {
  Print("\nnext:\n");
  if (options.folder != ".") Print("  cd " + options.folder + "\n");
  if (!password.variable.empty() && !password.is_set) {
    Print("  export " + password.variable + "=…\n");
  }
  Print("  kura doctor\n  kura sync\n  kura validate\n");
  for (std::size_t i = 0; i < plan.questions.size() && i < 2; ++i) {
    Print("  kura query " + plan.questions[i] + "\n");
  }
}

void PrintJson(const std::string& folder, const advise::InitInput& input,
               const advise::InitPlan& plan) {
  Json out = {{"folder", folder},
              {"server", input.shape.server},
              {"tables", input.shape.tables.size()},
              {"timezone", plan.timezone},
              {"datetime_zone", plan.zone.zone},
              {"evidence", plan.zone.evidence},
              {"explores", plan.explores},
              {"notes", plan.notes},
              {"files", Json::array()}};
  for (const advise::ProjectFile& file : plan.files) out["files"].push_back(file.path);
  Print(out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

int RefuseExisting(const Globals& globals, const InitOptions& options,
                   const std::vector<std::string>& existing) {
  return ReportError(globals,
                     {Code::kInvalid,
                      fmt::format("{} of the files exist already in {}; nothing was written",
                                  existing.size(),
                                  options.folder == "." ? "this folder" : options.folder),
                      Join(existing, "\n") + "\nname an empty folder:  kura init DIR --from …"});
}

// A login without any password failed most likely for want of one.
int ReportFailure(const Globals& globals, Error error, const Password& password,
                  const std::string& name) {
  if (error.code == Code::kDenied && password.text.empty()) {
    error.hint = "no password was given: set " + ToUpper(name) +
                 "_DB_PASSWORD or MYSQL_PWD, name a variable\nwith --password-env, or run this in "
                 "a terminal, where it is asked for\n" +
                 error.hint;
  }
  return ReportError(globals, error);
}

Status CheckOptions(const InitOptions& options) {
  if (PathExists(JoinPath(options.folder, "kura.yaml"))) {
    return FailWithHint(Code::kInvalid,
                        fmt::format("{} exists already; nothing was written",
                                    JoinPath(options.folder, "kura.yaml")),
                        "name an empty folder:  kura init DIR --from …");
  }
  if (options.timezone.empty() || Zone::Find(options.timezone)) return {};
  return FailWithHint(Code::kInvalid,
                      "--timezone: there is no time zone '" + options.timezone + "'",
                      "for example  Asia/Tokyo");
}

int Init(const Globals& globals, const InitOptions& options) {
  if (const Status checked = CheckOptions(options); !checked) {
    return ReportError(globals, checked.error());
  }
  Result<SourceUrl> url = ParseSourceUrl(options.from);
  if (!url) return ReportError(globals, url.error());
  advise::InitInput input;
  const std::string name =
      advise::SourceName(options.name.empty() ? url->mysql.database : options.name);
  const Result<Password> password = FindPassword(globals, options, *url, name);
  if (!password) return ReportError(globals, password.error());
  url->mysql.password = password->text;
  Note(globals, "reading the schema and a few rows of each table …");
  const Result<Reached> reached = Reach(&*url);
  if (!reached) return ReportFailure(globals, reached.error(), *password, name);
  input.shape = ToAdvice(reached->schema, name);
  AddGuesses(url->mysql, &input.shape);
  input.connection = ConnectionOf(*url, *password, reached->tls_note);
  input.timezone = options.timezone;
  input.local_zone = LocalZone();
  input.japanese = Language() == "ja";
  if (input.shape.tables.empty()) {
    return ReportError(globals,
                       {Code::kNotFound,
                        "the account sees no table in '" + url->mysql.database + "'",
                        "GRANT SELECT ON " + url->mysql.database + ".* TO it"});
  }
  const advise::InitPlan plan = advise::PlanInit(input);
  const std::vector<std::string> existing = Existing(options.folder, plan);
  if (!existing.empty()) return RefuseExisting(globals, options, existing);
  const Result<std::size_t> written = WriteAll(options.folder, plan);
  if (!written) return ReportError(globals, written.error());
  if (!IgnoresState(options.folder)) {
    Note(globals, "warning: .gitignore exists: add  .kura/  and  kura.local.yaml  to it");
  }
  if (globals.json) {
    PrintJson(options.folder, input, plan);
    return kExitDone;
  }
  PrintPlan(options, input, plan, *written);
  PrintNext(options, *password, plan);
  return kExitDone;
}

}  // namespace

void AddInit(CLI::App& app, const Globals& globals, RunCommand* run) {
  const auto options = std::make_shared<InitOptions>();
  CLI::App* command = app.add_subcommand("init", "write a new project for a database");
  command->add_option("dir", options->folder, "the folder to write to (default: this one)");
  command->add_option("--from", options->from, "mysql://user@host:port/database")->required();
  command->add_option("--password-env",
                      options->password_env,
                      "the variable with the password, here and in kura.yaml");
  command->add_option("--name", options->name, "the source's name (default: the database's)");
  command->add_option("--timezone", options->timezone, "the business day's (default: a guess)");
  command->footer(
      "Examples:\n  kura init shop --from mysql://kura_reader@db.internal/shop\n"
      "  kura init --from 'mysql://kura_reader@127.0.0.1:3307/shop?tls=off' --password-env PW\n"
      "The password is asked for, or read from --password-env, <NAME>_DB_PASSWORD or MYSQL_PWD.");
  command->callback(
      [&globals, options, run] { *run = [&globals, options] { return Init(globals, *options); }; });
}

}  // namespace kura::cli
