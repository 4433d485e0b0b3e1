// Fetching a backfill's pages: asked for by one thread, durable one by one, while the caller's shows how far it is.
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

  // Until all pages are there, or Ctrl-C came (app/process/signals.h). What the network does is tried again for some minutes.
  Result<void> run();
  // Calls whose pages turned out to be no answer, of which History does not know.
  std::uint64_t useless_calls() const { return useless_calls_; }

 private:
  Result<void> fetch_all(const std::stop_token& stop);
  // One page, durable. Error::retryable: of the page, or of all pages of its request, which are gone then.
  Result<void> fetch_next(const BarsRequest& request, const std::stop_token& stop);
  Result<void> go_on_walking(const HistoryText& page);
  Result<void> forget(Result<std::size_t> pages);
  void tell_limit();

  BackfillSpool& spool_;
  History& history_;
  std::optional<PageWalk> walk_;    // through the pages of …
  std::size_t walked_request_ = 0;  // … this one
  std::uint64_t useless_calls_ = 0;
  std::uint64_t told_refused_ = 0;
  std::chrono::steady_clock::time_point tell_again_{};
  std::function<void()> watch_;  // called behind every page
};

}  // namespace tidemark
