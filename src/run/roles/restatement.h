// What the log says about restating the past (contract/semantics.md §6.4): a day may be made anew only when the log has
// nothing more to say about it, and what it has said is in the lake.
//
// Looked at once, also while another process writes the log: what comes afterwards makes no answer wrong. The windows
// that had closed then stay closed, and what had been said then is all that is ever said about them.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>

#include "core/result.h"
#include "core/stream/window_spec.h"
#include "run/interfaces/log.h"

namespace tidemark {

class Restatement {
 public:
  // Of a log whose windows are these.
  static Result<Restatement> look(Log& log, const WindowSpec& windows);

  // Windows that end by then are closed; later ones the log may still say. Nothing: it has judged nothing.
  std::optional<EventTime> closed_through() const { return closed_through_; }

  // Windows that hold bars and are not closed.
  bool has_open_windows() const { return has_open_windows_; }

  // Whether everything that was said about the day is in the lake, and the bars before `reach` behind it; else why not.
  Result<void> check_published(std::chrono::sys_days day, Duration reach) const;

  // Published for good, as offsets: below them nothing is written once more.
  Position published(Topic topic) const { return topic == Topic::Trends ? trends_ : bars_; }

 private:
  std::optional<EventTime> closed_through_;
  bool has_open_windows_ = false;
  Position trends_ = 0, bars_ = 0;
  std::set<std::chrono::sys_days> trends_to_come_;           // days of trends that are not published yet
  std::map<std::chrono::sys_days, EventTime> bars_to_come_;  // and of bars, with the first of each day
};

}  // namespace tidemark
