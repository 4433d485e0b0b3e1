// The plan of a backfill: the requests it is made of, one after the other, and the name under which it is gone on with.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/history/backfill.h"
#include "io/alpaca/history.h"

namespace tidemark {

struct BackfillPlan {
  std::vector<BarsRequest> requests;  // of so many symbols as an address has room for; without a page
  std::string text;                   // all that it depends on, one JSON object
  std::string name;                   // of 16 hexadecimal digits; another plan has another one

  // How much of all is done with a page of this request whose last bar is that one, 0 to 1: pages are sorted by symbol,
  // then time.
  double share_done(std::size_t request, const PageFacts& facts) const;
};

BackfillPlan plan_backfill(const BackfillOptions& options);

// What the bars say in `feed`: "iex"; adjusted ones, which are no prices that anybody paid, "iex:split".
std::string series_of(const BackfillOptions& options);

}  // namespace tidemark
