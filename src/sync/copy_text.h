// sync/copy_text.h: what the state tables keep of a copy, as JSON.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sync/source.h"

namespace kura::sync {

/// [{"lower": ["1"], "upper": ["500001"]}, …]. Errors of reading: kInvalid (not what was written).
std::string RangesJson(const std::vector<KeyRange>& ranges);
Result<std::vector<KeyRange>> ReadRangesJson(std::string_view text);

/// [{"column": 2, "reason": "zero_date", "count": 3, "sample_keys": ["17"]}, …]
std::string CoercedJson(const std::vector<CoercedColumn>& coerced);
Result<std::vector<CoercedColumn>> ReadCoercedJson(std::string_view text);

}  // namespace kura::sync
