// Writes trends as in topic alpaca_trend_results: JSON, compact, keys in the contract's order, without a line end.
//
// The rows of windows that close together bear the same times, so the writer keeps their text.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/market/indicators.h"
#include "core/market/ordinary_trend.h"
#include "core/market/trend.h"
#include "core/time/timestamp.h"

namespace tidemark {

class TrendLines {
 public:
  // Appends the row to `out`.
  void append(const Trend& trend, std::string& out);
  void append(const OrdinaryTrend& trend, std::string& out);
  // With the indicators behind, if there are any.
  void append(const Trend& trend, const std::optional<Indicators>& indicators, std::string& out);

 private:
  struct WrittenTime {
    std::string_view text_of(EventTime wanted) {
      if (wanted != time) write_window_time(time = wanted, text.data());
      return {text.data(), text.size()};
    }
    EventTime time = EventTime::min();  // of no window
    std::array<char, window_time_size> text;
  };

  template <typename AnyTrend>
  void append_columns(const AnyTrend& trend, std::string& out);

  WrittenTime start_, end_;
};

}  // namespace tidemark
