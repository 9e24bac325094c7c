// kura.yaml → Config, section by section, in the order of DESIGN §3.
#include "project/config.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "project/diagnostics.h"
#include "project/mask_section.h"
#include "project/salt.h"
#include "project/seeds_section.h"
#include "project/yaml_section.h"

namespace kura::project {
namespace {

void ReadZone(YamlSection& section, std::string_view key, std::string* zone) {
  std::string name;
  if (!section.Text(key, &name)) return;
  const Result<Zone> found = Zone::Find(name);
  if (!found) {
    section.Report(section.Take(key)->span, kWrongValue, found.error().message, found.error().hint);
    return;
  }
  *zone = name;
}

// every: 15m, or at: "30 4 * * *".
SyncTimes ReadTimes(YamlSection& section) {
  SyncTimes times;
  std::string text;
  if (section.Text("every", &text)) {
    const Result<Micros> length = ParseDuration(text);
    if (length && *length > 0) {
      times.every = *length;
    } else {
      section.Report(section.Take("every")->span,
                     kWrongValue,
                     length ? "'every' must be longer than nothing" : length.error().message);
    }
  }
  if (section.Text("at", &text)) {
    const Result<schedule::Cron> cron = schedule::Cron::Parse(text);
    if (cron) {
      times.at = *cron;
    } else {
      section.Report(
          section.Take("at")->span, kWrongValue, cron.error().message, cron.error().hint);
    }
  }
  if (times.every > 0 && times.at) {
    section.Report(section.Take("at")->span,
                   kWrongValue,
                   section.where() + " has both 'every' and 'at'",
                   "keep one of them");
  }
  return times;
}

// The table's own times.
SyncTimes ReadTable(const YamlNode& node, const std::string& where, sync::TableConfig* table,
                    Diagnostics& diagnostics) {
  YamlSection section(node, where, diagnostics);
  std::string mode, lookback;
  if (section.Choice("mode", {"auto", "full", "incremental", "append"}, &mode)) {
    if (mode == "full") table->mode = sync::TableMode::kFull;
    if (mode == "incremental") table->mode = sync::TableMode::kIncremental;
    if (mode == "append") table->mode = sync::TableMode::kAppend;
  }
  section.Text("cursor", &table->cursor);
  if (section.Text("lookback", &lookback)) {
    const Result<Micros> length = ParseDuration(lookback);
    if (length)
      table->lookback = *length;
    else
      section.Report(section.Take("lookback")->span, kWrongValue, length.error().message);
  }
  if (const YamlNode* exclude = section.Take("exclude")) {
    for (const YamlNode& column : exclude->list) table->exclude.push_back(column.scalar);
  }
  ReadZone(section, "datetime_zone", &table->datetime_zone);
  table->masks = ReadMasks(section, diagnostics);
  if (section.Text("where", &table->where)) {
    table->where_place = PlaceOf(section.Take("where")->span);
    if (Trim(table->where).empty()) table->where.clear();
  }
  std::string deletes;
  section.Choice("deletes", {"reconcile", "keep"}, &deletes);
  if (deletes == "keep") table->deletes = sync::Deletes::kKeep;
  std::string history;
  if (section.Choice("history", {"true", "false"}, &history) && history == "true") {
    table->history = true;
    table->history_place = PlaceOf(section.Take("history")->span);
  }
  const SyncTimes times = ReadTimes(section);
  section.Finish();
  return times;
}

// Who may change kura.yaml may be anybody who can commit, and a command is a shell.
void RefuseCommands(YamlSection& section, const std::string& source) {
  const auto refuse = [&section](std::string_view key, const std::string& example) {
    if (section.node().Find(key) == nullptr) return;
    section.Report(section.Take(key)->span,
                   kLocalOnly,
                   fmt::format("'{}' runs a command on this machine, so it is not read from a file "
                               "that is shared",
                               key),
                   "put it into kura.local.yaml beside it:  " + example);
  };
  refuse("tunnel", fmt::format("sources: {{{}: {{tunnel: {{command: …}}}}}}", source));
  refuse("password_command", fmt::format("sources: {{{}: {{password_command: …}}}}", source));
}

// The connection's settings stay text until the source is used.
void ReadConnection(YamlSection& section, SourceEntry* entry) {
  for (const std::string_view key : {"host",
                                     "port",
                                     "socket",
                                     "user",
                                     "password",
                                     "password_file",
                                     "database",
                                     "watermark_host",
                                     "tls_ca",
                                     "tls_server_name"}) {
    std::string text;
    if (section.Text(key, &text)) {
      entry->connection[std::string(key)] = {text, section.Take(key)->span};
    }
  }
  if (entry->connection.contains("password") && entry->connection.contains("password_file")) {
    section.Report(section.Take("password_file")->span,
                   kWrongValue,
                   section.where() + " has both 'password' and 'password_file'",
                   "keep one of them");
  }
  RefuseCommands(section, entry->config.name);
  std::string tls;
  if (section.Choice("tls", {"verify", "skip-verify", "off"}, &tls)) {
    if (tls == "skip-verify") entry->config.mysql.tls = sync::TlsMode::kSkipVerify;
    if (tls == "off") entry->config.mysql.tls = sync::TlsMode::kOff;
  }
}

SourceEntry ReadSource(const YamlNode::Entry& source, Diagnostics& diagnostics) {
  YamlSection section(source.value, "sources." + source.key, diagnostics);
  SourceEntry entry;
  entry.config.name = source.key;
  entry.span = source.key_span;
  std::string type;
  if (!section.Choice("type", {"mysql"}, &type) && section.node().Find("type") == nullptr) {
    section.Report(source.key_span, kMissingKey, section.where() + " has no 'type'", "type: mysql");
  }
  ReadConnection(section, &entry);
  for (const std::string_view key : {"user", "database"}) {
    if (entry.connection.contains(std::string(key))) continue;
    section.Report(
        source.key_span, kMissingKey, fmt::format("{} has no '{}'", section.where(), key));
  }
  if (!entry.connection.contains("host") && !entry.connection.contains("socket")) {
    section.Report(
        source.key_span, kMissingKey, section.where() + " has neither 'host' nor 'socket'");
  }
  ReadZone(section, "datetime_zone", &entry.config.datetime_zone);
  if (const YamlNode* tables = section.Take("tables")) {
    for (const YamlNode::Entry& table : tables->map) {
      const SyncTimes times = ReadTable(table.value,
                                        section.where() + ".tables." + table.key,
                                        &entry.config.tables[table.key],
                                        diagnostics);
      if (times.any()) entry.table_times[table.key] = times;
    }
  }
  entry.times = ReadTimes(section);
  section.Finish();
  return entry;
}

void ReadWarehouse(const YamlNode& node, Config* config, Diagnostics& diagnostics) {
  YamlSection section(node, "warehouse", diagnostics);
  std::string type;
  section.Choice("type", {"duckdb"}, &type);
  section.Text("path", &config->warehouse_path);
  section.Finish();
}

void ReadLimits(const YamlNode& node, Config* config, Diagnostics& diagnostics) {
  YamlSection section(node, "limits", diagnostics);
  section.Int("rows", 1, 1'000'000, &config->limit_rows);
  int timeout_s = 0;
  if (section.Int("timeout_s", 1, 86'400, &timeout_s)) config->limit_timeout_s = timeout_s;
  section.Text("memory", &config->limit_memory);
  section.Finish();
}

// Replaces ${NAME} by the environment's value. A secret has no default: unset is an error.
Result<std::string> Expand(const std::string& key, const Setting& setting) {
  std::string out;
  std::string_view rest = setting.text;
  for (std::size_t at = rest.find("${"); at != std::string_view::npos; at = rest.find("${")) {
    const std::size_t end = rest.find('}', at);
    if (end == std::string_view::npos) break;
    const std::string name(rest.substr(at + 2, end - at - 2));
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) {
      const SourceFile::Position place = setting.span.file->PositionOf(setting.span.begin);
      return FailWithHint(
          Code::kInvalid,
          fmt::format("the variable {} is not set", name),
          fmt::format("in {}:{}:{}  {}: {}\nset it in the environment:  export {}=…",
                      setting.span.file->name(),
                      place.line,
                      place.column,
                      key,
                      setting.text,
                      name));
    }
    out.append(rest.substr(0, at)).append(value);
    rest.remove_prefix(end + 1);
  }
  return out.append(rest);
}

// One salt for the whole project, made when it is first needed.
Result<std::string> ResolveSalt(const SourceEntry& entry) {
  bool is_needed = false;
  for (const auto& [name, table] : entry.config.tables) {
    for (const auto& [column, mask] : table.masks) {
      is_needed = is_needed || mask.kind == sync::MaskKind::kSha256;
    }
  }
  if (!is_needed) return std::string();
  if (!entry.salt) return ReadOrMakeSalt(entry.folder);
  TRY(std::string salt, Expand("salt", *entry.salt));
  TRY_STATUS(CheckSalt(salt));
  return salt;
}

// Whoever can read kura.yaml could hash guesses.
std::optional<Setting> ReadSalt(YamlSection& section) {
  std::string text;
  if (!section.Text("salt", &text)) return std::nullopt;
  const Span span = section.Take("salt")->span;
  if (text.find("${") == std::string::npos) {
    section.Report(span,
                   kWrongValue,
                   "'salt' is written out, so whoever reads this file could find masked values by "
                   "guessing",
                   "salt: ${KURA_SALT}  takes it from the environment; without 'salt' kura makes "
                   "one in .kura/salt");
  }
  return Setting{text, span};
}

// Whether a setting is not needed, because another one takes its place: its variable may be unset.
bool IsReplaced(const std::string& key, const SourceEntry& entry) {
  if (entry.config.mysql.password_command.empty()) return false;
  return key == "password" || key == "password_file";
}

}  // namespace

Config ReadConfig(const SourceFile& file, Diagnostics& diagnostics) {
  Config config;
  const std::optional<YamlNode> root = ParseYaml(file, diagnostics);
  if (!root) return config;
  YamlSection section(*root, file.name(), diagnostics);
  section.Text("name", &config.name);
  ReadZone(section, "timezone", &config.timezone);
  std::string week_start;
  section.Choice("week_start_day",
                 {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"},
                 &week_start);
  const std::optional<Setting> salt = ReadSalt(section);
  if (const YamlNode* sources = section.Take("sources")) {
    for (const YamlNode::Entry& source : sources->map) {
      config.sources.push_back(ReadSource(source, diagnostics));
      config.sources.back().salt = salt;
      if (source.key != sync::kSeedSource) continue;
      section.Report(source.key_span,
                     kWrongValue,
                     "a source cannot be called 'seeds': the tables of seeds/*.csv are there",
                     "name it after its database");
    }
  }
  config.seeds = ReadSeeds(section, diagnostics);
  if (const YamlNode* node = section.Take("warehouse")) ReadWarehouse(*node, &config, diagnostics);
  if (const YamlNode* node = section.Take("limits")) ReadLimits(*node, &config, diagnostics);
  section.NotYet("connections");
  section.NotYet("environments");
  section.Finish();
  return config;
}

Result<sync::SourceConfig> ResolveSource(const SourceEntry& entry) {
  std::map<std::string, std::string> values;
  for (const auto& [key, setting] : entry.connection) {
    if (IsReplaced(key, entry)) continue;
    TRY(values[key], Expand(key, setting));
  }
  const auto path_of = [&](const std::string& key) {
    const std::string& name = values[key];
    return name.empty() || entry.folder.empty() ? name : JoinPath(entry.folder, name);
  };
  sync::SourceConfig config = entry.config;
  TRY(config.salt, ResolveSalt(entry));
  config.mysql.host = values["host"];
  config.mysql.socket = values["socket"];
  config.mysql.user = values["user"];
  config.mysql.password = values["password"];
  config.mysql.password_file = path_of("password_file");
  config.mysql.database = values["database"];
  config.mysql.watermark_host = values["watermark_host"];
  config.mysql.tls_ca = path_of("tls_ca");
  config.mysql.tls_server_name = values["tls_server_name"];
  if (!values["port"].empty()) {
    std::int64_t port = 0;
    if (!ParseInt(values["port"], &port) || port < 1 || port > 65'535) {
      return Fail(Code::kInvalid, "{}: '{}' is not a port (1–65535)", config.name, values["port"]);
    }
    config.mysql.port = static_cast<int>(port);
  }
  return config;
}

Result<Micros> ParseDuration(std::string_view text) {
  std::int64_t number = 0;
  const Micros unit = text.empty()         ? 0
                      : text.back() == 's' ? kMicrosPerSecond
                      : text.back() == 'm' ? kMicrosPerMinute
                      : text.back() == 'h' ? kMicrosPerHour
                      : text.back() == 'd' ? kMicrosPerDay
                                           : 0;
  const bool read = unit > 0 && ParseInt(text.substr(0, text.size() - 1), &number);
  if (!read || number < 0 || number > 100'000) {
    return Fail(Code::kInvalid, "'{}' is not a duration such as 90s, 10m, 1h or 2d", text);
  }
  return number * unit;
}

}  // namespace kura::project
