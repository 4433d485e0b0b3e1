// BarSum: aggregates minute bars to one longer bar.
#pragma once

#include "core/number/integer.h"
#include "io/alpaca_server/tape.h"

namespace tidemark {

// The vwap is that of all bars, to a millionth of a dollar. There is none if one bar has none, if one is below zero, or
// if nothing was traded. The number of trades is missing if one bar lacks it.
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
