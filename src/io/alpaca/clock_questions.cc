#include "io/alpaca/clock_questions.h"

#include <fmt/format.h>

#include <chrono>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr int most_tries = 3;

bool is_near(EventTime one, EventTime other) {
  constexpr Duration near = std::chrono::minutes(5);
  return one < other + near && other < one + near;
}

}  // namespace

Result<bool> ClockQuestions::settle(EventTime now, bool is_asked, bool has_worked) {
  const auto clock = learn_clock(now, is_asked, has_worked);
  if (!clock || !*clock) return clock;
  return learn_date(now);
}

// False while it is not known yet. A server that does not say it after some tries has none, and the clock that was
// believed last holds: at first the world's.
Result<bool> ClockQuestions::learn_clock(EventTime now, bool is_asked, bool has_worked) {
  if (!needs_clock_) return true;
  if (is_date_asked_) {  // one such question at a time
    if (!history_.take_clock()) return false;
    is_date_asked_ = false;
  }
  if (const auto answer = history_.take_clock()) {
    is_clock_asked_ = false;
    const auto read = read_clock(*answer, now);
    if (!read && read.error().is_setup() && !has_worked) return std::unexpected(read.error());
    if (read && *read) clock_.follow(**read);
    if (read && !*read) clock_.follow_the_world();
    if (read || ++clock_tries_ == most_tries) {
      if (!read) news_.warn("alpaca.no_clock", "error", read.error().message());
      needs_clock_ = false;
      has_asked_date_ = true;
      clock_tries_ = 0;
      calls_.backoff.reset();
      calls_.next = now;
      speed_ = clock_.speed();
      return true;
    }
    calls_.next = now + calls_.backoff.next();
    return std::unexpected(Error::retryable(read.error().message()));
  }
  if (!is_clock_asked_ && !is_asked && now >= calls_.next) {
    history_.ask_clock();
    is_clock_asked_ = true;
    clock_asked_at_ = now;
  }
  return false;
}

// A server that has had a clock has one; without it, time would jump to the wall's. It goes on from there, unless it has
// begun anew: then it says so three times.
Result<std::optional<MarketClock>> ClockQuestions::read_clock(const Result<std::string>& answer, EventTime now) {
  if (!answer) return std::unexpected(answer.error());
  if (!answer->empty()) {
    auto clock = MarketClock::read(*answer, clock_asked_at_, now);
    if (!clock) return std::unexpected(clock.error());
    if (clock_.follows_own() && !is_near(clock->at(now), clock_.market(now)) && ++clock_jumps_ < most_tries)
      return std::unexpected(Error::retryable(
          fmt::format("the server's clock has jumped to {}; it is asked again", format_timestamp(clock->at(now)))));
    clock_jumps_ = 0;
    has_read_clock_ = true;
    return *clock;
  }
  if (has_read_clock_) return std::unexpected(Error::retryable("the server says that it has no clock any more"));
  return std::nullopt;
}

// The Date is asked for at the start, before anything is given, and whenever clocks disagree.
Result<bool> ClockQuestions::learn_date(EventTime now) {
  Result<void> taken;
  if (is_date_asked_) taken = take_date(now);
  const bool is_due = has_asked_date_ ? clock_.needs_server(now) : now >= calls_.next;
  if (!is_date_asked_ && is_due) {
    history_.ask_clock();
    is_date_asked_ = true;
    clock_.asks_server(now);
  }
  if (!taken) return std::unexpected(taken.error());
  return has_asked_date_ && clock_.is_known();
}

Result<void> ClockQuestions::take_date(EventTime now) {
  const auto answer = history_.take_clock();
  if (!answer) return {};
  is_date_asked_ = false;
  clock_.server_said(history_.account().date);
  if (*answer || ++date_tries_ == most_tries) has_asked_date_ = true;
  if (has_asked_date_) return {};
  calls_.next = now + calls_.backoff.next();
  return std::unexpected(Error::retryable(answer->error().message()));
}

}  // namespace tidemark
