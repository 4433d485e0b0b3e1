// FeedNews: what a live feed tells of what goes wrong: in the journal, in its counts, and behind its detail on the page.
//
// What repeats is counted (run/interfaces/journal_pace.h). One thread, the feed's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/time/time.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/journal_pace.h"
#include "run/live_feed/feed_counts.h"
#include "run/live_feed/history_slices.h"

namespace tidemark {

class FeedNews {
 public:
  // The last two outlive it. `source`: "alpaca", which stands before its events: alpaca.lost. `feed`: the name of its cursor.
  FeedNews(std::string source, std::string feed, Journal& journal, FeedCounts& counts);

  // Of what follows.
  void at(EventTime wall) { wall_ = wall; }

  // Of the source: "lost" is "alpaca.lost".
  std::string event(std::string_view name) const { return source_ + '.' + std::string(name); }
  // A warning with one text, and how often.
  void warn(std::string_view name, std::string_view field, std::string_view text, std::uint64_t times = 1);
  // Whether what is no error may have another line this minute.
  bool may_tell(std::string_view event);

  void lost(std::string_view why, Duration again_in);
  void refused_bar(std::string_view symbol);  // of the stream
  void history_failed(std::string_view why);
  void history_owes_nothing();  // it has answered, or its answer is not needed any more
  // What only the thread that asks history knows.
  void look_at(const SliceAccount& account);

  // Behind the detail of a state; empty: all is well. `is_asked`: history, and it has not answered yet.
  std::string trouble_text(bool is_asked) const;

 private:
  std::string source_, feed_;
  Journal& journal_;
  FeedCounts& counts_;
  EventTime wall_{};
  JournalPace pace_;
  SliceAccount told_;
  std::string why_no_history_;
};

}  // namespace tidemark
