// BarSum: several minute bars as one longer bar.
#pragma once

#include "core/number/integer.h"
#include "io/alpaca_server/tape.h"

namespace tidemark {

// The vwap is that of all the bars, to a millionth of a dollar; there is none when one of them has none, when one is
// below zero, or when nothing was traded. Trades are counted unless one bar does not say how many it has.
class BarSum {
 public:
  void add(const TapeBar& bar);  // in the order of time
  bool empty() const { return empty_; }
  TapeBar finish(EventTime start) const;

 private:
  bool empty_ = true, has_vwap_ = true, has_count_ = true;
  TapeBar bar_;
  UInt256 turnover_;  // price · volume
  std::int64_t trades_ = 0;
};

}  // namespace tidemark
