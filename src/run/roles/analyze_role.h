// Analyze: bars of the log → machine → trends, judged bars, late bars, dead letters in the log.
//
//     poll ─▶ apply ─▶ commit ─▶ tell the page, wake the store
//                        │
//                        └ outputs + position [+ snapshot] in one atomic step
//
// The state is a snapshot plus the input behind it (contract/semantics.md §5.1): snapshots are written
// when enough input has come, and a start replays what lies between the snapshot and the position.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/pipeline/left_out.h"
#include "core/pipeline/machine.h"
#include "core/result.h"
#include "run/interfaces/live.h"
#include "run/interfaces/log.h"
#include "run/interfaces/notifier.h"

namespace tidemark {

struct AnalyzeOptions {
  WindowSpec windows;
  std::size_t most_records = 4'096;  // of a commit
  // Updates are records of Topic::Trends, behind the finals of their commit: others read the log (contract 4.8).
  bool updates_are_records = false;
};

class AnalyzeRole {
 public:
  // `live` may be null: then nobody is told.
  AnalyzeRole(const AnalyzeOptions& options, Log& log, Notifier& store, LiveSink* live)
      : options_(options), log_(log), store_(store), live_(live), machine_(options.windows) {}

  // Restores the machine. Once, before do_work(). Tells the page how all open windows stand.
  Result<void> open();

  // Judges one batch. Returns how many records; 0 = all is judged. After a retryable error the same
  // commit is tried again.
  Result<std::size_t> do_work();

  // Of which windows this log is made; nothing if nobody has judged a bar of it yet.
  static Result<std::optional<WindowSpec>> windows_of(Log& log);

  const Machine& machine() const { return machine_; }
  Position position() const { return position_; }  // of the next bar to judge
  // Records rejected since the start, by Reason.
  const std::array<std::int64_t, reason_count>& rejected() const { return rejected_; }
  // What is in no trend, of what was committed since this was asked last.
  LeftOut take_left_out() { return std::exchange(left_out_, {}); }

 private:
  class Outcome;
  struct Pending {
    Commit commit;
    LiveBatch live;
    LeftOut left_out;
    std::size_t records;  // with an initializer clang does not take this in an optional here; emplace() begins it at 0
  };

  Result<void> replay(Position to);
  void judge(const Batch& batch);
  void snapshot_if_due(Commit& commit, std::size_t bytes_read);
  void describe_state(LiveBatch& live) const;
  bool tells_changes() const { return live_ != nullptr || options_.updates_are_records; }

  AnalyzeOptions options_;
  Log& log_;
  Notifier& store_;
  LiveSink* live_;
  Machine machine_;
  Position position_ = 0;
  std::optional<Pending> pending_;  // judged, not yet durable
  std::array<std::int64_t, reason_count> rejected_{};
  LeftOut left_out_;
  std::size_t bytes_since_snapshot_ = 0;
  std::size_t snapshot_bytes_ = 0;
};

}  // namespace tidemark
