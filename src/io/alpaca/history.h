// History: bars of the past from Alpaca's REST API, a page at a time, never more calls than the plan allows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/alpaca/account.h"
#include "io/alpaca/bar_text.h"
#include "run/interfaces/clock.h"

namespace tidemark {

struct BarsRequest {
  std::vector<std::string> symbols;
  EventTime from, to;  // bars that begin in [from, to)
  std::string adjustment = "raw";
  std::string page;  // token of the page; empty: the first
};

// As the last answer's headers had it: X-RateLimit-*.
struct CallBudget {
  std::uint64_t calls = 0;    // that were made by this object
  std::uint64_t refused = 0;  // of them, answered with 429
  std::uint64_t refused_in_a_row = 0;
  std::uint64_t failed = 0;     // and those that brought nothing else of use: no answer, an error, no page
  std::int64_t limit = -1;      // a minute; -1: not known yet
  std::int64_t remaining = -1;  // by the headers and by our own count, whichever is less
  std::int64_t reset = 0;       // Unix seconds at which all calls are there again
  bool is_waiting = false;      // for its turn
};

// What a server's Date header showed last. The instants are of the boot clock.
struct ServerDate {
  EventTime date{}, asked{}, answered{};
};

// The answer to GET …/bars as it came.
struct HistoryText {
  std::string json;
  PageFacts facts;
};

// One thread at a time; the connection is kept. Waits at most some seconds for an answer, longer for its turn under the
// limit, and not at all once a stop is asked for (Error::retryable then).
class History {
 public:
  virtual ~History() = default;
  // Error::setup: keys or plan do not allow it, and what to do; permanent: asked wrongly (400, 422); retryable: all else, also
  // a redirect, and a 200 that is no page.
  virtual Result<HistoryPage> bars(const BarsRequest& request, std::stop_token stop) = 0;
  // The same page before anybody has read it, for who reads it elsewhere (BarText) while the next one is fetched.
  virtual Result<HistoryText> bars_text(const BarsRequest& request, std::stop_token stop) = 0;
  // From any thread.
  virtual CallBudget budget() const = 0;
  // Of the last answer that had one, whatever it was. From any thread.
  virtual std::optional<ServerDate> server_date() const = 0;
  // What an earlier process knew when it ended: its calls count, too, and one that it may not have lived to see.
  virtual void remember(const CallBudget& budget) = 0;
  // GET <data_url>/v2/clock, for a server of one's own whose market does not run as the wall does. Empty where there is none.
  virtual Result<std::string> market_clock(std::stop_token stop) = 0;
};

// Nothing is connected yet. Error::setup: an address or certificates that are none.
Result<std::unique_ptr<History>> open_history(const AlpacaAccount& account);

// Path and query of a request for bars of this feed; its length is what bounds how many symbols go into one request.
std::string bars_target(AlpacaFeed feed, const BarsRequest& request);

}  // namespace tidemark
