// kura.yaml of a new project: every choice with its reason, every open one commented out.
#include <fmt/core.h>

#include <map>

#include "advise/init.h"
#include "advise/names.h"
#include "advise/personal.h"
#include "base/text.h"

namespace kura::advise {
namespace {

// A scalar of YAML: plain when nothing in it can mean something else.
std::string Scalar(const std::string& text) {
  const bool plain = !text.empty() &&
                     text.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_./-") == std::string::npos &&
                     text[0] != '-' && text[0] != '.';
  const std::string lower = ToLower(text);
  const bool word = lower == "true" || lower == "false" || lower == "yes" || lower == "no" ||
                    lower == "null" || lower == "on" || lower == "off" ||
                    text.find_first_not_of("0123456789.") == std::string::npos;
  if (plain && !word) return text;
  return "\"" + ReplaceAll(ReplaceAll(text, "\\", "\\\\"), "\"", "\\\"") + "\"";
}

// "    key: value" with its comment in a column of its own.
std::string Line(const std::string& text, const std::string& comment) {
  if (comment.empty()) return text + "\n";
  constexpr std::size_t kCommentColumn = 32;
  const std::size_t width = DisplayWidth(text);
  const std::size_t pad = width + 2 > kCommentColumn ? 2 : kCommentColumn - width;
  return text + std::string(pad, ' ') + "# " + comment + "\n";
}

std::string ConnectionLines(const Connection& connection) {
  std::string out;
  if (!connection.socket.empty()) {
    out += Line("    socket: " + Scalar(connection.socket), "");
  } else {
    out += Line("    host: " +
                    (connection.host.find(':') == std::string::npos &&
                             connection.host.find_first_not_of("0123456789.") == std::string::npos
                         ? connection.host
                         : Scalar(connection.host)),
                "");
    if (connection.port != 3306) out += Line(fmt::format("    port: {}", connection.port), "");
  }
  out += Line("    user: " + Scalar(connection.user), "");
  if (!connection.password_variable.empty()) {
    out += Line("    password: ${" + connection.password_variable + "}",
                "from the environment; never write it here");
  }
  out += Line("    database: " + Scalar(connection.database), "");
  if (connection.tls != "verify" && connection.socket.empty()) {
    out += Line("    tls: " + connection.tls, connection.tls_note);
  }
  if (!connection.tls_ca.empty()) out += Line("    tls_ca: " + Scalar(connection.tls_ca), "");
  return out;
}

std::string ZoneLines(const InitPlan& plan) {
  if (!plan.has_wall_clocks) return "";
  std::string out = plan.zone.zone.empty()
                        ? "    # What DATETIME columns mean is UNDECIDED: choose, then uncomment."
                          " The evidence:\n"
                        : "    # What DATETIME columns mean, guessed. The evidence:\n";
  for (const std::string& line : plan.zone.evidence) out += "    #   " + line + "\n";
  const std::string zone = plan.zone.zone.empty() ? plan.timezone : plan.zone.zone;
  return out + (plan.zone.zone.empty() ? "    # datetime_zone: " : "    datetime_zone: ") + zone +
         "\n";
}

// "users: {mask: {email: sha256, name: "null"}, exclude: [password_digest]}" of one table.
std::string TableProposal(const TableShape& table, std::string* reasons) {
  std::vector<std::string> masks;
  std::vector<std::string> excluded;
  for (const ColumnShape& column : table.columns) {
    const std::optional<PersonalMark> mark = RecognisePersonal(table, column);
    if (!mark) continue;
    *reasons += (reasons->empty() ? "" : "; ") + column.name + ": " + mark->what;
    if (mark->evidence != "by its name") *reasons += ", " + mark->evidence;
    const std::string treatment = ProposedTreatment(*mark);
    if (treatment == "exclude") {
      excluded.push_back(Scalar(column.name));
    } else {
      masks.push_back(Scalar(column.name) + ": " + Scalar(treatment));
    }
  }
  std::vector<std::string> parts;
  if (!masks.empty()) parts.push_back("mask: {" + Join(masks, ", ") + "}");
  if (!excluded.empty()) parts.push_back("exclude: [" + Join(excluded, ", ") + "]");
  return parts.empty() ? "" : Scalar(table.name) + ": {" + Join(parts, ", ") + "}";
}

std::string PersonalLines(const SourceShape& shape) {
  std::string lines;
  for (const TableShape& table : shape.tables) {
    std::string reasons;
    const std::string proposal = TableProposal(table, &reasons);
    if (proposal.empty()) continue;
    lines += fmt::format("    #   # {}\n    #   {}\n", reasons, proposal);
  }
  if (lines.empty()) return "";
  return "    # Probably personal data, by name, comment and content. Nothing is masked yet: "
         "decide,\n"
         "    # then uncomment; take an excluded column out of its view in lookml/raw as well.\n"
         "    # tables:\n" +
         lines;
}

}  // namespace

std::string ConfigFile(const InitInput& input, const InitPlan& plan) {
  std::string out = "# The project, as kura init wrote it for " + input.shape.server + ".\n";
  out += Line("name: " + Scalar(input.shape.name), "");
  out += Line("timezone: " + Scalar(plan.timezone), "the business day: every \"day\" is this day");
  out += "week_start_day: monday\nsources:\n";
  out += Line("  " + input.shape.name + ":", "lands in the schema raw_" + input.shape.name);
  out += Line("    type: mysql", "");
  out += ConnectionLines(input.connection);
  out += ZoneLines(plan);
  out += PersonalLines(input.shape);
  out += "warehouse: {type: duckdb, path: .kura/warehouse.duckdb}\n";
  out += "limits: {rows: 5000, timeout_s: 60, memory: 2GB}\n";
  return out;
}

}  // namespace kura::advise
