// A step: what the bars of a pane say together when its own window closes (contract/semantics.md §8.1). With minute
// bars and the default slide, the steps are the one-minute candles.
#pragma once

#include <algorithm>

#include "core/indicator/traded.h"
#include "core/market/bar.h"
#include "core/time/time.h"

namespace tidemark {

struct Step {
  EventTime start;         // of its pane
  Price close, high, low;  // close: of the last bar by time
  Traded traded;
  bool days_are_utc = false;  // crypto: no exchange opens or closes
};

// Takes the bars of a pane in any order. At least one.
class StepBuilder {
 public:
  explicit StepBuilder(EventTime start) { step_.start = start; }

  // `is_crypto`: the feed or the symbol of the bar says so (§8.9).
  void add(const BarValues& bar, bool is_crypto) {
    const bool is_last = is_empty_ || bar.time > last_;
    step_.high = is_empty_ ? bar.high : std::max(step_.high, bar.high);
    step_.low = is_empty_ ? bar.low : std::min(step_.low, bar.low);
    if (is_last) {
      last_ = bar.time;
      step_.close = bar.close;
      step_.days_are_utc = is_crypto;
    }
    step_.traded.add(bar);
    is_empty_ = false;
  }
  const Step& step() const { return step_; }

 private:
  Step step_;
  EventTime last_{};
  bool is_empty_ = true;
};

}  // namespace tidemark
