#include "io/net/call_limit.h"

#include <algorithm>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

// A minute, plus the time by which calls may move closer together on their way.
constexpr auto window = 61s;
// A longer wait would only mean that clocks disagree.
constexpr auto longest_wait = 120s;
constexpr auto default_wait = 15s;

}  // namespace

std::int64_t CallLimit::in_window(Instant now) const {
  return calls_.end() - std::ranges::upper_bound(calls_, now - window);
}

CallLimit::Instant CallLimit::next(Instant now) const {
  Instant at = now;
  if (reset_ && remaining_ <= 0 && *reset_ > now) at = *reset_;
  // The call that, together with a new one, would exceed `limit_` in one window.
  if (static_cast<std::int64_t>(calls_.size()) >= limit_)
    at = std::max(at, calls_[calls_.size() - static_cast<std::size_t>(limit_)] + window);
  return at;
}

void CallLimit::called(Instant now) {
  while (!calls_.empty() && calls_.front() <= now - window) calls_.pop_front();
  calls_.push_back(now);
  if (reset_ && *reset_ > now && remaining_ > 0) --remaining_;
}

void CallLimit::answered(Instant now, const Said& said) {
  if (said.limit && *said.limit > 0) limit_ = *said.limit, is_from_server_ = true;
  if (!said.remaining || !said.until_reset) return;
  remaining_ = *said.remaining;
  // It may come slightly earlier than its whole second says, and a call may travel faster than the response did.
  reset_ = now + std::clamp<Clock::duration>(*said.until_reset + 100ms, 0s, longest_wait);
  if (remaining_ <= 0 && *reset_ <= now) reset_ = now + 1s;
}

void CallLimit::refused(Instant now, const Said& said) {
  answered(now, said);
  Clock::duration wait = default_wait;
  if (said.retry_after)
    wait = *said.retry_after;
  else if (said.until_reset)
    wait = *said.until_reset + 100ms;
  remaining_ = 0;
  reset_ = now + std::clamp<Clock::duration>(wait, 1s, longest_wait);
}

void CallLimit::remember(Instant now, std::int64_t limit, std::int64_t remaining, std::chrono::seconds until_reset) {
  if (limit > 0) limit_ = limit;
  if (until_reset <= 0s || until_reset > longest_wait) return;
  remaining_ = std::max<std::int64_t>(0, remaining);
  reset_ = now + until_reset + 1s;
}

std::int64_t CallLimit::remaining(Instant now) const {
  const std::int64_t own = std::max<std::int64_t>(0, limit_ - in_window(now));
  return reset_ && *reset_ > now ? std::min(own, remaining_) : own;
}

CallLimit::Instant CallLimit::reset(Instant now) const {
  Instant at = calls_.empty() ? now : calls_.back() + window;
  if (reset_ && *reset_ > now) at = std::max(at, *reset_);
  return at;
}

}  // namespace tidemark
