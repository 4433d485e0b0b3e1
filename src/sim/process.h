// A process of the program in a world: its log, its store and its roles, until it ends.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/stream/window_spec.h"
#include "io/lake/lake.h"
#include "run/interfaces/compactor.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/log.h"
#include "run/interfaces/notifier.h"
#include "run/interfaces/store.h"
#include "run/roles/analyze_role.h"
#include "run/roles/compaction_role.h"
#include "run/roles/ingest_role.h"
#include "run/roles/retention_role.h"
#include "run/roles/store_role.h"
#include "sim/world_plan.h"

namespace tidemark::sim {

inline constexpr const char* data_folder = "/data";
inline constexpr const char* lake_folder = "/data/lake";

// What a process finds on its computer, and what outlives it.
struct Host {
  std::string vfs;
  Disk& disk;
  const Lake& lake;
  Feed& feed;
  const Clock& clock;
  Journal& journal;
  Notifier& wake;
};

struct Process {
  std::unique_ptr<Log> log;
  std::unique_ptr<Store> store;
  std::optional<IngestRole> ingest;
  std::optional<AnalyzeRole> analyze;
  std::optional<StoreRole> keep;
  std::optional<RetentionRole> retain;
  std::unique_ptr<Compactor> compactor;
  std::optional<CompactionRole> compact;

  // Opens log and lake as `tidemark run` does, and makes the roles, which are not open yet.
  Result<void> begin(const Host& host, const WindowSpec& windows, const WorldPlan& plan);
};

}  // namespace tidemark::sim
