// One world: a script, a computer with its fate, and the product's own roles, log and lake on it, from one seed.
//
// When the fate has had its say, everything is drained, the power is cut once more, and what is there is compared with the
// naive reading of what has arrived. On a disk that rots, a world may end with an error that reports damage; what log and
// lake show then must be right (sim/shown_judgement.h).
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "sim/sim_disk.h"
#include "sim/world_count.h"

namespace tidemark::sim {

// Raised whenever a seed begins to mean another world; test/stages/sim/seeds says which version found what.
inline constexpr int generator_version = 8;

// Fewer of everything, to make a failing world small.
struct WorldLimits {
  std::int64_t lines = std::numeric_limits<std::int64_t>::max();
  std::int64_t faults = std::numeric_limits<std::int64_t>::max();
  std::int64_t kills = std::numeric_limits<std::int64_t>::max();
  std::int64_t rot =
      0;  // at most so many bits that fall over and reads that give something else; 0: a disk that does not rot
  DiskKind disk = DiskKind::Exchanges;  // of the lake
};

struct WorldOutcome {
  std::string violation;  // empty: every promise was kept
  WorldCount count;
};

// Tells each step as it is taken.
using Trace = std::function<void(const std::string&)>;

WorldOutcome run_world(std::uint64_t seed, const WorldLimits& limits, const Trace& trace);

}  // namespace tidemark::sim
