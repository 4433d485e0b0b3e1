// Ingest: feed → log. Records and the feed's cursor become durable in one step, so a kill between any
// two instructions neither loses a record nor brings one twice.
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
  // `max_ahead`: how far a bar may lie ahead of its append (contract/semantics.md §3.11), whole seconds; 0: any distance.
  IngestRole(Feed& feed, Log& log, const Clock& clock, Notifier& analyze, Duration max_ahead = {})
      : feed_(feed), log_(log), clock_(clock), analyze_(analyze), max_ahead_(max_ahead) {}

  // Opens the feed behind the cursor that the log holds, and writes the limit where another one is in force. Once, before
  // do_work(); again after an error.
  Result<void> open();

  // Appends what the feed has. Returns how many records; 0 = nothing is due. After a retryable error the
  // same records are tried again.
  Result<std::size_t> do_work();
  // Appends what the feed has brought and the log has not taken yet: for the end of a run.
  Result<std::size_t> flush();

  // Records that are no bars, of what was appended since this was asked last: for a process that judges nothing.
  LeftOut take_left_out() { return std::exchange(left_out_, {}); }

 private:
  Result<void> limit_ahead();
  void look_for_rejects();

  Feed& feed_;
  Log& log_;
  const Clock& clock_;
  Notifier& analyze_;
  Duration max_ahead_;
  std::optional<FeedBatch> pending_;  // brought by the feed, not yet durable
  LeftOut left_out_;
  std::int64_t brought_ = 0;  // records of the feed since the start
};

}  // namespace tidemark
