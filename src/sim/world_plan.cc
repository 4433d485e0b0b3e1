#include "sim/world_plan.h"

#include <algorithm>
#include <chrono>

namespace tidemark::sim {
namespace {

using namespace std::chrono_literals;

Hostility draw_hostility(Random& random, const WorldLimits& limits) {
  const auto sometimes = [&](std::int64_t one_in) { return random.between(0, 2) == 0 ? one_in : 0; };
  Hostility hostility;
  if (random.between(0, 9) != 0) hostility.kill = random.between(20, 600);
  hostility.slow = sometimes(random.between(20, 200));
  hostility.full = sometimes(random.between(50, 400));
  hostility.broken = sometimes(random.between(50, 400));
  hostility.failed_sync = sometimes(random.between(10, 100));
  hostility.deeds_while_full = random.between(1, 60);
  hostility.most_faults = std::min<std::int64_t>(random.between(0, 30), limits.faults);
  hostility.most_kills = std::min<std::int64_t>(random.between(1, 12), limits.kills);
  return hostility;
}

}  // namespace

WorldPlan draw_plan(Random& random, const WorldLimits& limits) {
  WorldPlan plan;
  plan.hostility = draw_hostility(random, limits);
  plan.trims = random.between(0, 2) == 0;
  plan.redrives = random.between(0, 2) == 0;
  plan.compacts = random.between(0, 1) == 0;
  if (random.between(0, 1) == 0) plan.retention.keep = 1s * random.between(1, 600);
  if (random.between(0, 1) == 0) plan.retention.keep_rejects = 1s * random.between(1, 600);
  if (random.between(0, 1) == 0) plan.retention.most_bytes = random.between(100'000, 1'000'000);
  plan.compaction = {.after = -1h * random.between(0, 30), .every = 1s, .least_files = 2};
  plan.store.most_rows = static_cast<std::size_t>(random.between(1, 4) == 1 ? random.between(3, 40) : 25'000);
  plan.store.longest_wait = 1s * random.between(5, 120);
  // The lines of a log that goes back come again from the feed; a redriven record would not.
  if (limits.rot > 0) plan.redrives = false;
  return plan;
}

}  // namespace tidemark::sim
