// HeardMinutes: by the bars of the connection that there is, how far the market has come.
//
//     14:01 14:01 14:01 ··· a burst's pause ··· ─▶ 14:01 is over
//     14:01 14:02                               ─▶ 14:01 is over
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "core/time/time.h"
#include "run/live_feed/feed_times.h"
#include "run/live_feed/fetched_bar.h"

namespace tidemark {

class HeardMinutes {
 public:
  // A connection begins.
  void reset() { newest_.reset(); }
  // A bar of that minute has come.
  void hear(EventTime minute, EventTime market) {
    if (newest_ && minute < *newest_) return;
    newest_ = minute;
    newest_at_ = market;
  }
  // The last of them came then: the clock was behind.
  void came_at(EventTime market) { newest_at_ = market; }
  const std::optional<EventTime>& newest() const { return newest_; }

  // Minutes before this are over, where all before `complete` are. A gap behind it is not reached across.
  EventTime over_until(EventTime complete, EventTime market) const {
    if (!newest_ || *newest_ > complete + feed_times::minute) return complete;
    if (market >= newest_at_ + feed_times::burst) return std::max(complete, *newest_ + feed_times::minute);
    return std::max(complete, *newest_);
  }

  // History has bars, not before `complete`, of minutes that the stream has not come to.
  bool has_missed(const std::vector<FetchedBar>& bars, EventTime complete) const {
    return std::ranges::any_of(bars, [&](const FetchedBar& bar) {
      return bar.time >= complete && (!newest_ || feed_times::floor_minute(bar.time) > *newest_);
    });
  }

 private:
  std::optional<EventTime> newest_;
  EventTime newest_at_{};  // by the market's clock
};

}  // namespace tidemark
