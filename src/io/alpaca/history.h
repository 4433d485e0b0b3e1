// History: bars of the past from Alpaca's REST API, a page at a time, never more calls than the plan allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/alpaca/account.h"
#include "io/alpaca/bar_text.h"
#include "run/live_feed/history_pages.h"

namespace tidemark {

// The largest page that a spool keeps and an import reads. The HTTPS client takes no answer of more than 16 MB.
inline constexpr std::size_t most_page_bytes = 256 * 1'024 * 1'024;

// The answer to GET …/bars as it came.
struct HistoryText {
  std::string json;
  PageFacts facts;
};

// The connection is kept. Waits at most some seconds for an answer, and longer for its turn under the limit, which the last
// answer's headers said (X-RateLimit-*). Asked wrongly are 400 and 422; retryable is all else, also a redirect, and a 200 that is no
// page. GET <data_url>/v2/clock is the market's clock.
class History : public HistoryPages {
 public:
  // The same page before anybody has read it, for who reads it elsewhere (BarText) while the next one is fetched.
  virtual Result<HistoryText> bars_text(const BarsRequest& request, std::stop_token stop) = 0;
  // What an earlier process knew when it ended: its calls count, too, and one that it may not have lived to see.
  virtual void remember(const CallBudget& budget) = 0;
};

// Nothing is connected yet. Error::setup: an address or certificates that are none.
Result<std::unique_ptr<History>> open_history(const AlpacaAccount& account);

// Path and query of a request for bars of this feed; its length is what bounds how many symbols go into one request.
std::string bars_target(AlpacaFeed feed, const BarsRequest& request);

}  // namespace tidemark
