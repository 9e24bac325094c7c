// sync/sim_run_for_test.h: for tests: one simulated history from one seed: a server that lives,
// runs of the real sync core between two fakes, faults, and after each commit a comparison with
// what the snapshot saw.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sync/sim_plants_for_test.h"

namespace kura::sync {

struct SimOptions {
  Plant plant = Plant::kNone;
  bool swaps_while_reading = false;  // another server answers when a run connects again
  bool checks_positions = true;      // false: only the data tells, not what a commit claims
  // With several, threads share the tables and the ranges of a copy, and equal seeds need not give
  // equal results.
  int connections = 1;
  bool traces = false;
};

struct SimResult {
  std::string failure;             // "" when every invariant held
  std::vector<std::string> trace;  // what happened, when asked for
  int commits = 0;
  int faults = 0;
};

/// Runs one history. Equal seeds and options give equal results.
SimResult SimulateSeed(std::uint64_t seed, const SimOptions& options);

}  // namespace kura::sync
