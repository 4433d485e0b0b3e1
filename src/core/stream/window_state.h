// What an engine emits: windows with their sums, and who receives them.
#pragma once

#include <optional>
#include <string>

#include "core/market/indicators.h"
#include "core/market/symbol_name.h"
#include "core/market/trend.h"
#include "core/stream/sums.h"

namespace tidemark {

// The state of a window: all that is needed to publish it.
struct WindowState {
  SymbolName symbol;
  Window window;
  Sums sums;
  std::optional<std::string> feed;  // that all its bars share
  std::optional<Indicators> indicators;  // after the steps up to the window, where they are computed
};

// The same for a window of ordinary bars, which nearly all are: plain words that cost little to hand on.
struct OrdinaryWindow {
  SymbolName symbol;
  Window window;
  OrdinarySums sums;
  const std::string* feed = nullptr;  // that all its bars share; valid during the call that hands the window on

  WindowState widened() const {
    WindowState state{symbol, window, sums.widened(), std::nullopt, std::nullopt};
    if (feed) state.feed = *feed;
    return state;
  }
};

// Receives the windows that an engine emits.
class WindowSink {
 public:
  virtual ~WindowSink() = default;
  virtual void window(const WindowState& state) = 0;
  // For sinks that are to be fast. The others receive every window in one form.
  virtual void ordinary_window(const OrdinaryWindow& ordinary) { window(ordinary.widened()); }
};

}  // namespace tidemark
