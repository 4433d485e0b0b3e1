// HistoryQuestions: what a feed asks history, one question at a time, and again with growing waits where it fails.
//
// A refusal that would leave a gap for good is believed when it has come three times in a row.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "run/live_feed/backoff.h"
#include "run/live_feed/feed_news.h"
#include "run/live_feed/history_slices.h"

namespace tidemark {

struct HistoryQuestion {
  EventTime from, to, at;  // at: when it was asked, by the market's clock
  bool is_check = false;   // whether the stream has kept something from us
};

struct HistoryAnswer {
  HistoryQuestion question;
  Result<std::vector<FetchedBar>> bars;  // an error is one that is believed
};

class HistoryQuestions {
 public:
  enum class Refusal : std::uint8_t {
    BelievedLate,
    BelievedAtOnce
  };  // at once: there is no history, and that is known
  // `news` outlives it. Instants are of the steady clock.
  HistoryQuestions(std::unique_ptr<HistorySlices> history, FeedNews& news, Refusal refusal, Duration retry_delay,
                   std::uint32_t jitter_seed);

  bool is_asked() const { return asked_.has_value(); }
  bool may_ask(EventTime instant) const { return instant >= ask_at_; }
  // As much of the question as is good to ask at once.
  void ask(const std::vector<std::string>& symbols, HistoryQuestion question);
  // The answer, once. Of a question that failed there is none: it is to be asked again.
  std::optional<HistoryAnswer> take(EventTime instant);

  HistorySlices& history() { return *history_; }

 private:
  bool is_believed_now();

  std::unique_ptr<HistorySlices> history_;
  FeedNews& news_;
  Refusal refusal_;
  Backoff waits_;
  std::optional<HistoryQuestion> asked_;
  EventTime ask_at_{};
  int refusals_ = 0;  // in a row
};

}  // namespace tidemark
