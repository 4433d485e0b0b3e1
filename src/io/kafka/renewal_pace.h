// How often a producer may be replaced because one of its requests got no answer: at once, then less and less often.
//
//     replaced ─ 1 s ─ replaced ─ 2 s ─ replaced ─ 4 s ─ … ─ longest ─ replaced          a calm of a minute: from the start
//
// A replacement asks the brokers for more than a commit does. Where they are slow or the network loses connections, they must not
// be asked for it all the time.
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

  // A replacement takes place now.
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
