#include "core/stream/window_engine.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/check.h"

namespace tidemark {

namespace {

// How many consecutive panes are open at most, while bars are observed before they are counted.
std::int64_t most_open_panes(const WindowSpec& spec) {
  return spec.size / spec.slide + (spec.delay + spec.slide - Duration{1}) / spec.slide + 1;
}

}  // namespace

WindowEngine::WindowEngine(const WindowSpec& spec, std::int64_t most_ring_panes)
    : spec_(spec),
      panes_per_window_(spec.size / spec.slide),
      watermark_(spec.delay),
      panes_per_nano_(1 / static_cast<double>(spec.slide.count())),
      rings_(most_open_panes(spec), most_ring_panes) {
  CHECK(spec.is_valid());
}

void WindowEngine::observe(EventTime time, WindowSink& closed) {
  watermark_.observe(time);
  if (time >= closes_next_) close_through(pane_of(*watermark_.time()), closed);
}

Verdict WindowEngine::count(const Bar& bar) {
  const PaneIndex pane = pane_of(bar.values.time);
  const PaneIndex last = pane + panes_per_window_;  // end of the last window that holds it
  if (last <= closed_through_) return Verdict::Late;
  const SymbolName symbol(bar.symbol);
  std::uint32_t place = find_series(symbol);
  // Windows above the watermark can have given their final only after a lowering.
  if (last <= most_final_ && last <= (place == SymbolTable::none ? unknown_final_ : series_[place].final_through))
    return Verdict::Late;
  if (place == SymbolTable::none) place = add_series(symbol);
  const FeedId feed = feeds_.id(bar.feed);
  std::optional<Verdict> verdict;
  if (series_[place].is_in_run == 0) verdict = count_in_ring(place, pane, bar, feed);
  if (!verdict) verdict = count_in_run(place, pane, bar, feed);
  if (*verdict != Verdict::Duplicate && tracks_changes_) note_change({pane, place});
  if (feeds_.size() > most_feeds_) forget_unused_feeds();
  return *verdict;
}

std::optional<Verdict> WindowEngine::count_in_ring(std::uint32_t place, PaneIndex pane, const Bar& bar, FeedId feed) {
  if (pane < ring_begin() || pane - ring_begin() >= rings_.capacity() || !is_ordinary(bar.values)) return std::nullopt;
  Series& series = series_[place];
  RingMasks& masks = series.masks;
  if (masks.present == 0) {
    if (series.final_through > closed_through_) return std::nullopt;  // windows that are open give no final
    series.place = rings_.take() & INT32_MAX;
    masks.feed = feed;
    order_.push_back(place);
  } else if (masks.feed != feed) {
    return std::nullopt;
  } else if ((masks.present & rings_.slots_of(pane, 1)) != 0) {
    const bool is_same = static_cast<const BarValues&>(rings_.bar(series.place, pane, masks)) == bar.values;
    return is_same ? std::optional(Verdict::Duplicate) : std::nullopt;
  }
  rings_.put(series.place, pane, bar.values, masks);
  return Verdict::Accepted;
}

Verdict WindowEngine::count_in_run(std::uint32_t place, PaneIndex pane, const Bar& bar, FeedId feed) {
  Series& series = series_[place];
  if (!series.has_panes()) {
    begin_run(series);
    order_.push_back(place);
  }
  if (series.is_in_run == 0) move_to_run(series);
  PaneRun& run = runs_[series.place];
  Pane* const known = run.find(pane);
  const std::optional<HeldBar> held = known ? known->find(bar.values.time) : std::nullopt;
  if (held && held->feed == feed && static_cast<const BarValues&>(*held) == bar.values) return Verdict::Duplicate;
  if (!known)
    run.insert(pane, bar.values, feed);
  else if (held)
    known->replace({{bar.values}, feed});
  else
    known->insert({{bar.values}, feed});
  return held ? Verdict::Corrected : Verdict::Accepted;
}

PaneRun& WindowEngine::begin_run(Series& series) {
  if (free_runs_.empty()) {
    free_runs_.push_back(static_cast<std::uint32_t>(runs_.size()));
    runs_.emplace_back();
  }
  series.place = free_runs_.back() & INT32_MAX;
  series.is_in_run = 1;
  free_runs_.pop_back();
  return runs_[series.place];
}

void WindowEngine::end_run(Series& series) {
  free_runs_.push_back(series.place);
  series.is_in_run = 0;
}

void WindowEngine::move_to_run(Series& series) {
  const std::uint32_t ring = series.place;
  PaneRun& run = begin_run(series);
  for_each_ring_pane(series, [&](PaneIndex pane) {
    const HeldBar bar = rings_.bar(ring, pane, series.masks);
    run.insert(pane, bar, bar.feed);
  });
  series.masks.present = 0;
  rings_.give_back(ring);
}

void WindowEngine::move_to_ring_if_possible(Series& series) {
  PaneRun& run = runs_[series.place];
  const PaneIndex begin = ring_begin();
  if (series.final_through > closed_through_ || run.oldest().index() < begin ||
      run.newest() - begin >= rings_.capacity())
    return;
  const auto feed = run.oldest().ordinary_feed();
  for (std::size_t i = 0; i < run.size(); ++i)
    if (!feed || run[i].revision() != 1 || run[i].ordinary_feed() != feed) return;
  const std::uint32_t ring = rings_.take();
  series.masks.feed = *feed;
  for (; !run.empty(); run.drop_oldest())
    rings_.put(ring, run.oldest().index(), run.oldest().ordinary_bar(), series.masks);
  end_run(series);
  series.place = ring & INT32_MAX;
}

void WindowEngine::lower_watermark(EventTime to) {
  if (!watermark_.lower(to)) return;
  for (const std::uint32_t place : order_)
    if (series_[place].is_in_run == 0) move_to_run(series_[place]);
  set_closed_through(std::min(closed_through_, pane_of(to)));
  if (tracks_changes_) mark_open_windows();
}

void WindowEngine::close_all(WindowSink& closed) {
  PaneIndex last = nothing_closed;
  for (const std::uint32_t place : order_) {
    const Series& series = series_[place];
    const PaneIndex newest =
        series.is_in_run != 0 ? runs_[series.place].newest() : rings_.newest(series.masks.present, ring_begin());
    last = std::max(last, newest + panes_per_window_);
  }
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
  for (const Changed& window : windows) emit(series_[window.series], window.end, changed);
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
    const Series& series = series_[place];
    if (series.is_in_run == 0) {
      for_each_ring_pane(series, [&](PaneIndex pane) { changes_.push_back({pane, place}); });
      continue;
    }
    const PaneRun& run = runs_[series.place];
    for (std::size_t i = 0; i < run.size(); ++i) changes_.push_back({run[i].index(), place});
  }
}

