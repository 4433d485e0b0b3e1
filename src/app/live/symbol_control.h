// SymbolControl: the symbols of a running instance, where they come from, and their changes at run time.
//
//     POST ─▶ server's thread: parse ─▶ main thread: write DIR/symbols, durably ─▶ the feed, from its next minute on
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "app/config/run_options.h"
#include "app/live/symbol_report.h"
#include "app/process/main_thread_queue.h"
#include "io/serve/endpoint.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/journal.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

class SymbolControl {
 public:
  SymbolControl(const RunOptions& options, MainThreadQueue& queue, Journal& journal);

  // Returns the symbols that the feed starts with: the chosen ones, else those of the settings. The directory's lock is
  // held.
  Result<SymbolList> open();
  // Call it when the feed is open. From then on symbols can be changed.
  void attach(FeedSymbols* feed);

  bool is_chosen() const;  // from any thread
  Endpoint act();          // /api/v1/symbols/chosen

 private:
  Response show(const Request& request) const;
  std::optional<Response> why_not() const;
  void change(const SymbolChange& change, const Reply& reply);
  Result<SymbolReport> carry_out(const SymbolChange& change);

  const RunOptions& options_;
  MainThreadQueue& main_thread_;
  Journal& journal_;
  SymbolList set_up_;

  mutable std::mutex mutex_;  // the main thread writes, the server's reads
  FeedSymbols* feed_ = nullptr;
  SymbolReport report_;
};

}  // namespace tidemark
