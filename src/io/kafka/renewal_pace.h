// RenewalPace: limits how often a producer is replaced because a request got no answer: at once, then at growing
// intervals.
//
//     replaced ─ 1 s ─ replaced ─ 2 s ─ replaced ─ 4 s ─ … ─ longest ─ replaced          a quiet minute resets it
//
// A replacement costs the brokers more than a commit, so it must not be repeated all the time while they are slow or
// the network drops connections.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace tidemark {

class RenewalPace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Span = std::chrono::steady_clock::duration;

  explicit constexpr RenewalPace(Span longest = std::chrono::seconds(30)) : longest_(longest) {}

  // The earliest time for the next replacement.
  constexpr Time next() const { return last_ ? *last_ + wait_ : Time::min(); }

  // Records a replacement.
  constexpr void renewed(Time now) {
    const bool is_calm = !last_ || now - *last_ > calm;
    wait_ = is_calm ? std::min<Span>(first, longest_) : std::min<Span>(2 * wait_, longest_);
    last_ = now;
  }

 private:
  static constexpr Span first = std::chrono::seconds(1), calm = std::chrono::minutes(1);
  Span longest_;
  Span wait_{};
  std::optional<Time> last_;
};

}  // namespace tidemark
