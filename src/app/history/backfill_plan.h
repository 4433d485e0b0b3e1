// The plan of a backfill: its requests in order, and the name under which it continues after a stop.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/history/backfill.h"
#include "io/alpaca/history.h"

namespace tidemark {

struct BackfillPlan {
  std::vector<BarsRequest> requests;  // each with as many symbols as an address has room for; without a page
  std::string text;                   // all that the plan depends on, as one JSON object
  std::string name;                   // 16 hexadecimal digits, different for each plan

  // The share of the plan, 0 to 1, that is done with this page of a request. Pages are sorted by symbol, then time.
  double share_done(std::size_t request, const PageFacts& facts) const;
};

BackfillPlan plan_backfill(const BackfillOptions& options);

// The field `feed` of the bars: "iex", or "iex:split" for adjusted bars, whose prices nobody paid.
std::string series_of(const BackfillOptions& options);

}  // namespace tidemark
