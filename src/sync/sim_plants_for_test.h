// sync/sim_plants_for_test.h: for tests: mistakes that a sync could make, put around the fakes, so
// that the product needs no switches. Each must be noticed by the simulation.
#pragma once
#include <array>
#include <memory>
#include <string_view>

#include "sync/sim_source_for_test.h"
#include "sync/sim_spool_for_test.h"

namespace kura::sync {

enum class Plant {
  kNone,
  kLaterThan,            // the delta reads `>` where it must read `>=`
  kNoLookback,           // stamps of applications that lag are not looked for
  kMaxOfData,            // the position is max() of the data
  kNowAsWatermark,       // open transactions do not hold the position back
  kNoStatements,         // running statements do not hold the position back
  kNoGranularity,        // the second that trx_started may lack is not subtracted
  kSnapshotFirst,        // the watermark is read after the snapshot
  kKeysOfAnotherMoment,  // keys come from a later snapshot than rows
  kNullsUnread,          // rows without a stamp are not read
  kRangesOnce,           // what changes while a copy goes range by range is not read again
  kSameServer,           // another server behind the same name is not noticed
  kSwallowedError,       // a write that failed counts as done
  kKeptParts,            // staging that a crash left is used again
  kStateBeforeData,      // the position is committed before the data (KURA_PLANT)
  kHistoryApart,         // a history is written after its table's transaction
  kHistoryOfUnchanged,   // rows that are read again are new versions
  kHistoryGoneOpen,      // deleted rows stay open in the history
  kHistoryGapUnseen,     // what changed while the history was off is not looked for
};

struct PlantName {
  Plant plant;
  std::string_view name;
};
inline constexpr std::array kPlants = {
    PlantName{Plant::kLaterThan, "> for >="},
    PlantName{Plant::kNoLookback, "no lookback"},
    PlantName{Plant::kMaxOfData, "max() of the data"},
    PlantName{Plant::kNowAsWatermark, "open transactions ignored"},
    PlantName{Plant::kNoStatements, "running statements ignored"},
    PlantName{Plant::kNoGranularity, "whole seconds taken for exact"},
    PlantName{Plant::kSnapshotFirst, "snapshot before watermark"},
    PlantName{Plant::kKeysOfAnotherMoment, "keys of another snapshot"},
    PlantName{Plant::kNullsUnread, "rows without a stamp ignored"},
    PlantName{Plant::kRangesOnce, "changes during a ranged copy ignored"},
    PlantName{Plant::kSameServer, "another server unnoticed"},
    PlantName{Plant::kSwallowedError, "a write's error swallowed"},
    PlantName{Plant::kKeptParts, "staging of a crash used again"},
    PlantName{Plant::kStateBeforeData, "position before data"},
    PlantName{Plant::kHistoryApart, "a history apart from its table"},
    PlantName{Plant::kHistoryOfUnchanged, "versions of unchanged rows"},
    PlantName{Plant::kHistoryGoneOpen, "deleted rows open in the history"},
    PlantName{Plant::kHistoryGapUnseen, "a gap of the history unnoticed"},
};

/// `source` with the mistake; it must outlive what is returned.
std::unique_ptr<Source> PlantInSource(Plant plant, SimSource& source);

/// The mistake that a history makes by itself.
HistoryMistake MistakeOf(Plant plant);

/// `spool` with the mistake; both must outlive what is returned.
std::unique_ptr<Spool> PlantInSpool(Plant plant, Spool& spool);

}  // namespace kura::sync
