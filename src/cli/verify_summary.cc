// One line per table that is equal; below a table that is not, one line per kind of difference with
// its first keys, and what to do.
#include "cli/verify_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"
#include "cli/progress.h"

namespace kura::cli {
namespace {

using sync::FoundRows;
using sync::TableVerdict;
using sync::VerifyStatus;

std::string Rows(std::int64_t count) {
  return GroupDigits(count) + (count == 1 ? " row" : " rows");
}

std::string Are(std::int64_t count) {
  return count == 1 ? " is" : " are";
}

std::string KeyList(const TableVerdict& table, const FoundRows& found) {
  if (found.keys.empty()) return "";
  const bool is_all = std::ssize(found.keys) == found.count;
  return ": " + table.key_name + " " + Join(found.keys, ", ") + (is_all ? "" : ", …");
}

std::vector<std::string> Differences(const TableVerdict& table) {
  std::vector<std::string> lines;
  const auto add = [&](const FoundRows& found, const std::string& what) {
    if (found.count > 0) lines.push_back(Rows(found.count) + what + KeyList(table, found));
  };
  add(table.missing, Are(table.missing.count) + " missing here");
  add(table.extra, Are(table.extra.count) + " not at the source");
  add(table.doubled, Are(table.doubled.count) + " here more than once");
  add(table.changed,
      std::string(table.changed.count == 1 ? " has" : " have") + " other values here");
  if (table.miscounted != 0) {
    const std::int64_t count = std::abs(table.miscounted);
    lines.push_back(Rows(count) + Are(count) + " gone here since the last sync");
  }
  return lines;
}

// What was left out, so that "ok" says no more than it should.
std::vector<std::string> LeftOut(const TableVerdict& table) {
  std::vector<std::string> lines;
  if (table.recent > 0) {
    lines.push_back("left out: " + Rows(table.recent) +
                    " that changed since the last sync or within its lookback");
  }
  if (table.gone > 0) {
    lines.push_back("left out: " + Rows(table.gone) + " deleted at the source since the last sync");
  }
  if (!table.not_compared.empty()) {
    lines.push_back("not copied, so not compared: " + Join(table.not_compared, ", "));
  }
  return lines;
}

std::string Percent(double share) {
  return fmt::format("{:.0f} %", std::floor(share * 100));
}

std::string Values(const TableVerdict& table, Micros now) {
  if (table.values_share <= 0) return "values –";
  std::string text = "values " + Percent(table.values_share);
  const Micros age = now - table.values_since;
  if (age < kMicrosPerDay) return text;
  return text + fmt::format(" within {} days", (age + kMicrosPerDay - 1) / kMicrosPerDay);
}

bool SameKeys(const TableVerdict& table) {
  return table.missing.count + table.extra.count + table.doubled.count == 0 &&
         table.miscounted == 0;
}

std::string Counts(const TableVerdict& table) {
  return std::string(table.key_name.empty() ? "rows" : "keys") +
         PadLeft(GroupDigits(table.source_rows), 12) + (SameKeys(table) ? " = " : " ≠ ") +
         PadLeft(GroupDigits(table.rows), 11);
}

std::string RepairHint(const TableVerdict& table) {
  return "kura verify " + table.table + " --repair";
}

// The line's end and the lines below it.
std::vector<std::string> Lines(const TableVerdict& table, Micros now) {
  if (table.error && table.status == VerifyStatus::kNotVerified) return {"failed   see below"};
  std::vector<std::string> lines;
  switch (table.status) {
    case VerifyStatus::kNotVerified:
      lines = {"not verified: " + table.note};
      break;
    case VerifyStatus::kEqual: {
      std::string end = Counts(table) + "   " + Values(table, now) + "   ok";
      if (table.repaired > 0) end += ", " + Rows(table.repaired) + " repaired";
      lines = {end};
      if (!table.note.empty()) lines.push_back(table.note);
      break;
    }
    case VerifyStatus::kDiffers:
    case VerifyStatus::kUndecided: {
      lines = Differences(table);
      if (!lines.empty()) lines[0] = Counts(table) + "   " + lines[0];
      if (table.status == VerifyStatus::kUndecided) {
        lines.push_back("undecided: " + table.note);
      } else if (!table.error) {
        lines.push_back(RepairHint(table));
      }
      break;
    }
  }
  if (!table.hint.empty()) lines.push_back(table.hint);
  if (table.status != VerifyStatus::kNotVerified) {
    for (const std::string& line : LeftOut(table)) lines.push_back(line);
  }
  return lines;
}

std::string Footer(const sync::VerifyReport& report) {
  std::int64_t differ = 0;
  std::int64_t equal = 0;
  for (const TableVerdict& table : report.tables) {
    differ += table.status == VerifyStatus::kDiffers ? 1 : 0;
    equal += table.status == VerifyStatus::kEqual ? 1 : 0;
  }
  const std::int64_t all = std::ssize(report.tables);
  const std::string tables = fmt::format("{} table{}", all, all == 1 ? "" : "s");
  if (differ > 0)
    return fmt::format("{} of {} differ{}\n", differ, tables, differ == 1 && all == 1 ? "s" : "");
  if (equal == all) {
    return tables + (all == 1 ? " is" : " are") + " equal to the source\n";
  }
  return fmt::format("{} of {} {} equal to the source, the others could not be told\n",
                     equal,
                     tables,
                     equal == 1 ? "is" : "are");
}

nlohmann::json FoundJson(const FoundRows& found) {
  return {{"count", found.count}, {"keys", found.keys}};
}

nlohmann::json TableJson(const TableVerdict& table) {
  nlohmann::json item = {{"table", table.table},
                         {"status", std::string(sync::VerifyStatusName(table.status))},
                         {"key", table.key_name},
                         {"source_rows", table.source_rows},
                         {"rows", table.rows},
                         {"missing", FoundJson(table.missing)},
                         {"extra", FoundJson(table.extra)},
                         {"doubled", FoundJson(table.doubled)},
                         {"changed", FoundJson(table.changed)},
                         {"miscounted", table.miscounted},
                         {"left_out", {{"recent", table.recent}, {"deleted", table.gone}}},
                         {"values_rows", table.values_rows},
                         {"values_share", table.values_share},
                         {"not_compared", table.not_compared},
                         {"repaired", table.repaired},
                         {"keys_seconds", table.keys_seconds},
                         {"seconds", table.seconds},
                         {"note", table.note},
                         {"hint", table.hint}};
  if (table.values_since != 0) item["values_since"] = FormatInstant(table.values_since);
  if (table.verified_through != 0) item["verified_through"] = FormatInstant(table.verified_through);
  if (table.error) {
    item["error"] = {{"code", CodeName(table.error->code)},
                     {"message", table.error->message},
                     {"hint", table.error->hint}};
  }
  return item;
}

}  // namespace

std::string VerifyText(const sync::VerifyReport& report, Micros now) {
  std::size_t width = 8;
  for (const TableVerdict& table : report.tables) {
    width = std::max(width, DisplayWidth(table.table));
  }
  std::string out;
  for (const TableVerdict& table : report.tables) {
    std::string name = table.table;
    for (const std::string& line : Lines(table, now)) {
      out += PadRight(name, width) + " " + line + "\n";
      name.clear();
    }
  }
  return out + Footer(report);
}

std::string VerifyJson(const sync::VerifyReport& report, const std::string& source,
                       double seconds) {
  nlohmann::json tables = nlohmann::json::array();
  for (const TableVerdict& table : report.tables) tables.push_back(TableJson(table));
  const nlohmann::json out = {{"source", source},
                              {"server", report.server},
                              {"seconds", seconds},
                              {"tables", std::move(tables)}};
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace kura::cli