// Bars are seldom in order, so the pane before does not tell it. A division costs five times as much as a product of
// doubles, whose quotient is at most one off: slides are whole seconds, so there are fewer than 2^35 panes.
WindowEngine::PaneIndex WindowEngine::pane_of(EventTime time) const {
  const std::int64_t nanos = nanos_since_epoch(time), slide = spec_.slide.count();
  const auto pane = static_cast<PaneIndex>(static_cast<double>(nanos) * panes_per_nano_);
  const Int128 rest = static_cast<Int128>(nanos) - static_cast<Int128>(pane) * slide;
  return pane - (rest < 0 ? 1 : 0) + (rest >= slide ? 1 : 0);
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
  const std::uint32_t slots = rings_.capacity() == 0 ? 0 : rings_.slots_of(end - panes_per_window_, panes_per_window_);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    prefetch(i, end);
    const std::uint32_t place = order_[i];
    Series& series = series_[place];
    const std::optional<PaneIndex> oldest =
        series.is_in_run != 0 ? close_in_run(series, end, closed) : close_in_ring(series, slots, end, closed);
    if (!oldest) continue;
    next = std::min(next, std::max(*oldest, series.final_through) + 1);
    order_[kept++] = place;
  }
  order_.resize(kept);
  sorted_ = kept;
  return next;
}

// Both return the oldest pane that is left.
std::optional<WindowEngine::PaneIndex> WindowEngine::close_in_ring(Series& series, std::uint32_t slots, PaneIndex end,
                                                                   WindowSink& closed) {
  RingMasks& masks = series.masks;
  if (const std::uint32_t held = masks.present & slots; held != 0) {
    emit_ring(series, held, end, closed);
    gave_final(series, end);
    masks.present &= ~rings_.slots_of(end - panes_per_window_, 1);
  }
  if (masks.present != 0) return rings_.oldest(masks.present, end - panes_per_window_ + 1);
  rings_.give_back(series.place);
  return std::nullopt;
}

std::optional<WindowEngine::PaneIndex> WindowEngine::close_in_run(Series& series, PaneIndex end, WindowSink& closed) {
  PaneRun& run = runs_[series.place];
  if (run.oldest().index() < end && series.final_through < end) {
    emit_run(series, end, closed);
    gave_final(series, end);
    while (!run.empty() && run.oldest().index() + panes_per_window_ <= end) run.drop_oldest();
  }
  if (run.empty()) {
    end_run(series);
    return std::nullopt;
  }
  const PaneIndex oldest = run.oldest().index();
  move_to_ring_if_possible(series);
  return oldest;
}

