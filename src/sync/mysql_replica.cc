// Roles, positions and waiting, on MySQL, MariaDB and Aurora. Every question here is one that an
// account with SELECT alone may ask, or one whose refusal is taken as "unknown".
#include "sync/mysql_replica.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace kura::sync {
namespace {

constexpr unsigned kUnknownFunction = 1305;

using Settings = std::map<std::string, std::string>;

// Names and values of variables or of status.
Result<Settings> ReadSettings(MysqlConnection& connection, const std::string& sql) {
  TRY(const auto rows, connection.Query(sql));
  Settings settings;
  for (const TextRow& row : rows) {
    if (row.size() >= 2 && row[0]) settings[ToLower(*row[0])] = row[1].value_or("");
  }
  return settings;
}

bool IsOn(const Settings& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found != settings.end() && (found->second == "ON" || found->second == "1");
}

// The columns of the replica's status row by name. Without the privilege, or on a server that does
// not know the statement, there is none.
Settings ReplicaStatus(MysqlConnection& connection) {
  for (const char* sql : {"SHOW REPLICA STATUS", "SHOW ALL SLAVES STATUS", "SHOW SLAVE STATUS"}) {
    const auto row = connection.QueryNamed(sql);
    if (row && !row->empty()) return Settings(row->begin(), row->end());
  }
  return {};
}

// The threads that apply changes show to whoever has PROCESS.
bool RunsReplicaThreads(MysqlConnection& connection) {
  const auto rows = connection.Query(
      "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'system user' AND "
      "command IN ('Slave_IO', 'Slave_SQL', 'Slave_worker', 'Connect')");
  return rows && !rows->empty() && (*rows)[0][0].value_or("0") != "0";
}

Result<std::string> GaleraReason(MysqlConnection& connection) {
  TRY(const Settings status,
      ReadSettings(connection, "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'"));
  const auto size = status.find("wsrep_cluster_size");
  std::int64_t nodes = 0;
  if (size == status.end() || !ParseInt(size->second, &nodes) || nodes < 2) return std::string();
  return fmt::format(
      "it is one of {} nodes of a Galera cluster, which do not show each other "
      "their open transactions",
      nodes);
}

// "uuid:5#41:6#42" → "uuid:5:6": GTIDs that are being committed, without their threads.
std::string WithoutThreads(const std::string& owned) {
  std::string set;
  bool in_thread = false;
  for (const char c : owned) {
    if (c == '#') in_thread = true;
    if (c == ':' || c == ',') in_thread = false;
    if (!in_thread) set += c;
  }
  return set;
}

}  // namespace

Result<std::string> ReaderReason(MysqlConnection& connection) {
  TRY(const Settings variables,
      ReadSettings(connection,
                   "SHOW GLOBAL VARIABLES WHERE variable_name IN ('read_only', 'innodb_read_only', "
                   "'aurora_version', 'wsrep_on')"));
  if (IsOn(variables, "innodb_read_only")) {
    return std::string(variables.contains("aurora_version") ? kAuroraReader
                                                            : "innodb_read_only is on");
  }
  const Settings replica = ReplicaStatus(connection);
  for (const char* name : {"source_host", "master_host"}) {
    const auto host = replica.find(name);
    if (host != replica.end()) return "it is a replica of " + host->second;
  }
  if (IsOn(variables, "read_only")) return std::string("read_only is on, as on a replica");
  TRY(const Settings status, ReadSettings(connection, "SHOW GLOBAL STATUS LIKE 'Slave_running'"));
  if (IsOn(status, "slave_running") || RunsReplicaThreads(connection)) {
    return std::string("it is a replica");
  }
  if (IsOn(variables, "wsrep_on")) return GaleraReason(connection);
  return std::string();
}

Result<bool> IsSameServer(MysqlConnection& a, MysqlConnection& b) {
  if (a.is_mariadb() != b.is_mariadb()) return false;
  const std::string own = a.is_mariadb() ? "@@datadir" : "@@server_uuid";
  const std::string sql = "SELECT CONCAT_WS('|', @@server_id, @@hostname, @@port, " + own + ")";
  TRY(const auto one, a.Query(sql));
  TRY(const auto other, b.Query(sql));
  return one == other;
}

// On MySQL a commit is visible a moment before its GTID counts as executed; meanwhile it is owned.
// So the owned ones are read first, and nothing falls between the two.
Result<std::string> ReadPosition(MysqlConnection& writer) {
  if (writer.is_mariadb()) {
    TRY(const auto rows, writer.Query("SELECT @@GLOBAL.gtid_binlog_pos"));
    return rows[0][0].value_or("");
  }
  TRY(const Settings mode, ReadSettings(writer, "SHOW GLOBAL VARIABLES LIKE 'gtid_mode'"));
  const auto found = mode.find("gtid_mode");
  if (found == mode.end() || found->second != "ON") return std::string();
  TRY(const auto owned, writer.Query("SELECT @@GLOBAL.gtid_owned"));
  TRY(const auto executed, writer.Query("SELECT @@GLOBAL.gtid_executed"));
  std::string position = executed[0][0].value_or("");
  const std::string committing = WithoutThreads(owned[0][0].value_or(""));
  if (!committing.empty()) position += (position.empty() ? "" : ",") + committing;
  return position;
}

Status AwaitPosition(MysqlConnection& reader, const std::string& position, int timeout_s) {
  const auto wait = [&](const char* function) {
    return reader.Query(
        fmt::format("SELECT {}({}, {})", function, QuoteMysqlText(position), timeout_s));
  };
  auto rows = wait(reader.is_mariadb() ? "MASTER_GTID_WAIT" : "WAIT_FOR_EXECUTED_GTID_SET");
  bool counts_events = false;
  if (!rows && reader.last_number() == kUnknownFunction) {
    rows = wait("WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS");  // MySQL 5.6
    counts_events = true;
  }
  if (!rows) return Annotate(rows.error(), "waiting for the reader to catch up");
  if (!(*rows)[0][0]) {
    return FailWithHint(
        Code::kUnavailable,
        "the reader does not replicate now, so it cannot catch up with the writer",
        "start its replication (SHOW REPLICA STATUS tells why it stopped), and check "
        "that it replicates from watermark_host");
  }
  std::int64_t answer = -1;
  (void)ParseInt(*(*rows)[0][0], &answer);
  if (counts_events ? answer >= 0 : answer == 0) return {};
  const auto lag = ReplicaLagSeconds(reader);
  return FailWithHint(
      Code::kUnavailable,
      fmt::format("the reader has not caught up with the writer within {} s{}",
                  timeout_s,
                  lag ? fmt::format(" (it says that it is {} s behind)", *lag) : std::string()),
      "check that it replicates from watermark_host, and what holds it back (SHOW REPLICA STATUS)");
}

std::optional<std::int64_t> ReplicaLagSeconds(MysqlConnection& reader) {
  const Settings status = ReplicaStatus(reader);
  for (const char* name : {"seconds_behind_source", "seconds_behind_master"}) {
    const auto found = status.find(name);
    std::int64_t seconds = 0;
    if (found != status.end() && ParseInt(found->second, &seconds)) return seconds;
  }
  return std::nullopt;
}

}  // namespace kura::sync
