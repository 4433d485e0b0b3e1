// DayReplay: replays a stored day, minute by minute, through a machine of its own.
//
//     lake ─▶ bars of the day by time ─▶ step: a minute ─▶ machine ─▶ what the page gets, as if it were live
//
// The windows and numbers are the same as `tidemark recompute` makes of the day. Nothing is written. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "core/pipeline/machine.h"
#include "core/result.h"
#include "run/interfaces/live.h"
#include "run/interfaces/past_days.h"

namespace tidemark {

class DayReplay {
 public:
  // An error if the day has no bars.
  static Result<DayReplay> open(const PastDays& past, std::chrono::sys_days day, const WindowSpec& windows);

  EventTime begin() const { return begin_; }  // the minute of its first bar; end(): the end of its last bar's minute
  EventTime end() const { return end_; }
  std::size_t size() const { return bars_->size() - warm_up_; }  // bars of the day

  // The market's clock: all bars of the minutes before it have been applied.
  EventTime time() const { return time_; }
  // The clock after the next step; empty at the end.
  std::optional<EventTime> next() const;

  // Applies the next minute that has bars, and returns its effects on the windows. The last minute closes all windows.
  Result<LiveBatch> step();
  // Applies several minutes, until about `most` bars or the time `to`. Returns bars and finals only; open_windows()
  // returns the windows that are then open.
  Result<LiveBatch> skip(EventTime to, std::size_t most);
  LiveBatch open_windows();
  Result<void> rewind();

 private:
  class Collector;

  DayReplay(std::chrono::sys_days day, const WindowSpec& windows, std::unique_ptr<PastBars> bars);
  Result<void> apply_until(EventTime end, LiveBatch& batch);
  void end_if_done(LiveBatch& batch);
  void describe(LiveBatch& batch) const;

  EventTime day_;
  WindowSpec windows_;
  std::unique_ptr<PastBars> bars_;
  std::size_t warm_up_ = 0;  // bars of the evening before that the day's first windows hold
  EventTime begin_, end_;

  Machine machine_;
  std::size_t applied_ = 0;  // of all bars, including those of the evening before
  EventTime time_;
};

}  // namespace tidemark
