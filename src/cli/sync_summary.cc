// One line per table: mode, rows, deletes, coercions, speed and how far its data reaches.
#include "cli/sync_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/progress.h"

namespace kura::cli {
namespace {

// Speeds of small tables say nothing but the cost of a round trip.
constexpr std::int64_t kRowsForSpeed = 1000;

std::string NumberOrDash(std::int64_t value) {
  return value == 0 ? "–" : GroupDigits(value);
}

std::string AsOf(Micros utc, const std::string& timezone) {
  if (utc == 0) return "–";
  const Result<Zone> zone = Zone::Find(timezone);
  const Micros local = zone ? zone->ToLocal(utc) : utc;
  return FormatDateTime(local - local % kMicrosPerSecond);
}

std::string TableLine(const sync::TableReport& table, std::size_t name_width,
                      const std::string& timezone) {
  const bool fast = table.rows >= kRowsForSpeed && table.seconds > 0;
  std::string line = PadRight(table.table, name_width) + " " + PadRight(table.mode, 6) +
                     PadLeft(GroupDigits(table.rows), 12) +
                     PadLeft(NumberOrDash(table.deleted), 9) +
                     PadLeft(NumberOrDash(table.coerced), 9);
  line += PadLeft(fast ? ShortRate(static_cast<double>(table.rows) / table.seconds) : "–", 9);
  line += "    " + AsOf(table.complete_through, timezone);
  if (!table.note.empty()) line += "   " + table.note;
  return line + "\n";
}

}  // namespace

std::string SummaryTable(const sync::SyncReport& report, const SummaryInput& input) {
  std::size_t name_width = 14;
  for (const sync::TableReport& table : report.tables) {
    name_width = std::max(name_width, DisplayWidth(table.table));
  }
  std::string out = fmt::format("{} ({}) → {}\n", input.source, report.server, input.warehouse);
  out += PadRight("table", name_width) +
         " mode          rows  deleted  coerced   rows/s    as of (" + input.timezone + ")\n";
  std::int64_t rows = 0, coerced = 0, done = 0;
  for (const sync::TableReport& table : report.tables) {
    if (table.error) {
      out += PadRight(table.table, name_width) + " failed   see below; the table is as it was\n";
      continue;
    }
    out += TableLine(table, name_width, input.timezone);
    rows += table.rows;
    coerced += table.coerced;
    ++done;
  }
  out += fmt::format("{} table{}, {} row{} in {:.1f} s\n",
                     done,
                     done == 1 ? "" : "s",
                     GroupDigits(rows),
                     rows == 1 ? "" : "s",
                     input.seconds);
  if (coerced > 0) {
    out += fmt::format(
        "{} value{} could not be represented as they are: kura sql 'from "
        "_kura.coercions'\n",
        GroupDigits(coerced),
        coerced == 1 ? "" : "s");
  }
  return out;
}

std::string SummaryJson(const sync::SyncReport& report, const SummaryInput& input) {
  nlohmann::json tables = nlohmann::json::array();
  for (const sync::TableReport& table : report.tables) {
    nlohmann::json item = {{"table", table.table},
                           {"mode", table.mode},
                           {"rows", table.rows},
                           {"deleted", table.deleted},
                           {"coerced", table.coerced},
                           {"seconds", table.seconds},
                           {"note", table.note}};
    if (table.complete_through != 0)
      item["complete_through"] = FormatInstant(table.complete_through);
    if (table.error) {
      item["error"] = {{"code", CodeName(table.error->code)},
                       {"message", table.error->message},
                       {"hint", table.error->hint}};
    }
    tables.push_back(std::move(item));
  }
  const nlohmann::json out = {{"source", input.source},
                              {"server", report.server},
                              {"seconds", input.seconds},
                              {"tables", std::move(tables)},
                              {"warnings", report.warnings}};
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace kura::cli
