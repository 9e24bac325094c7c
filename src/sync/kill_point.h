// sync/kill_point.h: named places around the durable steps of a sync where a test can end the
// process as a power cut would. A test goes through all of them and finds the warehouse equal to
// the source.
#pragma once
#include <array>
#include <string_view>

namespace kura::sync {

/// Every place, in the order in which a table's sync reaches it. The last one is reached only by a
/// sync that ends normally.
inline constexpr std::array<std::string_view, 11> kKillPoints = {
    "before_stage_create",     // a read snapshot is open, nothing is written
    "after_stage_create",      // the empty staging table is durable
    "before_stage_commit",     // every row was handed over, none is durable
    "after_stage_commit",      // the staging table is durable
    "after_range",             // a range of a large copy is durable, with the note that it is
    "after_stage_merge",       // a large copy has what changed while it was read, durably
    "before_data",             // inside the last transaction, nothing done in it
    "between_data_and_state",  // inside the last transaction, data changed, position not
    "before_commit",           // inside the last transaction, everything done
    "after_commit",            // data and position are durable
    "after_table",             // the snapshot is closed, the table reported
};

/// Whether only copies that go range by range come to a place.
inline bool IsOfRanges(std::string_view point) {
  return point == "after_range" || point == "after_stage_merge";
}

/// Ends the process with SIGKILL when KURA_KILL_AT names this place; KURA_KILL_TABLE, when set,
/// limits that to one table. KURA_KILL_LOG names a file that gets a line per place reached.
/// `name` must be one of kKillPoints.
void KillPoint(std::string_view name, std::string_view table);

/// Tells whether a test asked for the mistake `name` by KURA_PLANT: the tests that guard an
/// invariant show with it that they would notice its loss.
bool Planted(std::string_view name);

}  // namespace kura::sync
