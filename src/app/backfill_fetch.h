// Fetching a backfill's pages: asked for by one thread, durable one by one, while the caller's shows how far it is.
#pragma once

#include <functional>
#include <stop_token>

#include "app/backfill_spool.h"
#include "core/result.h"
#include "io/alpaca/history.h"

namespace tidemark {

class BackfillFetch {
 public:
  BackfillFetch(BackfillSpool& spool, History& history) : spool_(spool), history_(history) {}

  // Until all pages are there, or Ctrl-C came (app/signals.h). What the network does is tried again for some minutes.
  Result<void> run();

 private:
  Result<void> fetch_all(const std::stop_token& stop);
  Result<HistoryText> ask(const BarsRequest& request, const std::stop_token& stop);

  BackfillSpool& spool_;
  History& history_;
  std::function<void()> watch_;  // called behind every page
};

}  // namespace tidemark
