// LakeBars: iterates over the bars of the lake, by symbol and time or by time and symbol, with the latest version of
// each identity.
#pragma once

#include <optional>
#include <vector>

#include "core/market/bar.h"
#include "core/result.h"
#include "io/lake/lake_rows.h"

namespace tidemark {

class LakeBars {
 public:
  static Result<LakeBars> open(const Lake& lake, LakeDay day);
  // By time, over all days in [from, to).
  static Result<LakeBars> open_by_time(const Lake& lake, EventTime from, EventTime to);

  // The next bar, valid until of the next bar call; null at the end. A damaged file is an error that names it.
  Result<const Bar*> next();
  void rewind();

  std::size_t size() const { return rows_.size(); }
  EventTime time(std::size_t row) const { return rows_.time(row); }

 private:
  LakeBars(LakeRows rows, LakeRows::Order order) : rows_(std::move(rows)), order_(order) {}
  std::size_t find_symbol();
  Result<void> read_slice();

  LakeRows rows_;
  LakeRows::Order order_;
  std::size_t symbol_ = 0, row_ = 0;  // the next
  RowSlice slice_;
  RowDecimals open_, high_, low_, close_, vwap_, volume_, price_change_, pct_change_;
  RowTexts direction_, feed_;
  RowValues<std::int64_t> trade_count_;
  Bar bar_;
};

}  // namespace tidemark
