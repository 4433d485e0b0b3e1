// When the next call may be made: by the server's headers, and never more than the limit in any minute.
//
//     X-RateLimit-Limit, -Remaining, -Reset (Unix seconds), Date ─▶ converted to our own clock
//
// Without headers the limit is that of Alpaca's free plan. A server of one's own has no limit unless it states one.
// Instants are of a steady clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace tidemark {

class CallLimit {
 public:
  using Clock = std::chrono::steady_clock;
  using Instant = Clock::time_point;

  // `supposed` applies until a header states another limit; empty: no limit until then.
  explicit CallLimit(std::optional<std::int64_t> supposed = 200) : limit_(supposed.value_or(endless)) {}

  // The values of a response's headers.
  struct Said {
    std::optional<std::int64_t> limit, remaining;
    std::optional<std::chrono::seconds> until_reset;  // from the response on; may be negative
    std::optional<std::chrono::seconds> retry_after;
  };

  // If it is not later than `now`, the call may be made at once.
  Instant next(Instant now) const;
  void called(Instant now);
  void answered(Instant now, const Said& said);
  // The server answered 429: no call before the reset.
  void refused(Instant now, const Said& said);
  // The state that an earlier process left: calls that remain until a reset.
  void remember(Instant now, std::int64_t limit, std::int64_t remaining, std::chrono::seconds until_reset);

  bool is_limited() const { return limit_ < endless; }
  std::int64_t limit() const { return limit_; }
  bool is_told() const { return is_from_server_; }  // stated by the server, not supposed
  // By headers and by our own count, whichever is less.
  std::int64_t remaining(Instant now) const;
  // When all calls are available again, as far as is known.
  Instant reset(Instant now) const;

 private:
  std::int64_t in_window(Instant now) const;

  static constexpr std::int64_t endless = std::int64_t{1} << 40;

  std::int64_t limit_;
  bool is_from_server_ = false;
  std::int64_t remaining_ = 0;  // until reset_, if that is in the future
  std::optional<Instant> reset_;
  std::deque<Instant> calls_;  // of the last minute
};

}  // namespace tidemark
