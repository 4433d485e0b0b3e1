#include "run/live_feed/stream_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "run/live_feed/feed_times.h"

namespace tidemark {

StreamConnection::StreamConnection(Options options, std::unique_ptr<BarStream> stream, FeedNews& news)
    : options_(std::move(options)),
      stream_(std::move(stream)),
      news_(news),
      waits_(options_.retry_delay, options_.jitter_seed) {}

bool StreamConnection::keep_up(const std::vector<std::string>& symbols, EventTime instant) {
  if (is_begun_) return true;
  if (instant < connect_at_) return false;
  is_begun_ = true;
  stream_->begin(symbols);
  return false;
}

void StreamConnection::subscribe(const std::vector<std::string>& symbols) {
  if (is_begun_) stream_->subscribe(symbols);
}

bool StreamConnection::subscribed(EventTime instant) {
  has_worked_ = true;
  refusals_ = 0;
  if (is_subscribed_) return false;
  is_subscribed_ = true;
  subscribed_at_ = instant;
  notice_.clear();
  return true;
}

void StreamConnection::heard(EventTime market) {
  waits_.reset();
  heard_at_ = market;
}

Result<void> StreamConnection::lost(const StreamFault& fault, EventTime instant) {
  const bool has_lasted = is_subscribed_ && instant - subscribed_at_ >= feed_times::worked_after;
  is_begun_ = is_subscribed_ = false;
  const bool must_end = fault.cure == StreamCure::GiveUp;
  if (must_end && (!has_worked_ || ++refusals_ == feed_times::believed_after))
    return std::unexpected(Error::setup(options_.source + ": " + fault.sentence));
  const bool was_heard = std::exchange(heard_at_, std::nullopt).has_value();
  const bool was_good = (was_heard || has_lasted) && !must_end;
  if (has_lasted) waits_.reset();
  // Of a connection that has worked, the next one most often does, too: every second of a gap counts.
  const Duration wait =
      was_good ? waits_.jittered(std::min<Duration>(std::chrono::seconds(1), options_.retry_delay)) : waits_.next();
  if (options_.max_retries && waits_.count() > *options_.max_retries)
    return std::unexpected(Error::permanent(fmt::format("{}: gave up after {} tries without a bar (max-retries): {}",
                                                        options_.source, *options_.max_retries, fault.sentence)));
  why_down_ = fault.sentence;
  connect_at_ = instant + wait;
  news_.lost(fault.sentence, wait);
  return {};
}

void StreamConnection::notice(std::string sentence) {
  notice_ = std::move(sentence);
  news_.warn("notice", "said", notice_);
}

}  // namespace tidemark