void WindowEngine::gave_final(Series& series, PaneIndex end) {
  series.final_through = end;
  most_final_ = std::max(most_final_, end);
}

// Symbols in their order are scattered in memory, so this prefetches the ones that come next.
void WindowEngine::prefetch(std::size_t i, PaneIndex end) const {
  constexpr std::size_t series_ahead = 12, panes_ahead = 6;
  if (i + series_ahead < order_.size()) __builtin_prefetch(&series_[order_[i + series_ahead]], 1);
  if (i + panes_ahead >= order_.size()) return;
  const Series& series = series_[order_[i + panes_ahead]];
  if (series.is_in_run != 0)
    runs_[series.place].prefetch_window();
  else
    rings_.prefetch(series.place, end - panes_per_window_, panes_per_window_);
}

// In three steps, since each tells where the next one looks.
void WindowEngine::prefetch(std::span<const Bar* const> bars) const {
  std::array<std::uint64_t, most_prefetched> hashes;
  std::array<std::uint32_t, most_prefetched> places;
  CHECK(bars.size() <= most_prefetched);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    hashes[i] = SymbolName(bars[i]->symbol).hash();
    table_.prefetch(hashes[i]);
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    places[i] = table_.find(hashes[i], [](std::uint32_t) { return true; });  // nearly always the right one
    if (places[i] != SymbolTable::none) __builtin_prefetch(&series_[places[i]], 1);
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (places[i] == SymbolTable::none || !series_[places[i]].has_panes()) continue;
    const Series& series = series_[places[i]];
    if (series.is_in_run != 0)
      runs_[series.place].prefetch_end();
    else
      rings_.prefetch_to_put(series.place, pane_of(bars[i]->values.time));
  }
}

void WindowEngine::emit(const Series& series, PaneIndex end, WindowSink& sink) const {
  if (series.is_in_run != 0) return emit_run(series, end, sink);
  const PaneIndex first = end - panes_per_window_, behind = std::min(end, ring_begin() + rings_.capacity());
  emit_ring(series, series.masks.present & rings_.slots_of(first, behind - first), end, sink);
}

void WindowEngine::emit_ring(const Series& series, std::uint32_t slots, PaneIndex end, WindowSink& sink) const {
  sink.ordinary_window({series.symbol,
                        {start_of(end - panes_per_window_), start_of(end)},
                        rings_.sum(series.place, slots, series.masks),
                        feeds_.name(series.masks.feed)});
}

void WindowEngine::emit_run(const Series& series, PaneIndex end, WindowSink& sink) const {
  const PaneRun& run = runs_[series.place];
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
  WindowState state{series.symbol, window, {}, std::nullopt};
  for (std::size_t i = first; i < run.size() && run[i].index() < end; ++i) run[i].add_to(state.sums);
  if (const std::string* const feed = feeds_.name(state.sums.feed)) state.feed = *feed;
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
  table_.insert(symbol.hash(), place);
  return place;
}

// Bounds the memory for symbols that never come again. The largest of the forgotten ends stands for all of them.
void WindowEngine::forget_idle_symbols() {
  std::vector<bool> is_free(series_.size());
  for (const std::uint32_t place : free_series_) is_free[place] = true;
  for (std::uint32_t place = 0; place < series_.size(); ++place) {
    if (is_free[place] || series_[place].has_panes()) continue;
    unknown_final_ = std::max(unknown_final_, series_[place].final_through);
    table_.erase(series_[place].symbol.hash(), place);
    free_series_.push_back(place);
  }
  // Changes noted for them belong to closed windows, and another symbol will get the index.
  std::erase_if(changes_, [this](const Change& change) { return !series_[change.series].has_panes(); });
}

void WindowEngine::forget_unused_feeds() {
  FeedTable used;
  std::vector<FeedId> new_ids(feeds_.size(), 0);
  const auto is_used = [&](FeedId feed) {
    if (feed != 0) new_ids[feed] = used.id(*feeds_.name(feed));
  };
  const auto for_each_run_pane = [this](const Series& series, auto take) {
    PaneRun& run = runs_[series.place];
    for (std::size_t i = 0; i < run.size(); ++i) take(run[i]);
  };
  for (const std::uint32_t place : order_) {
    if (series_[place].is_in_run == 0)
      is_used(series_[place].masks.feed);
    else
      for_each_run_pane(series_[place],
                        [&](const Pane& pane) { pane.for_each_bar([&](const HeldBar& bar) { is_used(bar.feed); }); });
  }
  for (const std::uint32_t place : order_) {
    if (series_[place].is_in_run == 0)
      series_[place].masks.feed = new_ids[series_[place].masks.feed];
    else
      for_each_run_pane(series_[place], [&](Pane& pane) { pane.renumber_feeds(new_ids); });
  }
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
