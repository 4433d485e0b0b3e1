// What happened in a world, and in many.
#pragma once

#include <array>
#include <cstdint>

#include "sim/fate.h"
#include "sim/storage.h"

namespace tidemark::sim {

struct WorldCount {
  std::int64_t lines = 0, finals = 0, bars = 0, duplicates = 0, corrected = 0, late = 0, rejected = 0;
  std::int64_t disordered = 0;  // bars with a time before that of an earlier one
  std::int64_t starts = 0, kills = 0, power_cuts = 0, clean_stops = 0, errors = 0, mutes = 0, fills = 0,
               clock_jumps = 0, busy = 0, trimmed = 0, compacted = 0, redriven = 0, deeds = 0;
  // Of worlds whose disk rots: how many they are, bits that fell over, errors that named damage, worlds that ended with one,
  // and starts that found the log older than it was, because its WAL had rotted.
  std::int64_t rotting = 0, flips = 0, damage_told = 0, ended_by_damage = 0, went_back = 0;
  std::int64_t wall_lies = 0, clock_bars = 0;  // of the world of clocks
  Storage::Cuts cuts;
  std::array<std::int64_t, fault_count> faults{};
  void add(const WorldCount& other);
};

}  // namespace tidemark::sim
