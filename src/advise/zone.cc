// The two kinds of evidence, the stronger first.
#include "advise/zone.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace kura::advise {
namespace {

// A table that is written at all was written in the last quarter of an hour.
constexpr Micros kFresh = 15 * kMicrosPerMinute;
constexpr Micros kClockSlack = 2 * kMicrosPerMinute;
constexpr std::int64_t kPairRowsMin = 5;

// The name of a zone with this offset now; empty when none is certain enough.
std::string ZoneOfOffset(Micros offset, Micros now, const std::string& local_zone) {
  if (offset == 0) return "UTC";
  if (!local_zone.empty()) {
    const Result<Zone> local = Zone::Find(local_zone);
    if (local && local->OffsetAt(now) == offset) return local_zone;
  }
  if (offset == 9 * kMicrosPerHour) return "Asia/Tokyo";
  if (offset % kMicrosPerHour != 0) return "";
  const Micros hours = offset / kMicrosPerHour;
  // The names of POSIX count westwards.
  const std::string name = fmt::format("Etc/GMT{}{}", hours > 0 ? '-' : '+', std::abs(hours));
  return Zone::Find(name) ? name : "";
}

// Rows that have both kinds of time: the pair in which most rows agree.
const ClockPair* BestPair(const SourceShape& shape) {
  const ClockPair* best = nullptr;
  for (const ClockPair& pair : shape.clock_pairs) {
    if (pair.agreeing < kPairRowsMin || pair.agreeing * 2 < pair.compared) continue;
    if (best == nullptr || pair.agreeing > best->agreeing) best = &pair;
  }
  return best;
}

const NewestWall* Newest(const SourceShape& shape) {
  const auto newest =
      std::max_element(shape.newest.begin(), shape.newest.end(), [](const auto& a, const auto& b) {
        return a.wall < b.wall;
      });
  return newest == shape.newest.end() ? nullptr : &*newest;
}

std::string Age(Micros age) {
  if (age < 0) return "in the future";
  if (age < 2 * kMicrosPerHour) return fmt::format("{} min ago", age / kMicrosPerMinute);
  if (age < 2 * kMicrosPerDay) return fmt::format("{} h ago", age / kMicrosPerHour);
  return fmt::format("{} days ago", age / kMicrosPerDay);
}

// With an offset, the newest stamp was written this long ago.
Micros AgeWith(const NewestWall& newest, Micros offset, Micros now) {
  return now - (newest.wall - offset);
}

// Of the offsets that are likely here, the one with which the newest row is fresh; else the
// only one with which it is not in the future, if the data is of today. Two decide nothing.
std::string ByAge(const SourceShape& shape, const NewestWall& newest,
                  const std::string& local_zone) {
  std::map<Micros, std::string> candidates;
  for (const Micros offset : {Micros{0}, 9 * kMicrosPerHour, shape.zone_offset}) {
    candidates[offset] = ZoneOfOffset(offset, shape.now, local_zone);
  }
  const Result<Zone> local = Zone::Find(local_zone.empty() ? "UTC" : local_zone);
  if (local) candidates[local->OffsetAt(shape.now)] = local->name();
  std::vector<std::string> fresh;
  std::vector<std::string> possible;
  for (const auto& [offset, name] : candidates) {
    const Micros age = AgeWith(newest, offset, shape.now);
    if (age < -kClockSlack || age > kMicrosPerDay || name.empty()) continue;
    possible.push_back(name);
    if (age <= kFresh) fresh.push_back(name);
  }
  if (fresh.size() == 1) return fresh[0];
  return fresh.empty() && possible.size() == 1 ? possible[0] : "";
}

void AddAges(const SourceShape& shape, const NewestWall& newest, ZoneGuess* guess) {
  guess->evidence.push_back(
      fmt::format("the newest {}.{} is {}, the server's clock {} UTC:",
                  newest.table,
                  newest.column,
                  FormatDateTime(newest.wall - newest.wall % kMicrosPerSecond),
                  FormatDateTime(shape.now - shape.now % kMicrosPerSecond)));
  std::string ages =
      fmt::format("read as UTC it was written {}", Age(AgeWith(newest, 0, shape.now)));
  ages += fmt::format(", as +09:00 {}", Age(AgeWith(newest, 9 * kMicrosPerHour, shape.now)));
  if (shape.zone_offset != 0 && shape.zone_offset != 9 * kMicrosPerHour) {
    ages += fmt::format(", as {} {}",
                        OffsetText(shape.zone_offset),
                        Age(AgeWith(newest, shape.zone_offset, shape.now)));
  }
  guess->evidence.push_back(ages);
}

}  // namespace

ZoneGuess GuessZone(const SourceShape& shape, const std::string& local_zone) {
  ZoneGuess guess;
  if (!HasWallClocks(shape)) {
    guess.evidence.push_back("there are no DATETIME columns");
    return guess;
  }
  if (const ClockPair* pair = BestPair(shape)) {
    guess.zone = ZoneOfOffset(pair->offset, shape.now, local_zone);
    guess.evidence.push_back(
        fmt::format("in {} of {} sampled rows of {}, {} stands {} from {}, "
                    "which is UTC",
                    pair->agreeing,
                    pair->compared,
                    pair->table,
                    pair->wall_column,
                    OffsetText(pair->offset),
                    pair->instant_column));
  }
  if (const NewestWall* newest = Newest(shape)) {
    AddAges(shape, *newest, &guess);
    if (guess.zone.empty()) guess.zone = ByAge(shape, *newest, local_zone);
  }
  guess.evidence.push_back("the server's own time zone is " + OffsetText(shape.zone_offset));
  return guess;
}

std::string OffsetText(Micros offset) {
  const Micros minutes = std::abs(offset) / kMicrosPerMinute;
  return fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

bool HasWallClocks(const SourceShape& shape) {
  return std::any_of(shape.tables.begin(), shape.tables.end(), [](const TableShape& table) {
    return std::any_of(table.columns.begin(), table.columns.end(), [](const ColumnShape& column) {
      return column.type.kind == sql::TypeKind::kTimestamp;
    });
  });
}

}  // namespace kura::advise
