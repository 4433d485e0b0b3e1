// What a world draws before it begins: how hostile it is, which roles run in it, and with which options.
#pragma once

#include "core/simulator/random.h"
#include "run/roles/compaction_role.h"
#include "run/roles/retention_role.h"
#include "run/roles/store_role.h"
#include "sim/fate.h"
#include "sim/world.h"

namespace tidemark::sim {

struct WorldPlan {
  Hostility hostility;
  bool trims = false, redrives = false, compacts = false;
  RetentionOptions retention;
  CompactionRoleOptions compaction;
  StoreRoleOptions store;
};

WorldPlan draw_plan(Random& random, const WorldLimits& limits);

}  // namespace tidemark::sim
