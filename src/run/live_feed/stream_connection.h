// StreamConnection: the one connection to a stream, made again with growing waits.
//
//     begin ─▶ subscribed ─▶ heard … ─▶ lost ─▶ a second's wait where it has worked, else the next backoff ─▶ begin
//
// A refusal that would end a run which has worked is believed when it has come three times in a row.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "run/live_feed/backoff.h"
#include "run/live_feed/bar_stream.h"
#include "run/live_feed/feed_news.h"

namespace tidemark {

class StreamConnection {
 public:
  struct Options {
    std::string source;  // before its errors
    Duration retry_delay;
    std::optional<std::uint64_t> max_retries;  // in a row without a bar; none: for ever
    std::uint32_t jitter_seed = 0;
  };
  // `news` outlives it. Instants are of the steady clock.
  StreamConnection(Options options, std::unique_ptr<BarStream> stream, FeedNews& news);

  std::vector<StreamEvent> take() { return stream_->take(); }
  // Connects where there is no connection and the wait is over. False where there was none.
  bool keep_up(const std::vector<std::string>& symbols, EventTime instant);
  void subscribe(const std::vector<std::string>& symbols);

  // The server brings bars from here on. Says whether the connection is a new one.
  bool subscribed(EventTime instant);
  // Bars have come.
  void heard(EventTime market);
  // It is over. An error is the end of the feed.
  Result<void> lost(const StreamFault& fault, EventTime instant);
  // It is over because it is mute.
  void end() { stream_->end(); }
  void notice(std::string sentence);

  bool is_subscribed() const { return is_subscribed_; }
  bool has_worked() const { return has_worked_; }                         // one has been subscribed
  const std::optional<EventTime>& heard_at() const { return heard_at_; }  // of the market; over the one that there is
  // Why it is not there, or what its server says meanwhile; empty: all is well.
  const std::string& why_down() const { return notice_.empty() ? why_down_ : notice_; }
  const std::string& notice() const { return notice_; }

 private:
  Options options_;
  std::unique_ptr<BarStream> stream_;
  FeedNews& news_;
  Backoff waits_;
  bool is_begun_ = false, is_subscribed_ = false, has_worked_ = false;
  EventTime connect_at_{}, subscribed_at_{};
  std::optional<EventTime> heard_at_;
  int refusals_ = 0;  // in a row
  std::string why_down_, notice_;
};

}  // namespace tidemark
