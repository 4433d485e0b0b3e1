// HeldBars: the stream's bars while history is waited for, merged with what it brings.
//
//     history  ── 14:01 14:02 14:03 ──▶ appended, and a heartbeat behind them
//     stream   ── 14:02 14:03 14:04 ──▶ held back meanwhile: only 14:04 is new
//
// Behind the heartbeat, those that are there already may be late, and would be told as such. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/time/time.h"
#include "run/live_feed/fetched_bar.h"
#include "run/live_feed/outgoing.h"

namespace tidemark {

class HeldBars {
 public:
  static constexpr std::size_t most = 500'000;  // beyond, they are fetched like the gap itself

  // False when it was one too many: all are dropped, and those that follow, too.
  bool add(StreamBar bar);
  // Once: whether some were dropped since.
  bool take_dropped() { return std::exchange(has_dropped_, false); }
  void clear();

  // What history has brought of the time before `to`, by time: with what was held of it, or of earlier minutes. That is a
  // correction, most often.
  void merge(std::vector<FetchedBar>& bars, EventTime to);
  void release(Outgoing& outgoing);
  // A bar that need not be held. What history has brought already is left out.
  void put(StreamBar bar, Outgoing& outgoing) const;

 private:
  bool is_fetched(const StreamBar& told) const;

  std::vector<StreamBar> held_;
  bool has_dropped_ = false;
  // What history has brought of the last minutes: time → symbol → a hash of the text.
  std::map<EventTime, std::unordered_map<std::string, std::size_t>> fetched_;
};

}  // namespace tidemark
