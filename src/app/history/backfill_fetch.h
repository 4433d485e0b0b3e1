// BackfillFetch: fetches the pages of a backfill on a thread of its own, each durable at once, while the caller's
// thread shows the progress.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

#include "app/history/backfill_spool.h"
#include "core/result.h"
#include "io/alpaca/history.h"
#include "run/live_feed/page_walk.h"

namespace tidemark {

class BackfillFetch {
 public:
  BackfillFetch(BackfillSpool& spool, History& history) : spool_(spool), history_(history) {}

  // Returns when all pages are there, or after Ctrl-C (app/process/signals.h). Network failures are retried for some
  // minutes.
  Result<void> run();
  // The number of calls whose pages were discarded as wrong answers. History does not know of them.
  std::uint64_t useless_calls() const { return useless_calls_; }

 private:
  Result<void> fetch_all(const std::stop_token& stop);
  // Fetches and stores one page. Error::retryable concerns the page, or all pages of its request, which have then been
  // discarded.
  Result<void> fetch_next(const BarsRequest& request, const std::stop_token& stop);
  Result<void> go_on_walking(const HistoryText& page);
  Result<void> forget(Result<std::size_t> pages);
  void tell_limit();

  BackfillSpool& spool_;
  History& history_;
  std::optional<PageWalk> walk_;    // through the pages of the request …
  std::size_t walked_request_ = 0;  // … with this number
  std::uint64_t useless_calls_ = 0;
  std::uint64_t told_refused_ = 0;
  std::chrono::steady_clock::time_point tell_again_{};
  std::function<void()> watch_;  // called after every page
};

}  // namespace tidemark
