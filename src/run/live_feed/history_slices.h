// HistorySlices: stretches of the past, fetched behind everybody's back and merged by time across symbols.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "run/live_feed/history_pages.h"

namespace tidemark {

// What the questions so far were worth.
struct SliceAccount {
  CallBudget calls;
  std::uint64_t refused_bars = 0;  // nobody has asked for: of another symbol, or of another time
  std::string refused_symbol;      // of the last of them
  std::optional<ServerDate> date = {};
};

class HistorySlices {
 public:
  virtual ~HistorySlices() = default;
  // Bars that begin in [from, to). One such question at a time, and one for the clock; nothing waits.
  virtual void ask(std::vector<std::string> symbols, EventTime from, EventTime to) = 0;
  // The answer, once. What has one time stands in the order of the symbols. Error::retryable, too, for pages that come to no
  // end (PageWalk).
  virtual std::optional<Result<std::vector<FetchedBar>>> take() = 0;
  // What the market's clock shows, as the server says it. Its answer has a Date (account()) in any case.
  virtual void ask_clock() = 0;
  virtual std::optional<Result<ServerClock>> take_clock() = 0;
  // Also while an answer is waited for.
  virtual SliceAccount account() const = 0;
};

}  // namespace tidemark
