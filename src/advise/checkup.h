// advise/checkup.h: what `kura doctor` says of a source: facts in, lines with their fixes out.
// Pure, so that each line is tested without a server.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "advise/zone.h"
#include "base/time.h"

namespace kura::advise {

enum class Level { kOk, kWarning, kError };

/// One line: what was looked at, what was found, and what to do (one step a line; may be empty).
struct CheckLine {
  Level level = Level::kOk;
  std::string area;  // "shop", "warehouse", "model"
  std::string text;
  std::string fix;
  bool outside = false;  // an error of the world, not of the user's files
};

/// What a server and an account were found to be.
struct ServerCheck {
  std::string name;       // of the source in kura.yaml
  std::string address;    // "127.0.0.1:3306"
  bool is_local = false;  // a socket or loopback
  std::string database;
  std::string server;   // "mariadb 10.11.14"
  std::string account;  // "kura_reader@10.0.3.%"
  std::string tls;      // "verify", "skip-verify", "off" of kura.yaml
  std::string tls_cipher;
  std::string time_zone;
  Micros clock_ahead = 0;
  std::vector<std::string> grants;
  bool sees_transactions = false;
  std::vector<std::string> refused;  // tables that may not be read
};

/// One table of the source, with what kura.yaml says of it and what the warehouse holds.
struct TableCheck {
  std::string name;
  std::int64_t rows = 0;
  bool has_key = false;
  bool copied_whole = false;  // kura.yaml says  mode: full
  std::string cursor;         // "updated_at"
  bool has_cursor = false;
  bool cursor_is_indexed = false;
  bool is_compared = false;  // there is a warehouse to compare with
  bool is_synced = false;
  std::vector<std::string> new_columns;   // the source has them, the warehouse not yet
  std::vector<std::string> gone_columns;  // the other way round
};

/// Reachability, version, encryption, rights and clock.
std::vector<CheckLine> CheckServer(const ServerCheck& check);

/// Keys and cursor indexes, with the DDL to add, and what changed since the last sync. `gone` are
/// tables that the warehouse has and the source no longer.
std::vector<CheckLine> CheckTables(const std::string& source, const std::vector<TableCheck>& tables,
                                   const std::vector<std::string>& gone);

/// A name in kura.yaml that the source does not have: a table, or a column of one.
struct UnknownName {
  std::string where;  // "tables.ordrs" or "tables.users.exclude"
  std::string name;
  std::vector<std::string> known;
};

/// One error for each name that the source does not have, with the nearest that it has.
std::vector<CheckLine> CheckNames(const std::string& source,
                                  const std::vector<UnknownName>& unknown);

/// Whether it is decided what DATETIME means, and whether the evidence agrees. `undecided` are the
/// tables with such columns and without a zone.
CheckLine CheckZone(const std::string& source, const std::string& zone,
                    const std::vector<std::string>& undecided, const ZoneGuess& guess);

/// How far one table's data reaches.
struct FreshnessCheck {
  std::string table;  // "raw_shop.orders"
  Micros complete_through = 0;
};

/// One line for all tables that are fresh, and one for those that are older than a day.
std::vector<CheckLine> CheckFreshness(const std::vector<FreshnessCheck>& tables, Micros now,
                                      const Zone& zone);

/// Free space on the warehouse's disk: a rebuild needs a second copy.
CheckLine CheckDisk(std::int64_t free_bytes, std::int64_t warehouse_bytes);

}  // namespace kura::advise
