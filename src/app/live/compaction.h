// Compaction: the compaction role of a run, on a thread of the lowest priority.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "app/process/agent.h"
#include "core/time/time.h"
#include "io/lake/lake.h"
#include "io/observe/metrics.h"
#include "run/roles/compaction_role.h"

namespace tidemark {

class Compaction {
 public:
  // Merges days `after` their end. All references outlive it.
  Compaction(const Lake& lake, Duration after, Duration retry_delay, Log& log, const Clock& clock, Journal& journal,
             Metrics& metrics);

  void start() { agent_.start(); }
  void stop() { agent_.stop(); }  // after the current day

 private:
  Result<std::size_t> work();

  Lake lake_;
  std::unique_ptr<Compactor> compactor_;
  CompactionRole role_;
  Counter &days_, &files_, &failed_;
  WakeSignal wake_;
  Agent agent_;
};

}  // namespace tidemark
