#include "run/live_feed/clock_inquiry.h"

#include <fmt/format.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr int most_tries = 3;

bool is_near(EventTime one, EventTime other) {
  constexpr Duration near = std::chrono::minutes(5);
  return one < other + near && other < one + near;
}

}  // namespace

ClockInquiry::ClockInquiry(FeedClock& clock, HistorySlices& history, FeedNews& news, bool has_own_clock,
                           Duration retry_delay, std::uint32_t jitter_seed)
    : clock_(clock),
      history_(history),
      news_(news),
      has_own_clock_(has_own_clock),
      waiting_(retry_delay, jitter_seed) {}

Result<bool> ClockInquiry::learn(EventTime instant, bool has_worked) {
  if (is_asked_) {
    if (const auto answer = history_.take_clock()) {
      is_asked_ = false;
      clock_.server_said(history_.account().date);
      if (auto taken = take(*answer, instant, has_worked); !taken) return std::unexpected(taken.error());
    }
  }
  if (!is_asked_ && is_due(instant)) {
    history_.ask_clock();
    is_asked_ = true;
    asked_at_ = instant;
    clock_.asks_server(instant);
  }
  if (needs_own_ || !has_been_asked_) return false;
  if (!clock_.is_known()) why_not_ = "no clock shows a time that can be; the server is asked";
  return clock_.is_known();
}

bool ClockInquiry::is_due(EventTime instant) const {
  return needs_own_ || !has_been_asked_ ? instant >= ask_at_ : clock_.needs_server(instant);
}

Result<void> ClockInquiry::take(const Result<ServerClock>& answer, EventTime instant, bool has_worked) {
  Result<std::optional<MarketClock>> clock;
  if (needs_own_)
    clock = read(answer, instant);
  else if (!answer)
    clock = std::unexpected(answer.error());
  if (!needs_own_ && has_been_asked_) return {};
  if (!clock && clock.error().is_setup() && needs_own_ && !has_worked) return std::unexpected(clock.error());
  if (clock && needs_own_) *clock ? clock_.follow(**clock) : clock_.follow_the_world();
  if (clock || ++tries_ == most_tries) {
    if (!clock) news_.warn("no_clock", "error", clock.error().message());
    answered();
    return {};
  }
  why_not_ = clock.error().message();
  ask_at_ = instant + waiting_.next();
  return {};
}

void ClockInquiry::answered() {
  needs_own_ = false;
  has_been_asked_ = true;
  tries_ = 0;
  waiting_.reset();
  ask_at_ = {};
  why_not_.clear();
}

// Without the clock that it had, time would jump to the world's.
Result<std::optional<MarketClock>> ClockInquiry::read(const Result<ServerClock>& answer, EventTime instant) {
  if (!answer) return std::unexpected(answer.error());
  if (!answer->shown) {
    if (has_read_) return std::unexpected(Error::retryable("the server says that it has no clock any more"));
    return std::nullopt;
  }
  const Result<ShownTime>& shown = *answer->shown;
  if (!shown) return std::unexpected(shown.error());
  const MarketClock clock(*shown, asked_at_, instant);
  const bool has_jumped = clock_.follows_own() && !is_near(clock.at(instant), clock_.market(instant));
  if (has_jumped) tries_ = 0;  // it does answer
  if (has_jumped && ++jumps_ < most_tries)
    return std::unexpected(Error::retryable(
        fmt::format("the server's clock has jumped to {}; it is asked again", format_timestamp(clock.at(instant)))));
  jumps_ = 0;
  has_read_ = true;
  return clock;
}

}  // namespace tidemark
