#include "sim/world_count.h"

namespace tidemark::sim {

void WorldCount::add(const WorldCount& other) {
  for (auto field : {&WorldCount::lines,           &WorldCount::finals,     &WorldCount::bars,
                     &WorldCount::duplicates,      &WorldCount::corrected,  &WorldCount::late,
                     &WorldCount::rejected,        &WorldCount::disordered, &WorldCount::starts,
                     &WorldCount::kills,           &WorldCount::power_cuts, &WorldCount::clean_stops,
                     &WorldCount::errors,          &WorldCount::mutes,      &WorldCount::fills,
                     &WorldCount::clock_jumps,     &WorldCount::busy,       &WorldCount::trimmed,
                     &WorldCount::compacted,       &WorldCount::redriven,   &WorldCount::deeds,
                     &WorldCount::rotting,         &WorldCount::flips,      &WorldCount::damage_told,
                     &WorldCount::ended_by_damage, &WorldCount::went_back,  &WorldCount::wall_lies,
                     &WorldCount::clock_bars})
    this->*field += other.*field;
  for (auto field : {&Storage::Cuts::kept, &Storage::Cuts::torn, &Storage::Cuts::lost, &Storage::Cuts::reordered,
                     &Storage::Cuts::names_kept, &Storage::Cuts::names_lost})
    cuts.*field += other.cuts.*field;
  for (std::size_t i = 0; i < fault_count; ++i) faults[i] += other.faults[i];
}

}  // namespace tidemark::sim
