// sync/mysql_reader.h: a prepared SELECT as typed batches, unbuffered: memory stays at one packet
// and one batch however large the table is.
#pragma once
#include <memory>
#include <string>

#include "sync/mysql_connection.h"
#include "sync/source.h"

namespace kura::sync {

/// Runs `select` (MysqlSelect) for the columns of `request`, whose masks are applied. The
/// connection must outlive the reader. Errors: as Session::Read; kInvalid: the server rejects the
/// table's `where`.
Result<std::unique_ptr<BatchReader>> OpenMysqlReader(MysqlConnection& connection,
                                                     const ReadRequest& request,
                                                     const std::string& select);

}  // namespace kura::sync
