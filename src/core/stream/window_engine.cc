#include "core/stream/window_engine.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/check.h"

namespace tidemark {

WindowEngine::WindowEngine(const WindowSpec& spec)
    : spec_(spec), panes_per_window_(spec.size / spec.slide), watermark_(spec.delay), bar_panes_(spec.slide) {
  CHECK(spec.is_valid());
}

void WindowEngine::observe(EventTime time, WindowSink& closed) {
  watermark_.observe(time);
  if (time >= closes_next_) close_through(pane_of(*watermark_.time()), closed);
}

Verdict WindowEngine::count(const Bar& bar) {
  const PaneIndex index = bar_panes_.index_of(bar.values.time);
  const PaneIndex last = index + panes_per_window_;  // end of the last window that holds it
  if (last <= closed_through_) return Verdict::Late;
  const SymbolName symbol(bar.symbol);
  std::uint32_t place = find_series(symbol);
  // Windows above the watermark can have given their final only after a lowering.
  if (last <= most_final_ && last <= (place == SymbolTable::none ? unknown_final_ : series_[place].final_through))
    return Verdict::Late;
  if (place == SymbolTable::none) place = add_series(symbol);
  PaneRun& run = series_[place].run;
  const FeedId feed = feeds_.id(bar.feed);
  Pane* const pane = run.find(index);
  const std::optional<HeldBar> held = pane ? pane->find(bar.values.time) : std::nullopt;
  if (held && held->feed == feed && static_cast<const BarValues&>(*held) == bar.values) return Verdict::Duplicate;
  if (tracks_changes_) note_change({index, place});
  if (run.empty()) order_.push_back(place);
  if (!pane)
    run.insert(index, bar.values, feed);
  else if (held)
    pane->replace({{bar.values}, feed});
  else
    pane->insert({{bar.values}, feed});
  if (feeds_.size() > most_feeds_) forget_unused_feeds();
  return held ? Verdict::Corrected : Verdict::Accepted;
}

void WindowEngine::lower_watermark(EventTime to) {
  if (!watermark_.lower(to)) return;
  set_closed_through(std::min(closed_through_, pane_of(to)));
  if (tracks_changes_) mark_open_windows();
}

void WindowEngine::close_all(WindowSink& closed) {
  PaneIndex last = nothing_closed;
  for (const std::uint32_t place : order_) last = std::max(last, series_[place].run.newest() + panes_per_window_);
  if (last == nothing_closed) return;
  watermark_.observe(time_that_closes(last));
  close_through(last, closed);
}

// Changes are sorted by symbol while they are few, and by end once each has become its windows: comparing names is
// slow.
void WindowEngine::emit_changes(WindowSink& changed) {
  std::sort(changes_.begin(), changes_.end(), [this](const Change& a, const Change& b) {
    const auto by_symbol = series_[a.series].symbol <=> series_[b.series].symbol;
    return by_symbol != 0 ? by_symbol < 0 : std::tie(a.series, a.pane) < std::tie(b.series, b.pane);
  });
  struct Changed {
    PaneIndex end;
    std::uint32_t series;
  };
  std::vector<Changed> windows;
  windows.reserve(changes_.size() * std::min<std::size_t>(static_cast<std::size_t>(panes_per_window_), 8));
  for (const Change& change : changes_) {
    PaneIndex end = std::max(change.pane, closed_for(change.series)) + 1;
    if (!windows.empty() && windows.back().series == change.series) end = std::max(end, windows.back().end + 1);
    for (; end <= change.pane + panes_per_window_; ++end) windows.push_back({end, change.series});
  }
  changes_.clear();
  std::stable_sort(windows.begin(), windows.end(), [](const Changed& a, const Changed& b) { return a.end < b.end; });
  for (const Changed& window : windows) emit_update(window.series, window.end, changed);
}

// If nobody calls emit_changes() for long, drops duplicates and changes of windows that have closed.
void WindowEngine::note_change(Change change) {
  changes_.push_back(change);
  if (changes_.size() < most_changes_) return;
  std::erase_if(changes_, [this](const Change& old) { return old.pane + panes_per_window_ <= closed_for(old.series); });
  std::ranges::sort(changes_);
  changes_.erase(std::ranges::unique(changes_).begin(), changes_.end());
  most_changes_ = std::max(least_changes, changes_.size() * 2);
}

void WindowEngine::mark_open_windows() {
  for (const std::uint32_t place : order_) {
    const PaneRun& run = series_[place].run;
    for (std::size_t i = 0; i < run.size(); ++i) changes_.push_back({run[i].index(), place});
  }
}

WindowEngine::PaneIndex WindowEngine::pane_of(EventTime time) const {
  return floor_to(time, spec_.slide).time_since_epoch() / spec_.slide;
}

void WindowEngine::close_through(PaneIndex horizon, WindowSink& closed) {
  sort_newcomers();
  PaneIndex end = closed_through_ + 1;
  while (!order_.empty() && end <= horizon) {
    closed_through_ = end;
    end = std::max(end + 1, close_one(end, closed));
  }
  set_closed_through(horizon);
  if (table_.size() - order_.size() > most_idle_symbols) forget_idle_symbols();
}

void WindowEngine::set_closed_through(PaneIndex end) {
  closed_through_ = end;
  closes_next_ = time_that_closes(end + 1);
}

// The last windows of the contract's years would need a time that 64 bits cannot hold. The latest time stands for it.
EventTime WindowEngine::time_that_closes(PaneIndex end) const {
  const Int128 nanos = static_cast<Int128>(end) * spec_.slide.count() + spec_.delay.count();
  return event_time_from_nanos(static_cast<std::int64_t>(std::min<Int128>(nanos, INT64_MAX)));
}

// Emits the windows that end here, by symbol, and drops the panes that no later window needs. Returns the end of the
// next window that can hold a bar.
WindowEngine::PaneIndex WindowEngine::close_one(PaneIndex end, WindowSink& closed) {
  PaneIndex next = INT64_MAX;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    prefetch(i);
    const std::uint32_t place = order_[i];
    Series& series = series_[place];
    PaneRun& run = series.run;
    if (run.oldest().index() < end && series.final_through < end) {
      emit_final(place, end, closed);
      series.final_through = end;
      most_final_ = std::max(most_final_, end);
      while (!run.empty() && run.oldest().index() + panes_per_window_ <= end) run.drop_oldest();
    }
    if (run.empty()) continue;
    next = std::min(next, std::max(run.oldest().index(), series.final_through) + 1);
    order_[kept++] = place;
  }
  order_.resize(kept);
  sorted_ = kept;
  return next;
}

