// project/config.h: kura.yaml as data, checked: every key known, every value in its range.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "schedule/cron.h"
#include "sync/seed_table.h"
#include "sync/sync.h"

namespace kura::project {

/// A value of kura.yaml that may hold ${VARIABLES}; its place is for messages.
struct Setting {
  std::string text;
  Span span;
};

/// When `kura serve` copies: `every` or `at`. Neither: only when it is asked to.
struct SyncTimes {
  Micros every = 0;                  // 0 = not by an interval
  std::optional<schedule::Cron> at;  // in the project's time zone
  bool any() const { return every > 0 || at.has_value(); }
};

/// One source. `connection` holds host, port, user, password … as written; variables are read when
/// the source is used, so that questions work without the database's password.
struct SourceEntry {
  sync::SourceConfig config;  // holds what kura.local.yaml says, too
  std::map<std::string, Setting> connection;
  SyncTimes times;
  std::map<std::string, SyncTimes> table_times;  // tables with times of their own
  std::optional<Setting> salt;                   // of the project; without one, .kura/salt has it
  std::string folder;  // the project's; files are named from there. "" = the working directory
  Span span;
};

struct Config {
  std::string name;
  std::string timezone = "UTC";
  std::vector<SourceEntry> sources;
  std::map<std::string, sync::SeedConfig> seeds;  // by table
  std::string warehouse_path = ".kura/warehouse.duckdb";
  int limit_rows = 5000;
  double limit_timeout_s = 60;
  std::string limit_memory = "2GB";
};

/// Reads kura.yaml. Mistakes go to `diagnostics`; what could be read is returned.
Config ReadConfig(const SourceFile& file, Diagnostics& diagnostics);

/// The source with its variables read from the environment; password files and commands are left to
/// each connection. Errors: kInvalid names the variable and the place in kura.yaml.
Result<sync::SourceConfig> ResolveSource(const SourceEntry& entry);

/// "10m", "90s", "1h", "2d" → microseconds. Errors: kInvalid.
Result<Micros> ParseDuration(std::string_view text);

}  // namespace kura::project
