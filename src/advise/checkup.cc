// Thresholds and words of the lines.
#include "advise/checkup.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <span>

#include "advise/names.h"
#include "base/text.h"

namespace kura::advise {
namespace {

constexpr Micros kSkewMax = 5 * kMicrosPerSecond;
constexpr Micros kFreshFor = kMicrosPerDay;
constexpr std::int64_t kManyRows = 100'000;
constexpr std::int64_t kMegabyte = 1'000'000;

CheckLine Ok(const std::string& area, std::string text) {
  return {Level::kOk, area, std::move(text), "", false};
}

CheckLine Warn(const std::string& area, std::string text, std::string fix) {
  return {Level::kWarning, area, std::move(text), std::move(fix), false};
}

std::string Some(const std::vector<std::string>& items) {
  constexpr std::size_t kShown = 8;
  if (items.size() <= kShown) return Join(items, ", ");
  return Join(std::span(items).first(kShown), ", ") +
         fmt::format(" and {} more", items.size() - kShown);
}

// "'kura_reader'@'10.0.3.%'".
std::string Account(const ServerCheck& check) {
  const std::size_t at = check.account.rfind('@');
  if (at == std::string::npos) return "'" + check.account + "'";
  return "'" + check.account.substr(0, at) + "'@'" + check.account.substr(at + 1) + "'";
}

std::string Grant(const ServerCheck& check, const std::string& what) {
  return "GRANT " + what + " TO " + Account(check) + ";";
}

// The first two numbers of "mariadb 10.11.14".
std::pair<int, int> VersionOf(const std::string& server) {
  const std::size_t space = server.find(' ');
  if (space == std::string::npos) return {0, 0};
  const auto parts = Split(std::string_view(server).substr(space + 1), '.');
  std::int64_t major = 0;
  std::int64_t minor = 0;
  if (!ParseInt(parts[0], &major)) return {0, 0};
  if (parts.size() > 1 && !ParseInt(parts[1], &minor)) minor = 0;
  return {static_cast<int>(major), static_cast<int>(minor)};
}

CheckLine CheckReached(const ServerCheck& check) {
  const std::string text =
      fmt::format("{} at {}, as {}", check.server, check.address, check.account);
  const auto version = VersionOf(check.server);
  const bool mariadb = check.server.starts_with("mariadb");
  const std::pair<int, int> oldest = mariadb ? std::pair{10, 5} : std::pair{5, 6};
  if (version >= oldest) return Ok(check.name, text);
  return Warn(check.name,
              text,
              "kura is tested with MySQL 5.6–9 and MariaDB 10.5 and later: compare the first sync "
              "with care");
}

CheckLine CheckTls(const ServerCheck& check) {
  if (check.tls_cipher.empty()) {
    if (check.is_local)
      return Ok(check.name, "not encrypted, which nobody can see on this machine");
    return Warn(check.name,
                "not encrypted: rows and the password cross the network readable",
                "leave  tls:  out of kura.yaml (verify); for RDS also  tls_ca: global-bundle.pem");
  }
  if (check.tls == "skip-verify") {
    return Warn(check.name,
                "encrypted (" + check.tls_cipher + "), but nobody checks to whom",
                "set  tls_ca:  to the authority's file and leave  tls:  out (verify)");
  }
  return Ok(check.name, "encrypted and verified (" + check.tls_cipher + ")");
}

// Rights to change something, of accounts that should only read.
std::vector<std::string> Excess(const ServerCheck& check) {
  static constexpr std::array kRights = {"ALL PRIVILEGES",
                                         "INSERT",
                                         "UPDATE",
                                         "DELETE",
                                         "DROP",
                                         "CREATE",
                                         "ALTER",
                                         "SUPER",
                                         "FILE",
                                         "GRANT OPTION"};
  std::vector<std::string> found;
  for (const std::string& grant : check.grants) {
    const std::size_t on = grant.find(" ON ");
    if (on == std::string::npos) continue;  // A role: its rights are not listed here.
    for (const std::string_view right : kRights) {
      const bool has = grant.substr(0, on).find(right) != std::string::npos ||
                       (right == "GRANT OPTION" && grant.ends_with("WITH GRANT OPTION"));
      if (has && !Contains(found, right)) found.emplace_back(right);
    }
  }
  return found;
}

void CheckRights(const ServerCheck& check, std::vector<CheckLine>* lines) {
  if (!check.refused.empty()) {
    lines->push_back({Level::kError,
                      check.name,
                      "the account may not read " + Some(check.refused),
                      Grant(check, "SELECT ON " + check.database + ".*"),
                      true});
  } else {
    lines->push_back(Ok(check.name, "may read every table of " + check.database));
  }
  if (check.sees_transactions) {
    lines->push_back(Ok(check.name, "sees open transactions (PROCESS)"));
  } else {
    lines->push_back(
        Warn(check.name,
             "cannot see open transactions: each delta reads an hour back, and a change that was "
             "open longer is missed until the next full copy",
             Grant(check, "PROCESS ON *.*") +
                 "\nit shows the texts of running statements, and lets nothing be changed"));
  }
  const std::vector<std::string> excess = Excess(check);
  if (excess.empty()) return;
  lines->push_back(
      Warn(check.name,
           "the account may do more than read: " + Join(excess, ", "),
           "use an account of its own:  CREATE USER kura_reader@'…' IDENTIFIED BY '…';\n"
           "  GRANT SELECT ON " +
               check.database + ".* TO kura_reader@'…';"));
}

CheckLine CheckClock(const ServerCheck& check) {
  const double exact = static_cast<double>(check.clock_ahead) / 1e6;
  const double seconds = std::abs(exact) < 0.05 ? 0 : exact;  // Not "-0.0".
  const std::string zone = "; its time zone is " + check.time_zone;
  if (std::abs(check.clock_ahead) <= kSkewMax) {
    return Ok(check.name,
              fmt::format("the clocks agree within {:.1f} s{}", std::abs(seconds), zone));
  }
  return Warn(
      check.name,
      fmt::format("the server's clock is {:.0f} s {} this machine's{}",
                  std::abs(seconds),
                  seconds > 0 ? "ahead of" : "behind",
                  zone),
      "run NTP on both; syncing goes by the server's clock and loses nothing, but \"today\" "
      "goes by this one");
}

std::string RowsOf(const TableCheck& table) {
  return "about " + GroupDigits(table.rows) + " rows";
}

CheckLine KeylessLine(const std::string& source, const TableCheck& table) {
  return Warn(source,
              fmt::format("{} has no primary key: copied whole each time ({}), and its sums are "
                          "refused in joins",
                          table.name,
                          RowsOf(table)),
              "add a key at the source, or say that it is meant:  tables: {" + table.name +
                  ": {mode: full}}");
}

void CheckCursor(const std::string& source, const TableCheck& table,
                 std::vector<CheckLine>* lines) {
  if (!table.has_cursor) {
    if (table.rows < kManyRows) return;
    lines->push_back(Warn(
        source,
        fmt::format(
            "{} has no {}: copied whole each time ({})", table.name, table.cursor, RowsOf(table)),
        "name a column that changes with each row:  tables: {" + table.name +
            ": {cursor: …}}\nor say that it is meant:  mode: full"));
    return;
  }
  if (table.cursor_is_indexed) return;
  lines->push_back(
      Warn(source,
           fmt::format("no index of {} begins with {}: copied whole each time ({})",
                       table.name,
                       table.cursor,
                       RowsOf(table)),
           fmt::format("CREATE INDEX {0}_{1} ON {0} ({1});", table.name, table.cursor)));
}

CheckLine CheckChanges(const std::string& source, const std::vector<TableCheck>& tables,
                       const std::vector<std::string>& gone) {
  std::vector<std::string> changes;
  std::vector<std::string> unsynced;
  for (const TableCheck& table : tables) {
    if (!table.is_synced) unsynced.push_back(table.name);
    for (const std::string& column : table.new_columns) {
      changes.push_back("+ " + table.name + "." + column);
    }
    for (const std::string& column : table.gone_columns) {
      changes.push_back("- " + table.name + "." + column);
    }
  }
  for (const std::string& table : gone) changes.push_back("- " + table);
  if (unsynced.size() == tables.size()) {
    return Warn(source, "nothing has been copied yet", "kura sync");
  }
  for (const std::string& table : unsynced) changes.push_back("+ " + table);
  if (changes.empty()) return Ok(source, "tables and columns are as they were at the last sync");
  return Warn(
      source, "changed since the last sync: " + Some(changes), "kura sync, then  kura validate");
}

std::string Bytes(std::int64_t bytes) {
  const double megabytes = static_cast<double>(bytes) / 1e6;
  return megabytes >= 1000 ? fmt::format("{:.1f} GB", megabytes / 1000)
                           : fmt::format("{:.0f} MB", megabytes);
}

}  // namespace

std::vector<CheckLine> CheckServer(const ServerCheck& check) {
  std::vector<CheckLine> lines = {CheckReached(check), CheckTls(check)};
  CheckRights(check, &lines);
  lines.push_back(CheckClock(check));
  return lines;
}

std::vector<CheckLine> CheckTables(const std::string& source, const std::vector<TableCheck>& tables,
                                   const std::vector<std::string>& gone) {
  std::vector<CheckLine> lines;
  std::size_t good = 0;
  for (const TableCheck& table : tables) {
    const std::size_t before = lines.size();
    if (!table.copied_whole && !table.has_key) {
      lines.push_back(KeylessLine(source, table));
    } else if (!table.copied_whole) {
      CheckCursor(source, table, &lines);
    }
    if (lines.size() == before) ++good;
  }
  lines.insert(lines.begin(),
               Ok(source,
                  fmt::format("keys and cursor indexes are as they should be for {} of {} tables",
                              good,
                              tables.size())));
  const bool compared = std::any_of(
      tables.begin(), tables.end(), [](const TableCheck& table) { return table.is_compared; });
  if (compared) lines.push_back(CheckChanges(source, tables, gone));
  return lines;
}

std::vector<CheckLine> CheckNames(const std::string& source,
                                  const std::vector<UnknownName>& unknown) {
  std::vector<CheckLine> lines;
  for (const UnknownName& name : unknown) {
    const std::string near = NearestName(name.name, name.known);
    lines.push_back({Level::kError,
                     source,
                     fmt::format("{} in kura.yaml names '{}', which the source does not have{}",
                                 name.where,
                                 name.name,
                                 near.empty() ? "" : " (did you mean '" + near + "'?)"),
                     "it has: " + Some(name.known),
                     false});
  }
  return lines;
}

CheckLine CheckZone(const std::string& source, const std::string& zone,
                    const std::vector<std::string>& undecided, const ZoneGuess& guess) {
  const std::string evidence = Join(guess.evidence, "\n");
  if (!undecided.empty()) {
    const std::string proposal = guess.zone.empty() ? "…" : guess.zone;
    return {Level::kError,
            source,
            "it is undecided what DATETIME means in " + Some(undecided),
            "set  datetime_zone: " + proposal + "  in kura.yaml. The evidence:\n" + evidence,
            false};
  }
  if (guess.zone.empty() || zone.empty() || guess.zone == zone) {
    return Ok(source, zone.empty() ? "what DATETIME means is decided" : "DATETIME means " + zone);
  }
  const Result<Zone> guessed = Zone::Find(guess.zone);
  const Result<Zone> decided = Zone::Find(zone);
  if (guessed && decided && guessed->OffsetAt(0) == decided->OffsetAt(0)) {
    return Ok(source, "DATETIME means " + zone);
  }
  return Warn(
      source,
      "kura.yaml says that DATETIME means " + zone + ", the data speaks for " + guess.zone,
      "compare a row that you know, then correct  datetime_zone . The evidence:\n" + evidence);
}

std::vector<CheckLine> CheckFreshness(const std::vector<FreshnessCheck>& tables, Micros now,
                                      const Zone& zone) {
  std::vector<CheckLine> lines;
  Micros least = now;
  std::size_t fresh = 0;
  std::vector<std::string> stale;
  const auto as_of = [&](Micros utc) {
    const Micros local = zone.ToLocal(utc);
    return FormatDateTime(local - local % kMicrosPerSecond);
  };
  for (const FreshnessCheck& table : tables) {
    if (now - table.complete_through > kFreshFor) {
      stale.push_back(table.table + " (" + as_of(table.complete_through) + ")");
      continue;
    }
    ++fresh;
    least = std::min(least, table.complete_through);
  }
  if (fresh > 0) {
    lines.push_back(Ok("freshness",
                       fmt::format("{} table{} as of {} or later ({})",
                                   fresh,
                                   fresh == 1 ? "" : "s",
                                   as_of(least),
                                   zone.name())));
  }
  if (!stale.empty()) {
    lines.push_back(Warn("freshness", "older than a day: " + Some(stale), "kura sync"));
  }
  return lines;
}

CheckLine CheckDisk(std::int64_t free_bytes, std::int64_t warehouse_bytes) {
  const std::string text =
      fmt::format("{} free, the warehouse has {}", Bytes(free_bytes), Bytes(warehouse_bytes));
  if (free_bytes < 200 * kMegabyte) {
    return {Level::kError, "disk", text, "make room: a sync needs space for what it stages", true};
  }
  if (free_bytes < warehouse_bytes * 2) {
    return Warn("disk", text, "make room: a rebuild writes a second copy beside the first");
  }
  return Ok("disk", text);
}

}  // namespace kura::advise
