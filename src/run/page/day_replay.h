// A stored day once more: its bars, a minute of the market after the other, through a machine of its own.
//
//     lake ─▶ bars of the day by time ─▶ step: a minute ─▶ machine ─▶ what the page is told, as if it were live
//
// The same windows with the same numbers as `tidemark recompute` makes of the day. Nothing of it is written anywhere.
// One thread.
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
  // An error when the day has no bars.
  static Result<DayReplay> open(const PastDays& past, std::chrono::sys_days day, const WindowSpec& windows);

  EventTime begin() const { return begin_; }  // of the minute of its first bar, and the end of that of its last
  EventTime end() const { return end_; }
  std::size_t size() const { return bars_->size() - warm_up_; }  // bars of the day

  // The market's clock: all bars of the minutes before it have been told.
  EventTime time() const { return time_; }
  // What the clock says after the next step; none when all is told.
  std::optional<EventTime> next() const;

  // The next minute that has bars, and what it makes of the windows; after the last one all windows are closed.
  Result<LiveBatch> step();
  // Several minutes, until about `most` bars or the time `to`: bars and finals only. What is open then is told by
  // open_windows().
  Result<LiveBatch> skip(EventTime to, std::size_t most);
  LiveBatch open_windows();
  Result<void> rewind();

 private:
  class Telling;

  DayReplay(std::chrono::sys_days day, const WindowSpec& windows, std::unique_ptr<PastBars> bars);
  Result<void> tell_until(EventTime end, LiveBatch& batch);
  void end_if_all_is_told(LiveBatch& batch);
  void describe(LiveBatch& batch) const;

  EventTime day_;
  WindowSpec windows_;
  std::unique_ptr<PastBars> bars_;
  std::size_t warm_up_ = 0;  // bars of the evening before, which the day's first windows hold
  EventTime begin_, end_;

  Machine machine_;
  std::size_t told_ = 0;  // of all bars, these included
  EventTime time_;
};

}  // namespace tidemark
