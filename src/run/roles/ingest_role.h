// Ingest: feed → log. Records and the feed's cursor become durable in one step, so a kill at any point neither loses a
// record nor appends one twice.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "core/pipeline/left_out.h"
#include "core/result.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/log.h"
#include "run/interfaces/notifier.h"

namespace tidemark {

class IngestRole {
 public:
  // `max_ahead`: how far a bar may lie ahead of its append (contract/semantics.md §3.11), whole seconds; 0: no limit.
  IngestRole(Feed& feed, Log& log, const Clock& clock, Notifier& analyze, Duration max_ahead = {})
      : feed_(feed), log_(log), clock_(clock), analyze_(analyze), max_ahead_(max_ahead) {}

  // Opens the feed after the cursor that the log holds, and writes the limit if a different one is in force. Call it
  // once before do_work(), and again after an error.
  Result<void> open();

  // Appends what the feed has. Returns the number of records; 0 = nothing is due. After a retryable error the next call
  // tries the same records again.
  Result<std::size_t> do_work();
  // Appends what was polled from the feed and not yet appended, at the end of a run.
  Result<std::size_t> flush();

  // Records that are no bars, among those appended since the last call, for a process without an analyze role.
  LeftOut take_left_out() { return std::exchange(left_out_, {}); }

 private:
  Result<void> limit_ahead();
  void look_for_rejects();

  Feed& feed_;
  Log& log_;
  const Clock& clock_;
  Notifier& analyze_;
  Duration max_ahead_;
  std::optional<FeedBatch> pending_;  // polled from the feed, not yet durable
  LeftOut left_out_;
  std::int64_t polled_ = 0;  // records from the feed since the start
};

}  // namespace tidemark
