// GapFill: what a stream missed, fetched from history slice by slice before time goes on.
//
//     settled ── begun ──── next ────── to ── now
//                  │ is here │ to come  │ comes over the stream
//
// A gap is fetched from the last settled minute on, whose corrections have come, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "run/interfaces/journal.h"
#include "run/live_feed/feed_news.h"
#include "run/live_feed/feed_progress.h"
#include "run/live_feed/held_bars.h"
#include "run/live_feed/history_questions.h"
#include "run/live_feed/live_source.h"

namespace tidemark {

class GapFill {
 public:
  // All outlive it; `feed` is the name of its cursor.
  GapFill(const LiveSource& source, std::string feed, FeedProgress& progress, FeedNews& news, Journal& journal);

  // What the market's clock shows, and what it shows at most.
  struct Now {
    EventTime market, latest;
  };
  // A connection stands since now. A gap that was open is dropped with drop().
  void begin(Now now);
  // It stands since later than was believed: more minutes than are fetched may have been missed.
  void extend(Now now);
  // Live bars were held back for too long: those minutes are fetched, too, behind what has been.
  void go_on(Now now);
  void drop() { gap_.reset(); }
  bool is_open() const { return gap_.has_value(); }

  // Of a gap that is open. What is to be asked for, and by the market's clock when.
  bool is_fetched() const { return gap_->next >= gap_->to; }
  bool is_due(EventTime market) const { return market >= gap_->ask_at; }
  HistoryQuestion question(EventTime market) const { return {.from = gap_->next, .to = gap_->to, .at = market}; }
  EventTime end() const { return gap_->to; }
  // Everything is here.
  void finish();

  // Whether a gap is open or not: an answer of history, merged with what is held back, or a refusal that is believed.
  void bring(const HistoryQuestion& question, std::vector<FetchedBar> bars, HeldBars& held);
  void refused(const HistoryQuestion& question, const Error& error);

  // For people: what is being fetched, if it is more than nothing; what has been; whether bars come late by our own fault.
  std::optional<std::string> filling_text() const;
  std::string past_text() const;
  std::string refused_text() const;
  std::string ahead_text(EventTime market) const;

 private:
  struct Gap {
    EventTime begun, next, to;  // `next` is where the next slice begins
    EventTime ask_at;           // by the market's clock, as what follows
    EventTime stands_since;     // the connection: what it missed before, only a later question can bring
    std::size_t bars = 0;
  };

  void begin_feed(EventTime market);
  void append(const HistoryQuestion& question, std::vector<FetchedBar> bars, HeldBars& held);
  void tell_if_ahead(EventTime market);
  void give_up_the_old(EventTime to);

  const LiveSource& source_;
  std::string feed_;
  FeedProgress& progress_;
  FeedNews& news_;
  Journal& journal_;
  std::optional<Gap> gap_;
  bool is_ahead_ = false;  // the feed's progress was ahead of the market when it was looked at last
  std::string last_;
  std::uint64_t filled_ = 0, refused_ = 0;
};

}  // namespace tidemark
