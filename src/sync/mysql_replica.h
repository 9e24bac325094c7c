// sync/mysql_replica.h: what a reader can and cannot tell about its writer. A watermark is the
// writer's to give; a snapshot of a reader holds what the reader has applied. The two fit together
// only when the reader is known to have applied all that the writer had committed.
#pragma once
#include <optional>
#include <string>

#include "base/result.h"
#include "sync/mysql_connection.h"

namespace kura::sync {

/// What ReaderReason says of an Aurora reader, which copies storage and not a log: no position of
/// the writer's tells what it has.
inline constexpr const char* kAuroraReader = "it is an Aurora reader";

/// Says why this server's own open transactions are not all that can change its data: it is a
/// replica or an Aurora reader, or one node of a Galera cluster. "" = it is a writer.
/// Errors: kUnavailable.
Result<std::string> ReaderReason(MysqlConnection& connection);

/// Tells whether two connections lead to the same server, as reader and writer endpoints of a
/// cluster of one do. Errors: kUnavailable.
Result<bool> IsSameServer(MysqlConnection& a, MysqlConnection& b);

/// All that the writer has committed until now, as GTIDs; "" when it does not number its commits.
/// Errors: kUnavailable.
Result<std::string> ReadPosition(MysqlConnection& writer);

/// Waits until the reader has applied `position` (not empty). Errors: kUnavailable (it has not
/// within `timeout_s`, or does not replicate).
Status AwaitPosition(MysqlConnection& reader, const std::string& position, int timeout_s);

/// How far the reader says it is behind, in seconds; nothing when it does not say, for which the
/// privilege may be missing.
std::optional<std::int64_t> ReplicaLagSeconds(MysqlConnection& reader);

}  // namespace kura::sync
