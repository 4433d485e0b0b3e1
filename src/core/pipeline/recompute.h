// Recompute: the trends of a period, computed again from its bars (contract/semantics.md §6.4).
//
//     begin(symbol) ─▶ its bars in order of time, each instant once ─▶ end       → its trends, by window_start
//
// It uses the engine itself, with no late bars, one symbol at a time: only one symbol's open windows are in memory.
#pragma once

#include <optional>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/stream/window_engine.h"

namespace tidemark {

class TrendSink {
 public:
  virtual ~TrendSink() = default;
  // A final trend and the window it belongs to. Both are valid during the call.
  virtual void trend(const Trend& trend, const WindowState& state) = 0;
};

class Recompute : private WindowSink {
 public:
  // Emits windows that begin in [from, to). The delay of `spec` does not matter.
  Recompute(const WindowSpec& spec, EventTime from, EventTime to, TrendSink& trends);

  void begin();
  void add(const Bar& bar);
  void end();

 private:
  void window(const WindowState& state) override;

  WindowSpec spec_;
  EventTime from_, to_;
  TrendSink& trends_;
  std::optional<WindowEngine> engine_;
  Trend trend_;
};

// The bars that such windows hold lie in [from, to + this).
constexpr Duration recompute_reach(const WindowSpec& spec) { return spec.size - spec.slide; }

}  // namespace tidemark