// Symbols in their order are scattered in memory, so this prefetches the ones that come next.
void WindowEngine::prefetch(std::size_t i) const {
  constexpr std::size_t series_ahead = 12, panes_ahead = 6;
  if (i + series_ahead < order_.size()) __builtin_prefetch(&series_[order_[i + series_ahead]], 1);
  if (i + panes_ahead < order_.size()) series_[order_[i + panes_ahead]].run.prefetch_window();
}

// In three steps, since each tells where the next one looks.
void WindowEngine::prefetch(std::span<const std::string_view> symbols) const {
  std::array<std::uint64_t, most_prefetched> hashes;
  std::array<std::uint32_t, most_prefetched> places;
  CHECK(symbols.size() <= most_prefetched);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    hashes[i] = SymbolName(symbols[i]).hash();
    table_.prefetch(hashes[i]);
  }
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    places[i] = table_.find(hashes[i], [](std::uint32_t) { return true; });  // nearly always the right one
    if (places[i] != SymbolTable::none) __builtin_prefetch(&series_[places[i]], 1);
  }
  for (std::size_t i = 0; i < symbols.size(); ++i)
    if (places[i] != SymbolTable::none) series_[places[i]].run.prefetch_end();
}

void WindowEngine::emit(const Series& series, PaneIndex end, WindowSink& sink) const {
  const PaneRun& run = series.run;
  const Window window{start_of(end - panes_per_window_), start_of(end)};
  std::size_t first = 0;
  while (run[first].index() < end - panes_per_window_) ++first;  // only when updates are emitted
  OrdinaryWindow ordinary{series.symbol, window, {}, nullptr};
  bool all_ordinary = run.size() <= OrdinarySums::most_bars;
  for (std::size_t i = first; all_ordinary && i < run.size() && run[i].index() < end; ++i) {
    all_ordinary = run[i].is_ordinary();
    run[i].add_to(ordinary.sums);  // wasted if the pane is a crowd
  }
  if (all_ordinary) {
    ordinary.feed = ordinary.sums.is_mixed ? nullptr : feeds_.name(ordinary.sums.feed);
    return sink.ordinary_window(ordinary);
  }
  emit_state(series, end, nullptr, sink);
}

