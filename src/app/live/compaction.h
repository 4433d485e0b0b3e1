// The compaction agent of a run: the role on a thread of its own, as unimportant as a thread can be.
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
  // Merges days `after` their end. All that is given outlives it.
  Compaction(const std::string& lake, Duration after, Duration retry_delay, Log& log, Disk& disk, const Clock& clock,
             Journal& journal, Metrics& metrics);

  void start() { agent_.start(); }
  void stop() { agent_.stop(); }  // once the day at hand is done

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
