// ClockInquiry: asks the server what its clock shows, before anything is given and whenever clocks disagree.
//
// Of a vendor's server only the Date of the answer counts. A server of one's own says what its market's clock shows, and is asked anew with each
// connection, since it may have begun anew, too. One that has had a clock has one; a jump of it is believed when it came three times.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/result.h"
#include "run/live_feed/backoff.h"
#include "run/live_feed/feed_clock.h"
#include "run/live_feed/feed_news.h"
#include "run/live_feed/history_slices.h"

namespace tidemark {

class ClockInquiry {
 public:
  // All outlive it. `retry_delay` and `jitter_seed`: of questions that were not answered.
  ClockInquiry(FeedClock& clock, HistorySlices& history, FeedNews& news, bool has_own_clock, Duration retry_delay,
               std::uint32_t jitter_seed);

  // A connection begins: a server of one's own is asked anew.
  void begin() { needs_own_ = has_own_clock_; }
  // Whether the market's time is known; asks and hears on the way. A server that does not answer after some tries says nothing, and
  // what was believed last holds: at first the wall's clock. Error::setup: only the operator can mend it; not once it `has_worked`.
  Result<bool> learn(EventTime instant, bool has_worked);
  // Why the time is not known; empty: it was only just asked.
  const std::string& why_not() const { return why_not_; }

 private:
  Result<void> take(const Result<ServerClock>& answer, EventTime instant, bool has_worked);
  Result<std::optional<MarketClock>> read(const Result<ServerClock>& answer, EventTime instant);
  bool is_due(EventTime instant) const;
  void answered();

  FeedClock& clock_;
  HistorySlices& history_;
  FeedNews& news_;
  bool has_own_clock_;
  Backoff waiting_;
  bool needs_own_ = false, has_read_ = false;       // the clock of a server of one's own
  bool is_asked_ = false, has_been_asked_ = false;  // now; once, to the end
  int tries_ = 0, jumps_ = 0;
  EventTime asked_at_{}, ask_at_{};
  std::string why_not_;
};

}  // namespace tidemark