void WindowEngine::emit_state(const Series& series, PaneIndex end, const IndicatorSeries* indicators,
                              WindowSink& sink) const {
  const PaneRun& run = series.run;
  WindowState state{series.symbol, {start_of(end - panes_per_window_), start_of(end)}, {}, std::nullopt, std::nullopt};
  for (std::size_t i = 0; i < run.size() && run[i].index() < end; ++i)
    if (run[i].index() >= end - panes_per_window_) run[i].add_to(state.sums);
  if (const std::string* const feed = feeds_.name(state.sums.feed)) state.feed = *feed;
  if (indicators) state.indicators = indicators->rounded(state.sums.price_places);
  sink.window(state);
}

std::uint32_t WindowEngine::find_series(const SymbolName& symbol) const {
  return table_.find(symbol.hash(), [&](std::uint32_t place) { return series_[place].symbol == symbol; });
}

std::uint32_t WindowEngine::add_series(const SymbolName& symbol) {
  if (free_series_.empty()) {
    free_series_.push_back(static_cast<std::uint32_t>(series_.size()));
    series_.emplace_back();
  }
  const std::uint32_t place = free_series_.back();
  free_series_.pop_back();
  series_[place].symbol = symbol;
  series_[place].final_through = unknown_final_;
  if (computes_indicators_) {
    indicators_.resize(series_.size());
    indicators_[place] = {};
  }
  table_.insert(symbol.hash(), place);
  return place;
}

// Bounds the memory for symbols that never come again. The largest of the forgotten ends stands for all of them.
void WindowEngine::forget_idle_symbols() {
  std::vector<bool> is_free(series_.size());
  for (const std::uint32_t place : free_series_) is_free[place] = true;
  for (std::uint32_t place = 0; place < series_.size(); ++place) {
    if (is_free[place] || !series_[place].run.empty()) continue;
    unknown_final_ = std::max(unknown_final_, series_[place].final_through);
    table_.erase(series_[place].symbol.hash(), place);
    free_series_.push_back(place);
  }
  // Changes noted for them belong to closed windows, and another symbol will get the index.
  std::erase_if(changes_, [this](const Change& change) { return series_[change.series].run.empty(); });
}

void WindowEngine::forget_unused_feeds() {
  FeedTable used;
  std::vector<FeedId> new_ids(feeds_.size(), 0);
  const auto for_each_pane = [this](auto take) {
    for (const std::uint32_t place : order_)
      for (std::size_t i = 0; i < series_[place].run.size(); ++i) take(series_[place].run[i]);
  };
  for_each_pane([&](const Pane& pane) {
    pane.for_each_bar([&](const HeldBar& bar) {
      if (bar.feed != 0) new_ids[bar.feed] = used.id(*feeds_.name(bar.feed));
    });
  });
  for_each_pane([&](Pane& pane) { pane.renumber_feeds(new_ids); });
  feeds_ = std::move(used);
  most_feeds_ = std::max<std::size_t>(256, feeds_.size() * 2);
}

void WindowEngine::sort_newcomers() {
  if (sorted_ == order_.size()) return;
  const auto by_symbol = [this](std::uint32_t a, std::uint32_t b) { return series_[a].symbol < series_[b].symbol; };
  const auto newcomers = order_.begin() + static_cast<std::ptrdiff_t>(sorted_);
  std::sort(newcomers, order_.end(), by_symbol);
  std::inplace_merge(order_.begin(), newcomers, order_.end(), by_symbol);
  sorted_ = order_.size();
}

}  // namespace tidemark
