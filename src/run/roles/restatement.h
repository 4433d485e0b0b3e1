// Whether the past may be restated (contract/semantics.md §6.4): a day may be recomputed only when the log has nothing
// more to add to it, and everything in the log about it is in the lake.
//
// It looks once, also while another process writes the log. Later writes make no answer wrong: windows that had closed
// by then stay closed, and nothing is ever added to them.
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
  // `windows` are the windows of the log.
  static Result<Restatement> look(Log& log, const WindowSpec& windows);

  // Windows that end by then are closed; the log may still add later ones. Empty: it has processed nothing.
  std::optional<EventTime> closed_through() const { return closed_through_; }

  // Whether open windows hold bars.
  bool has_open_windows() const { return has_open_windows_; }

  // Succeeds if all of the log's rows of the day are in the lake, and the bars up to `reach` after it. The error says
  // why not.
  Result<void> check_published(std::chrono::sys_days day, Duration reach) const;

  // The published offsets: rows below them are never written again.
  Position published(Topic topic) const { return topic == Topic::Trends ? trends_ : bars_; }

 private:
  std::optional<EventTime> closed_through_;
  bool has_open_windows_ = false;
  Position trends_ = 0, bars_ = 0;
  std::set<std::chrono::sys_days> trends_to_come_;           // days of trends that are not published yet
  std::map<std::chrono::sys_days, EventTime> bars_to_come_;  // the same for bars, with the first one of each day
};

}  // namespace tidemark
