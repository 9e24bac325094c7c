// sync/mysql_catalogue.h: the tables of a MySQL database as information_schema describes them.
#pragma once
#include <vector>

#include "base/result.h"
#include "sync/mysql_connection.h"
#include "sync/source.h"

namespace kura::sync {

/// Describes every base table of the connection's database, by name. Errors: kUnavailable.
Result<std::vector<SourceTable>> ReadMysqlTables(MysqlConnection& connection);

/// The server's identity: server_uuid of MySQL; MariaDB has none, so its server_id and data folder.
Result<std::string> ReadMysqlServerId(MysqlConnection& connection);

}  // namespace kura::sync
