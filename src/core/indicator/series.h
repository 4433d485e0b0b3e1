// The indicators of one symbol: one step after the other, exact, in constant time and space each
// (contract/semantics.md §8.4 to §8.10).
//
//     step ─┬─ closes of the last 50 ──▶ SMA, Bollinger
//           ├─ averages, in 1e-18 ─────▶ EMA, MACD, RSI, ATR
//           └─ traded since the anchor ▶ session_vwap
#pragma once

#include <array>
#include <cstdint>

#include "core/indicator/anchor.h"
#include "core/indicator/smoothed.h"
#include "core/indicator/step.h"
#include "core/market/indicators.h"
#include "core/number/integer.h"

namespace tidemark {

class IndicatorSeries {
 public:
  // `ruler` is shared by the series of a machine.
  void push(const Step& step, AnchorRuler& ruler);

  // What a row with prices of so many places says (4 to 9).
  Indicators rounded(int price_places) const;

 private:
  static constexpr std::int64_t long_length = 50, short_length = 20;

  std::int64_t close_before(std::int64_t steps) const {  // 0: the last one
    return closes_[static_cast<std::size_t>((steps_ - 1 - steps) % long_length)];
  }
  void push_close(std::int64_t close);
  void push_averages(const Step& step);
  void round_averages(std::int64_t unit, Indicators& indicators) const;
  void round_bollinger(std::int64_t unit, Indicators& indicators) const;
  Confirmation confirmation() const;

  std::int64_t steps_ = 0;
  std::array<std::int64_t, long_length> closes_{};  // 1e-9, a ring
  Int128 long_sum_ = 0, short_sum_ = 0;             // of the last closes; 1e-9
  Sum192 short_square_sum_;                         // 1e-18
  // In 1e-18.
  Ema<20> ema_;
  Wilder<14> gain_, loss_, range_;
  Ema<12> fast_;
  Ema<26> slow_;
  Ema<9> signal_;
  EventTime anchor_{};  // of the last step
  Traded traded_;       // since the anchor
};

}  // namespace tidemark
