// sync/mysql_source.h: MySQL and MariaDB as a Source, by libmariadb's binary protocol, unbuffered.
#pragma once
#include <memory>

#include "sync/source.h"
#include "sync/sync.h"

namespace kura::sync {

/// Makes a source; nothing is connected yet.
std::unique_ptr<Source> MakeMysqlSource(const MysqlConfig& config);

}  // namespace kura::sync
