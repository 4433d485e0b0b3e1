// Alpaca's stream of bars over a WebSocket: one thread, one connection at a time, TLS where the address says so.
#pragma once

#include <chrono>
#include <memory>

#include "core/result.h"
#include "core/time/time.h"
#include "io/alpaca/account.h"
#include "run/live_feed/bar_stream.h"

namespace tidemark {

struct BarStreamOptions {
  AlpacaAccount account;
  Duration ask_again = std::chrono::seconds(10);  // first wait before signing in again where another one is connected
};

// Error::setup: an address or certificates that are none.
Result<std::unique_ptr<BarStream>> open_bar_stream(const BarStreamOptions& options);

}  // namespace tidemark
