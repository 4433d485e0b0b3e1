// FeedClock: the times of a live feed: a steady one for its waits, and the market's.
//
// A vendor's market runs by the time on which clocks agree (run/live_feed/agreed_clock.h). That of a server of one's own runs as the
// server says, from the moment it said so on by the steady clock. Neither follows a wall clock that jumps.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "run/interfaces/clock.h"
#include "run/interfaces/journal.h"
#include "run/live_feed/agreed_clock.h"
#include "run/live_feed/feed_counts.h"
#include "run/live_feed/history_pages.h"
#include "run/live_feed/market_clock.h"

namespace tidemark {

class FeedClock {
 public:
  // All outlive it. `feed` is the name of its cursor.
  FeedClock(std::string feed, const Clock& wall, const Clock& steady, Journal& journal, FeedCounts& counts);

  // Reads both clocks, and tells what that has shown. Returns the instant, of the steady clock, as all instants here are.
  EventTime look();
  EventTime instant() const { return steady_.now(); }

  // Whether any clock has shown a time yet; before, there is no market's time.
  bool is_known() const { return own_ || agreed_.is_known(); }
  EventTime market(EventTime instant) const { return own_ ? own_->at(instant) : agreed_.at(instant); }
  // What the market's clock shows at most.
  EventTime latest(EventTime instant) const { return own_ ? own_->latest(instant) : agreed_.at(instant); }
  double speed() const { return own_ ? own_->speed() : 1.0; }

  // From here on the market's clock is that of a server of one's own, or the world's.
  void follow(const MarketClock& own) { own_ = own; }
  void follow_the_world() { own_.reset(); }
  bool follows_own() const { return own_.has_value(); }
  // A bar has come whose minute ended then. Says whether the market's clock had to catch up.
  bool bar_ended(EventTime end, EventTime instant);
  // Whether what is believed has moved forward since this was asked last: what has been taken for now was the past.
  bool has_moved_forward() const { return has_moved_forward_; }
  bool take_moved_forward() { return std::exchange(has_moved_forward_, false); }
  // Only an answer that has not been heard yet counts.
  void server_said(const std::optional<ServerDate>& date);

  // Whether somebody should ask the server for its Date by now; it is asked at most so often as is of use.
  bool needs_server(EventTime instant) const;
  void asks_server(EventTime instant) { asked_at_ = instant; }

  // Behind the detail of a state; empty: all is well.
  std::string trouble_text() const;

 private:
  void tell_events();
  void tell(const ClockEvent& event);

  std::string feed_;
  const Clock &wall_, &steady_;
  Journal& journal_;
  FeedCounts& counts_;
  AgreedClock agreed_;
  std::optional<MarketClock> own_;
  std::optional<EventTime> asked_at_, heard_at_;  // heard: the answer's instant
  EventTime wall_now_{}, instant_{};
  bool has_moved_forward_ = false;
};

}  // namespace tidemark
