// The market's clock as a server of one's own writes it: {"timestamp":"2026-01-05T14:30:00Z","speed":60}.
#pragma once

#include <string_view>

#include "core/result.h"
#include "run/live_feed/market_clock.h"

namespace tidemark {

// `speed` may be missing. Error::permanent: it cannot be read, or shows a time outside the years 2000 to 2099.
Result<ShownTime> read_clock(std::string_view json);

}  // namespace tidemark
