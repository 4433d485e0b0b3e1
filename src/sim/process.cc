#include "sim/process.h"

#include <utility>

#include "io/embedded/embedded_log.h"
#include "io/lake/lake_compactor.h"
#include "io/lake/lake_of_log.h"
#include "io/lake/parquet_store.h"

namespace tidemark::sim {

Result<void> Process::begin(const Host& host, const WindowSpec& windows, const WorldPlan& plan) {
  auto opened = open_embedded_log({.directory = data_folder, .vfs = host.vfs});
  if (!opened) return std::unexpected(opened.error());
  log = std::move(*opened);
  if (auto finished = host.lake.finish_left_behind(); !finished) return finished;
  if (auto fits = check_lake_is_of_log(host.lake, *log, data_folder); !fits) return fits;
  auto made = open_parquet_store({.directory = lake_folder, .compression = PageCompression::None}, host.disk);
  if (!made) return std::unexpected(made.error());
  store = std::move(*made);
  ingest.emplace(host.feed, *log, host.clock, host.wake);
  analyze.emplace(AnalyzeOptions{.windows = windows}, *log, host.wake, nullptr);
  keep.emplace(*log, *store, host.clock, plan.store);
  retain.emplace(*log, host.clock, host.journal, plan.retention);
  compactor = make_lake_compactor(host.lake);
  compact.emplace(*log, *compactor, host.clock, host.journal, plan.compaction);
  return {};
}

}  // namespace tidemark::sim
