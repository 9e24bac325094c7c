// sync/mysql_ranges.h: cuts a table of MySQL by its primary key, so that a large copy goes in
// short reads and a killed one goes on where it was.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "sync/mysql_connection.h"
#include "sync/source.h"

namespace kura::sync {

/// Errors: kUnavailable, kDenied. No ranges: the key's order is not one that a range can follow
/// (ENUM, SET, FLOAT, TIME, BIT, JSON), or there is none.
Result<std::vector<KeyRange>> SplitMysqlKeys(MysqlConnection& connection, const SourceTable& table,
                                             std::int64_t rows);

/// Equal parts of the integers from `least` to `greatest` (decimal texts), the outer ones open;
/// nothing when they do not parse or would not hold about `rows` rows each because of large gaps.
std::vector<KeyRange> SplitIntegers(const std::string& least, const std::string& greatest,
                                    std::int64_t rows_expected, std::int64_t rows);

}  // namespace kura::sync
