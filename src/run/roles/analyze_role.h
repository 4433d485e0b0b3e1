// Analyze: bars of the log → machine → trends, judged bars, late bars and dead letters in the log.
//
//     poll ─▶ apply ─▶ commit ─▶ update the page, wake the store
//                        │
//                        └ outputs + position [+ snapshot] in one atomic step
//
// The state is a snapshot plus the input after it (contract/semantics.md §5.1). A snapshot is written when enough input
// has arrived. A start replays the input between the snapshot and the position.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/pipeline/left_out.h"
#include "core/pipeline/machine.h"
#include "core/result.h"
#include "run/interfaces/live.h"
#include "run/interfaces/log.h"
#include "run/interfaces/notifier.h"

namespace tidemark {

struct AnalyzeOptions {
  WindowSpec windows;
  std::size_t most_records = 4'096;  // per commit
  // Updates are also records of Topic::Trends, after the finals of their commit, for readers of the log (contract 4.8).
  bool updates_are_records = false;
};

class AnalyzeRole {
 public:
  // `live` may be null: then there is no page to update.
  AnalyzeRole(const AnalyzeOptions& options, Log& log, Notifier& store, LiveSink* live)
      : options_(options), log_(log), store_(store), live_(live), machine_(options.windows) {}

  // Restores the machine, and sends all open windows to the page. Call it once, before do_work().
  Result<void> open();

  // Processes one batch. Returns the number of records; 0 = everything is processed. After a retryable error the next
  // call tries the same commit again.
  Result<std::size_t> do_work();

  // The windows of this log; empty if no bar of it was processed yet.
  static Result<std::optional<WindowSpec>> windows_of(Log& log);

  const Machine& machine() const { return machine_; }
  Position position() const { return position_; }  // of the next bar to process
  // Records rejected since the start, by Reason.
  const std::array<std::int64_t, reason_count>& rejected() const { return rejected_; }
  // What was left out of the trends by commits since the last call.
  LeftOut take_left_out() { return std::exchange(left_out_, {}); }

 private:
  class Outcome;
  struct Pending {
    Commit commit;
    LiveBatch live;
    LeftOut left_out;
    std::size_t records;  // clang rejects an initializer here inside an optional; emplace() sets it to 0
    std::size_t bytes;    // of these records
  };

  Result<void> replay(Position to);
  void process(const Batch& batch);
  void snapshot_if_due(Commit& commit, std::size_t bytes_read);
  void describe_state(LiveBatch& live) const;
  bool emits_changes() const { return live_ != nullptr || options_.updates_are_records; }

  AnalyzeOptions options_;
  Log& log_;
  Notifier& store_;
  LiveSink* live_;
  Machine machine_;
  Position position_ = 0;
  std::optional<Pending> pending_;     // processed, not yet durable
  std::vector<Output> spare_outputs_;  // of the last batch, whose memory the next one takes
  bool changes_are_due_ = false;       // updates of open windows were left out, because more was waiting
  EventTime last_ingested_at_{};       // of the last record
  std::array<std::int64_t, reason_count> rejected_{};
  LeftOut left_out_;
  std::size_t bytes_since_snapshot_ = 0;
  std::size_t snapshot_bytes_ = 0;
};

}  // namespace tidemark
