// sync/verify_ranges.h: which key ranges of a table are compared next, and how much of it has been.
// Ranges are kept between runs with the time of their comparison. Pure.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sync/source.h"

namespace kura::sync {

/// A range and its last comparison that found no difference.
struct VerifiedRange {
  KeyRange range;
  Micros verified_at = 0;  // 0 = never
  std::int64_t rows = 0;   // when it was last read
};

/// New ranges with what is known of the old ones: a range has been compared when all old ranges
/// that share keys with it have, at the earliest of their times. Bounds that are no integers are
/// only compared for equality.
std::vector<VerifiedRange> CarryOver(const std::vector<VerifiedRange>& known,
                                     const std::vector<KeyRange>& ranges);

/// The order in which ranges are compared: those never compared first, the newest keys first among
/// them; then the ones whose comparison is the oldest.
std::vector<std::size_t> OldestFirst(const std::vector<VerifiedRange>& ranges);

/// Whether the ranges are to be cut again: none, or the last one has grown.
bool NeedsCutting(const std::vector<VerifiedRange>& ranges, std::int64_t range_rows);

/// How much has been compared.
struct Coverage {
  double share = 0;  // 0…1 of `rows`; 1 only when every range has been
  Micros since = 0;  // the oldest comparison; 0 when there is none
};
Coverage CoverageOf(const std::vector<VerifiedRange>& ranges, std::int64_t rows);

/// As _kura.verifications keeps them. Errors of reading: kInvalid (not what was written).
std::string VerifiedRangesJson(const std::vector<VerifiedRange>& ranges);
Result<std::vector<VerifiedRange>> ReadVerifiedRangesJson(std::string_view text);

}  // namespace kura::sync
