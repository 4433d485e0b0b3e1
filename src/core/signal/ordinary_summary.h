// The summary of a window of ordinary bars, in machine words. It says what summarize() (summary.h) says of the same
// window.
#pragma once

#include "core/market/ordinary_trend.h"
#include "core/stream/window_state.h"

namespace tidemark {

// The final trend of a window. Its feed points to that of the window.
OrdinaryTrend summarize(const OrdinaryWindow& window);

}  // namespace tidemark
