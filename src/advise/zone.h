// advise/zone.h: what DATETIME columns mean. MySQL keeps a wall clock without saying whose; two
// kinds of evidence do: rows that carry a TIMESTAMP of the same moment, and the newest stamps,
// which cannot be later than now and are hardly ever exactly as old as an offset.
#pragma once
#include <string>
#include <vector>

#include "advise/shape.h"

namespace kura::advise {

/// The zone, and the reasons line by line. An empty zone: the evidence does not decide.
struct ZoneGuess {
  std::string zone;
  std::vector<std::string> evidence;
};

/// Guesses the zone of a source's DATETIME columns. `local_zone` (a name of tzdata, may be empty)
/// names the offset when it fits; +09:00 is Asia/Tokyo otherwise.
ZoneGuess GuessZone(const SourceShape& shape, const std::string& local_zone);

/// "+09:00".
std::string OffsetText(Micros offset);

/// Whether the source has DATETIME columns at all.
bool HasWallClocks(const SourceShape& shape);

}  // namespace kura::advise
