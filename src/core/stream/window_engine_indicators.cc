// The steps of a symbol, taken from the panes of its windows (contract/semantics.md §8.1 to §8.3).
#include <string>
#include <string_view>

#include "core/indicator/step.h"
#include "core/stream/window_engine.h"

namespace tidemark {

// The pane before the window's end becomes a step as it stands now. Later changes of the pane change no step.
void WindowEngine::emit_final(std::uint32_t place, PaneIndex end, WindowSink& sink) {
  const Series& series = series_[place];
  if (!computes_indicators_) return emit(series, end, sink);
  push_steps(series, end - 1, end - 1, indicators_[place]);
  emit_state(series, end, &indicators_[place], sink);
}

// A preview: the steps that the open windows up to this one would make. It changes no state.
void WindowEngine::emit_update(std::uint32_t place, PaneIndex end, WindowSink& sink) {
  const Series& series = series_[place];
  if (!computes_indicators_) return emit(series, end, sink);
  IndicatorSeries preview = indicators_[place];
  push_steps(series, closed_for(place), end - 1, preview);
  emit_state(series, end, &preview, sink);
}

void WindowEngine::push_steps(const Series& series, PaneIndex first, PaneIndex last, IndicatorSeries& into) {
  const PaneRun& run = series.run;
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
