// The steps of a symbol, taken from the panes of its windows (contract/semantics.md §8.1 to §8.3).
#include <algorithm>
#include <string>
#include <string_view>

#include "core/indicator/step.h"
#include "core/stream/window_engine.h"

namespace tidemark {
namespace {

// Hands windows on with what a series says after its steps.
class WithIndicators final : public WindowSink {
 public:
  WithIndicators(const IndicatorSeries& series, WindowSink& next) : series_(series), next_(next) {}

  void window(const WindowState& state) override {
    WindowState whole = state;
    whole.indicators = series_.rounded(state.sums.price_places);
    next_.window(whole);
  }

 private:
  const IndicatorSeries& series_;
  WindowSink& next_;
};

}  // namespace

// The pane before the window's end becomes a step as it stands now. Later changes of the pane change no step.
void WindowEngine::emit_final(const Series& series, PaneIndex end, WindowSink& sink) {
  IndicatorSeries& indicators = indicators_of(series);
  push_steps(series, end - 1, end - 1, indicators);
  WithIndicators with(indicators, sink);
  emit(series, end, with);
}

// A preview: the steps that the open windows up to this one would make. It changes no state.
void WindowEngine::emit_update(const Series& series, PaneIndex end, WindowSink& sink) {
  if (!computes_indicators_) return emit(series, end, sink);
  IndicatorSeries preview = indicators_of(series);
  push_steps(series, closed_for(series), end - 1, preview);
  WithIndicators with(preview, sink);
  emit(series, end, with);
}

void WindowEngine::push_steps(const Series& series, PaneIndex first, PaneIndex last, IndicatorSeries& into) {
  if (series.is_in_run == 0) {
    // Behind the ring's last pane, slots would stand for earlier panes.
    for (PaneIndex pane = first; pane <= std::min(last, ring_begin() + rings_.capacity() - 1); ++pane) {
      if ((series.masks.present & rings_.slots_of(pane, 1)) == 0) continue;
      StepBuilder builder(start_of(pane));
      builder.add(rings_.bar(series.place, pane, series.masks), is_crypto(series.symbol, series.masks.feed));
      into.push(builder.step(), anchors_);
    }
    return;
  }
  const PaneRun& run = runs_[series.place];
  for (std::size_t i = 0; i < run.size() && run[i].index() <= last; ++i) {
    if (run[i].index() < first) continue;
    StepBuilder builder(start_of(run[i].index()));
    run[i].for_each_bar([&](const HeldBar& bar) { builder.add(bar, is_crypto(series.symbol, bar.feed)); });
    into.push(builder.step(), anchors_);
  }
}

bool WindowEngine::is_crypto(const SymbolName& symbol, FeedId feed) const {
  if (symbol.text().find('/') != std::string::npos) return true;
  const std::string* const name = feeds_.name(feed);
  return name && name->starts_with("crypto");
}

}  // namespace tidemark
