#include "app/live/compaction.h"

#include <sys/resource.h>

#include "core/time/time.h"
#include "io/lake/lake_compactor.h"

namespace tidemark {

// If the agent gives up, the run goes on: the lake is intact, and the next start tries again.
Compaction::Compaction(const Lake& lake, Duration after, Duration retry_delay, Log& log, const Clock& clock,
                       Journal& journal, Metrics& metrics)
    : lake_(lake),
      compactor_(make_lake_compactor(lake_)),
      role_(log, *compactor_, clock, journal, {.after = after}),
      days_(metrics.counter("tidemark_compacted_days_total", "Days of the lake whose files became one.")),
      files_(metrics.counter("tidemark_compacted_files_total", "Files that became one with others.")),
      failed_(metrics.counter("tidemark_compaction_failures_total", "Days of the lake that could not be read.")),
      agent_({.name = "compact", .idle = std::chrono::minutes(1), .retry_delay = retry_delay, .max_retries = {}}, wake_,
             journal, metrics, [this] { return work(); }, {.gave_up = [](const Error&) {}}) {}

Result<std::size_t> Compaction::work() {
  ::setpriority(PRIO_PROCESS, 0, 19);  // on Linux, of this thread only
  auto done = role_.do_work();
  days_.set(static_cast<double>(role_.count().days));
  files_.set(static_cast<double>(role_.count().files));
  failed_.set(static_cast<double>(role_.count().failed));
  return done;
}

}  // namespace tidemark
