// The bars of a day of the lake, one after the other: by symbol, then time, the latest of each identity.
#pragma once

#include <optional>
#include <vector>

#include "core/market/bar.h"
#include "core/result.h"
#include "io/parquet/lake_rows.h"

namespace tidemark {

class LakeBars {
 public:
  static Result<LakeBars> open(const Lake& lake, LakeDay day);

  // The next one, valid until the call after; none at the end. A damaged file is an error that names it.
  Result<const Bar*> next();

 private:
  struct Slice;
  explicit LakeBars(LakeRows rows) : rows_(std::move(rows)) {}
  Result<void> read_slice();

  LakeRows rows_;
  std::size_t symbol_ = 0, row_ = 0;  // the next
  RowSlice slice_;
  RowDecimals open_, high_, low_, close_, vwap_, volume_, price_change_, pct_change_;
  RowTexts direction_, feed_;
  RowValues<std::int64_t> trade_count_;
  Bar bar_;
};

}  // namespace tidemark
