// sync/sync.h: copies tables of a source into a warehouse so that nothing is lost: watermark first,
// snapshot second, staging third, and data with its position in one short transaction last.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/time.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

enum class TlsMode { kVerify, kSkipVerify, kOff };

/// How to reach a MySQL or MariaDB server. A password file or command is read at each connection,
/// so that a rotated password needs no restart; the commands come from kura.local.yaml only.
struct MysqlConfig {
  std::string host;
  int port = 3306;
  std::string socket;  // used instead of host and port when set
  std::string user;
  std::string password;
  std::string password_file;     // used instead of password when set
  std::string password_command;  // used instead of both when set
  std::string tunnel_command;    // with {port}, and {host} when it should serve every host
  std::string watermark_host;    // the writer, as host or host:port, when `host` is a reader
  std::string database;
  TlsMode tls = TlsMode::kVerify;
  std::string tls_ca;           // "" = the machine's authorities
  std::string tls_server_name;  // "" = host
  int connect_timeout_s = 10;
};

/// kAppend: rows are only ever added, so only new ones are read.
enum class TableMode { kAuto, kFull, kIncremental, kAppend };

/// What becomes of rows that the source no longer has.
enum class Deletes { kReconcile, kKeep };

enum class MaskKind { kNull, kSha256, kLast, kRegex };

/// What a column's values become before they are written anywhere.
struct MaskConfig {
  MaskKind kind = MaskKind::kNull;
  int last = 0;             // kLast: characters that stay
  std::string pattern;      // kRegex: RE2
  std::string replacement;  // kRegex: with \1 … \9 for groups
  std::string place;        // where it is written: "kura.yaml:9:14"
};

/// What kura.yaml says of one table; kAuto copies incrementally when there are a primary key and an
/// indexed updated_at.
struct TableConfig {
  TableMode mode = TableMode::kAuto;
  std::string cursor;  // "" = updated_at; for kAppend: the key
  Deletes deletes = Deletes::kReconcile;
  Micros lookback = 10 * kMicrosPerMinute;
  std::vector<std::string> exclude;         // columns
  std::string datetime_zone;                // "" = the source's
  std::map<std::string, MaskConfig> masks;  // by column
  std::string where;                        // rows that are copied; "" = all
  std::string where_place;                  // "kura.yaml:9:14"
  bool history = false;                     // every version of each row is kept
  std::string history_place;
};

/// One source of kura.yaml.
struct SourceConfig {
  std::string name;  // lands in schema raw_<name>
  MysqlConfig mysql;
  std::string datetime_zone;
  std::string salt;                           // of the project; needed when a mask is sha256
  std::map<std::string, TableConfig> tables;  // empty = every table with its defaults
};

/// What happened to one table, for the summary of design/terminal.md.
struct TableReport {
  std::string table;
  std::string mode;  // "copy" | "delta" | "full"
  std::int64_t rows = 0;
  std::int64_t deleted = 0;
  std::int64_t coerced = 0;
  double seconds = 0;
  Micros complete_through = 0;
  std::string note;  // "no primary key: copied whole"
  std::optional<Error> error;
};

/// Called while a table is being copied, from the thread that copies it.
struct Progress {
  std::string table;
  std::string mode;
  std::string state;  // "waiting" | "reading" | "committing" | "done" | "failed"
  std::int64_t rows = 0;
  std::int64_t rows_expected = 0;  // an estimate; 0 = unknown
  double rows_per_second = 0;
};

struct SyncOptions {
  std::vector<std::string> tables;  // empty = all
  bool full = false;                // copy whole even when a delta would do
  bool confirm_deletes = false;     // remove however many rows the source no longer has
  int connections = 2;              // reads at the same time, of one table or several
  // A table of more rows than this (by the source's estimate) is copied in ranges of `range_rows`:
  // its reads are short, and a copy that was killed goes on with the range that it was on.
  std::int64_t ranges_from = 10'000'000;
  std::int64_t range_rows = 500'000;
  const std::atomic<bool>* stop = nullptr;  // Ctrl-C: finish no further table, drop what is staged
  std::function<void(const Progress&)> on_progress;
};

struct SyncReport {
  std::string server;  // "mariadb 10.11.14, 127.0.0.1:3306"
  std::vector<TableReport> tables;
  std::vector<std::string> warnings;
};

/// Copies the tables of one source. A table that fails does not stop the others; its error is in
/// the report. Errors (nothing was done): kDenied (login), kUnavailable (server, warehouse),
/// kNotFound (a table that the source does not have), kInvalid (configuration), kConflict
/// (stopped).
Result<SyncReport> SyncSource(const SourceConfig& source, warehouse::Warehouse& warehouse,
                              const Clock& clock, const SyncOptions& options);

}  // namespace kura::sync
