// Summary: a window's sums → its trend, every number rounded once, half away from zero
// (contract/semantics.md §4).
//
//     mean        Σx / n
//     volatility  √( (n·Σx² − (Σx)²) / (n·(n−1)) )     sample standard deviation, exact under the root
//     deviation   (avg_close − avg_vwap) / avg_vwap × 100, from the rounded values
#pragma once

#include "core/market/trend.h"
#include "core/stream/window_engine.h"

namespace tidemark {

// Fills `trend` anew; reusing one saves its allocations.
void summarize(const WindowState& state, TrendStatus status, Trend& trend);

// Σ / count of units of 1e-9, in units of 1e-4.
std::int64_t rounded_mean(Int128 sum, std::int64_t count);

// Sample standard deviation in 1e-4 dollars, of `count` >= 2 closes given by Σx (1e-9) and Σx² (1e-18).
std::int64_t rounded_deviation(std::int64_t count, Int128 sum, const Sum192& square_sum);

}  // namespace tidemark
