// When the next call may be made: what the server's headers say, and besides never more than the limit in any minute.
//
//     X-RateLimit-Limit, -Remaining, -Reset (Unix seconds), Date ─▶ as seen by our own clock
//
// Without headers the limit is that of the free plan, at Alpaca; a server of one's own has none that it does not say. Instants are those of a steady clock.
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

  // `supposed`: as long as no header says another one; none: then there is none.
  explicit CallLimit(std::optional<std::int64_t> supposed = 200) : limit_(supposed.value_or(endless)) {}

  // What an answer's headers had.
  struct Said {
    std::optional<std::int64_t> limit, remaining;
    std::optional<std::chrono::seconds> until_reset;  // from the answer on; may be negative
    std::optional<std::chrono::seconds> retry_after;
  };

  // Not later than `now`: at once.
  Instant next(Instant now) const;
  void called(Instant now);
  void answered(Instant now, const Said& said);
  // It said 429: nothing goes before the reset.
  void refused(Instant now, const Said& said);
  // What an earlier process has left: calls that remain until a reset.
  void remember(Instant now, std::int64_t limit, std::int64_t remaining, std::chrono::seconds until_reset);

  bool is_limited() const { return limit_ < endless; }
  std::int64_t limit() const { return limit_; }
  bool is_told() const { return is_told_; }  // by the server, in place of being supposed
  // By headers and by our own count, whichever is less.
  std::int64_t remaining(Instant now) const;
  // When all calls are there again, as far as is known.
  Instant reset(Instant now) const;

 private:
  std::int64_t in_window(Instant now) const;

  static constexpr std::int64_t endless = std::int64_t{1} << 40;

  std::int64_t limit_;
  bool is_told_ = false;
  std::int64_t remaining_ = 0;  // until reset_, if that lies ahead
  std::optional<Instant> reset_;
  std::deque<Instant> calls_;  // of the last minute
};

}  // namespace tidemark
