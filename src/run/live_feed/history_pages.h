// HistoryPages: bars of the past from a server, a page at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "run/live_feed/fetched_bar.h"
#include "run/live_feed/market_clock.h"

namespace tidemark {

struct BarsRequest {
  std::vector<std::string> symbols;
  EventTime from, to;              // bars that begin in [from, to)
  std::string adjustment = "raw";  // of prices for splits and dividends, in the server's words; live bars are raw
  std::string page;                // token of the page; empty: the first
};

// What a page of history holds, in the order in which it came.
struct HistoryPage {
  std::vector<FetchedBar> bars;
  std::string next;         // token of the next page; empty: there is none
  std::uint64_t bytes = 0;  // of its text
};

// The calls so far, and how many the server still allows.
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

// What a server's Date header showed last. The instants are of the steady clock.
struct ServerDate {
  EventTime date{}, asked{}, answered{};
};

// One thread at a time. A call waits for its answer, and not at all once a stop is asked for (Error::retryable then).
class HistoryPages {
 public:
  virtual ~HistoryPages() = default;
  // Error::setup: keys or plan do not allow it, and what to do; permanent: asked wrongly; retryable: all else.
  virtual Result<HistoryPage> bars(const BarsRequest& request, std::stop_token stop) = 0;
  // What the server says of its market's clock. A server whose market runs as the world does has none; its answer's Date counts.
  virtual Result<ServerClock> market_clock(std::stop_token stop) = 0;
  // From any thread.
  virtual CallBudget budget() const = 0;
  // Of the last answer that had one, whatever it was. From any thread.
  virtual std::optional<ServerDate> server_date() const = 0;
};

}  // namespace tidemark
