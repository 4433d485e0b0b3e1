// Compaction: looks periodically for finished days of the lake with many files, and merges them, one per step.
//
// It is never urgent: a day that cannot be read is reported and skipped, and the rest continues.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>

#include "core/result.h"
#include "core/time/time.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/compactor.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/log.h"

namespace tidemark {

struct CompactionRoleOptions {
  Duration after = std::chrono::hours(1);     // after the end of a day (UTC) it is merged
  Duration every = std::chrono::minutes(10);  // it looks for such days this often
  std::size_t least_files = 4;                // of a day to be worth merging
};

class CompactionRole {
 public:
  struct Count {
    std::uint64_t days = 0, files = 0, rows = 0, failed = 0;
  };

  CompactionRole(Log& log, Compactor& compactor, const Clock& clock, Journal& journal,
                 const CompactionRoleOptions& options)
      : log_(log), compactor_(compactor), clock_(clock), journal_(journal), options_(options) {}

  // Merges one day if one is due. Returns 1 if it did; 0 = nothing is due.
  Result<std::size_t> do_work();

  const Count& count() const { return count_; }  // since the start

 private:
  Result<void> look(EventTime now);

  Log& log_;
  Compactor& compactor_;
  const Clock& clock_;
  Journal& journal_;
  CompactionRoleOptions options_;
  Published published_;
  std::deque<DayOfTable> due_;
  std::set<DayOfTable> failed_;  // until the next start
  std::optional<EventTime> looked_at_;
  Count count_;
};

}  // namespace tidemark
