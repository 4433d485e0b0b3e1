// A trend: what one symbol did in one window (contract/semantics.md, trends).
//
// Every number is already rounded as it is published: integers in units of 1e-4 where the name of a
// unit says so. A reader divides by 10,000 and has exactly what stands in the topic and in the lake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/number/integer.h"
#include "core/time/time.h"

namespace tidemark {

enum class Signal : std::uint8_t { Neutral, Bullish, Bearish };
std::string_view to_string(Signal signal);  // "NEUTRAL" …
std::optional<Signal> parse_signal(std::string_view text);

enum class TrendStatus : std::uint8_t { Update, Final };
std::string_view to_string(TrendStatus status);  // "update", "final"
std::optional<TrendStatus> parse_trend_status(std::string_view text);

struct Window {  // [start, end)
  EventTime start, end;
  friend constexpr auto operator<=>(const Window&, const Window&) = default;
};

struct Trend {
  std::string symbol;
  Window window;
  std::int64_t avg_close = 0;              // 1e-4 dollars
  std::int64_t max_close = 0;              // 1e-4 dollars
  std::int64_t min_close = 0;              // 1e-4 dollars
  std::int64_t avg_volume = 0;             // whole shares
  std::optional<std::int64_t> volatility;  // 1e-4 dollars; none for a single bar
  std::optional<std::int64_t> avg_vwap;    // 1e-4 dollars; none if no bar has one
  Int128 avg_pct_change = 0;               // 1e-4 percent
  std::int64_t buy_pressure = 0;           // 1e-4; 10,000 = every bar went up
  std::int64_t bar_count = 0;
  std::int64_t price_range = 0;              // 1e-4 dollars
  std::optional<Int128> vwap_deviation_pct;  // 1e-4 percent
  Signal signal = Signal::Neutral;
  TrendStatus status = TrendStatus::Final;
  std::int64_t revision = 0;        // records that have changed the window
  std::optional<std::string> feed;  // the feed that all its bars share
  friend bool operator==(const Trend&, const Trend&) = default;
};

}  // namespace tidemark
