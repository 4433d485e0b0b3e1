// The symbols of a running instance: which hold, who chose them, and how they are changed while it runs.
//
//     POST ─▶ server's thread: what is asked ─▶ main thread: DIR/symbols, durably ─▶ the feed, from its next minute on
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
  SymbolControl(const RunOptions& options, MainThreadQueue& errands, Journal& journal);

  // What the feed begins with: what was chosen, else what is set up. Once the directory's lock is held.
  Result<SymbolList> open();
  // The feed is open, and can be told others.
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
