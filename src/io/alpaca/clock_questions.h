// ClockQuestions: what a live feed asks its server about time, before anything is given and whenever clocks disagree.
//
//     the server's own clock, where it may have one ─▶ its Date ─▶ the market's time is known
//
// A server that does not answer after some tries has no clock, and its Date says nothing.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "core/result.h"
#include "io/alpaca/feed_clock.h"
#include "io/alpaca/feed_news.h"
#include "io/alpaca/history_slices.h"
#include "io/alpaca/market_clock.h"
#include "io/net/backoff.h"

namespace tidemark {

// When the server may be called again, after failures.
struct CallPace {
  Backoff backoff;
  EventTime next{};  // of the steady clock
};

class ClockQuestions {
 public:
  // All outlive it. Instants are of the steady clock.
  ClockQuestions(HistorySlices& history, FeedClock& clock, FeedNews& news, CallPace& calls)
      : history_(history), clock_(clock), news_(news), calls_(calls) {}

  // At the start, and anew with each connection: the server may have begun anew, too.
  void ask_clock() { needs_clock_ = true; }

  // Takes answers and asks on; to be called often. Whether the market's time is known. An error that is_setup() is the operator's, as
  // long as the feed has not `worked`; any other has been met by waiting. Not while the history `is_asked` for bars.
  Result<bool> settle(EventTime now, bool is_asked, bool has_worked);

  bool has_asked_date() const { return has_asked_date_; }
  // Of the market's clock, in market seconds a second. From any thread.
  double speed() const { return speed_; }

 private:
  Result<bool> learn_clock(EventTime now, bool is_asked, bool has_worked);
  Result<std::optional<MarketClock>> read_clock(const Result<std::string>& answer, EventTime now);
  Result<bool> learn_date(EventTime now);
  Result<void> take_date(EventTime now);

  HistorySlices& history_;
  FeedClock& clock_;
  FeedNews& news_;
  CallPace& calls_;
  bool needs_clock_ = false, is_clock_asked_ = false, has_read_clock_ = false;
  bool is_date_asked_ = false, has_asked_date_ = false;  // the same question, of which only the Date counts
  int clock_tries_ = 0, clock_jumps_ = 0, date_tries_ = 0;
  EventTime clock_asked_at_{};
  std::atomic<double> speed_ = 1.0;
};

}  // namespace tidemark
