// A trend in machine words: of a window of ordinary bars, on its way to the text of a row.
//
// Its members bear the names of those of Trend, so the table of columns (trend_columns.h) reads both.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/market/symbol_name.h"
#include "core/market/trend.h"

namespace tidemark {

// A whole number of the last place that the trend is written with: 1753000 with four places is 175.3.
struct LastPlaces {
  std::int64_t count = 0;
};

struct OrdinaryTrend {
  SymbolName symbol;
  Window window;
  int price_places = least_price_places;
  int volume_places = 0;
  LastPlaces avg_close, max_close, min_close;
  LastPlaces avg_volume;
  std::optional<LastPlaces> volatility, avg_vwap;
  std::int64_t avg_pct_change = 0;  // 1e-4 percent
  std::int64_t buy_pressure = 0;    // 1e-4
  std::int64_t bar_count = 0;
  LastPlaces price_range;
  std::optional<Int128> vwap_deviation_pct;  // 1e-4 percent; wide, since an average vwap may be near 0
  Signal signal = Signal::Neutral;
  TrendStatus status = TrendStatus::Final;
  std::int64_t revision = 0;
  std::optional<std::string_view> feed;
};

}  // namespace tidemark
