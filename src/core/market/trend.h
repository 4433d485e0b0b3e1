// A trend: what one symbol did in one window (contract/semantics.md, trends).
//
// Every number is already rounded as it is published: once, from exact values. Prices and volume are whole numbers of
// 1e-9, written with `price_places` and `volume_places` decimals. Ratios and percentages are whole numbers of 1e-4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/number/integer.h"
#include "core/number/places.h"
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
  int price_places = least_price_places;  // decimals that prices are written with: 4 to 9
  int volume_places = 0;                  // decimals that avg_volume is written with: 0 to 9
  // Prices in 1e-9 dollars, in 128 bits: rounded to few places, contract 1's largest price and the largest average vwap
  // lie just beyond 64 bits.
  Int128 avg_close = 0;
  Int128 max_close = 0;
  Int128 min_close = 0;
  Int128 avg_volume = 0;             // 1e-9 shares or coins
  std::optional<Int128> volatility;  // 1e-9 dollars; none for a single bar
  std::optional<Int128> avg_vwap;    // 1e-9 dollars; none if no bar has one
  Int128 avg_pct_change = 0;         // 1e-4 percent
  std::int64_t buy_pressure = 0;     // 1e-4; 10,000 = every bar went up
  std::int64_t bar_count = 0;
  Int128 price_range = 0;                    // 1e-9 dollars
  std::optional<Int128> vwap_deviation_pct;  // 1e-4 percent
  Signal signal = Signal::Neutral;
  TrendStatus status = TrendStatus::Final;
  std::int64_t revision = 0;        // records that have changed the window
  std::optional<std::string> feed;  // the feed that all its bars share
  friend bool operator==(const Trend&, const Trend&) = default;
};

}  // namespace tidemark
