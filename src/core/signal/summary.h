// Summary: a window's sums → its trend. Everything is derived from exact values and rounded once, half away from zero
// (contract/semantics.md §4).
//
//     mean        Σx / n
//     volatility  √( (n·Σx² − (Σx)²) / (n·(n−1)) )                 sample standard deviation, exact under the root
//     deviation   (m·Σclose − n·Σvwap) / (n·Σvwap) × 100           of the exact averages; m bars have a vwap
//     signal      10·(Σclose − n·min) against 6 and 4 times n·(max − min)
#pragma once

#include "core/market/trend.h"
#include "core/stream/window_state.h"

namespace tidemark {

// Overwrites all of `trend`. Reusing one object saves allocations.
void summarize(const WindowState& state, TrendStatus status, Trend& trend);

// What contract 1 computed from the same bars (contract/semantics.md §6.5): it rounded to four places first. Fills only
// the columns that follow from the bars: symbol, window, feed, bar_count, avg_close, max_close, min_close, avg_volume,
// volatility, avg_pct_change, buy_pressure. Contract 1 counted vwaps of 0 in avg_vwap: see
// can_be_avg_vwap_of_contract_1().
void summarize_by_contract_1(const WindowState& state, Trend& trend);

// Whether contract 1 may have computed this avg_vwap (1e-9) from the same bars: round4(Σvwap / k) for some k between
// the number of bars that have a vwap and the number of all bars.
bool can_be_avg_vwap_of_contract_1(const Sums& sums, std::optional<Int128> avg_vwap);

// Σ / count of units of 1e-9, rounded to a whole number of `unit`s; in 1e-9.
Int128 rounded_mean(Int128 sum, std::int64_t count, std::int64_t unit);

// Sample standard deviation of `count` >= 2 closes given by Σx (1e-9) and Σx² (1e-18), rounded to a whole number of
// `unit`s; in 1e-9.
Int128 rounded_deviation(std::int64_t count, Int128 sum, const Sum192& square_sum, std::int64_t unit);

// vwap_deviation_pct in 1e-4; empty if no bar has a vwap, or if their average is 0.
std::optional<Int128> rounded_vwap_deviation(const Sums& sums);

}  // namespace tidemark
