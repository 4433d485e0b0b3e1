#include "core/stream/window_engine.h"

#include <algorithm>
#include <tuple>

#include "core/check.h"

namespace tidemark {

WindowEngine::WindowEngine(const WindowSpec& spec)
    : spec_(spec), panes_per_window_(spec.size / spec.slide), watermark_(spec.delay) {
  CHECK(spec.is_valid());
}

void WindowEngine::observe(EventTime time, WindowSink& closed) {
  watermark_.observe(time);
  const PaneIndex horizon = pane_of(*watermark_.time());
  if (horizon > closed_through_) close_through(horizon, closed);
}

Verdict WindowEngine::count(const Bar& bar) {
  const PaneIndex index = pane_of(bar.values.time);
  if (index + panes_per_window_ <= closed_through_) return Verdict::Late;
  const std::uint32_t place = series_of(SymbolName(bar.symbol));
  Pane& pane = pane_at(series_[place], index);
  if (feeds_.size() > most_feeds_) forget_unused_feeds();
  const HeldBar held{{bar.values}, feeds_.id(bar.feed)};
  const HeldBar* const before = pane.find(held.time);
  if (before && static_cast<const BarValues&>(*before) == held && before->feed == held.feed) return Verdict::Duplicate;
  if (tracks_changes_) changes_.push_back({index, place});
  if (before) {
    pane.replace(held);
    return Verdict::Corrected;
  }
  pane.insert(held);
  return Verdict::Accepted;
}

void WindowEngine::close_all(WindowSink& closed) {
  PaneIndex last = nothing_closed;
  for (const std::uint32_t place : order_) last = std::max(last, series_[place].panes.back().index + panes_per_window_);
  if (last == nothing_closed) return;
  watermark_.observe(start_of(last) + spec_.delay);
  close_through(last, closed);
}

void WindowEngine::tell_changes(WindowSink& changed) {
  struct Changed {
    PaneIndex end;
    std::uint32_t series;
  };
  std::vector<Changed> windows;
  for (const Change& change : changes_) {
    const PaneIndex last = change.pane + panes_per_window_;
    for (PaneIndex end = std::max(change.pane, closed_through_) + 1; end <= last; ++end)
      windows.push_back({end, change.series});
  }
  changes_.clear();
  const auto key = [this](const Changed& w) { return std::tuple(w.end, series_[w.series].symbol); };
  std::sort(windows.begin(), windows.end(), [&](const Changed& a, const Changed& b) { return key(a) < key(b); });
  WindowState state;
  const Changed* told = nullptr;
  for (const Changed& window : windows) {
    if (told && told->end == window.end && told->series == window.series) continue;
    told = &window;
    merge_window(series_[window.series], window.end, state);
    changed.window(state);
  }
}

void WindowEngine::mark_open_windows() {
  for (const std::uint32_t place : order_)
    for (const OpenPane& open : series_[place].panes) changes_.push_back({open.index, place});
}

WindowEngine::PaneIndex WindowEngine::pane_of(EventTime time) const {
  const std::int64_t since = nanos_since_epoch(time), slide = spec_.slide.count();
  return since / slide - (since % slide < 0 ? 1 : 0);
}

void WindowEngine::close_through(PaneIndex horizon, WindowSink& closed) {
  sort_newcomers();
  PaneIndex end = closed_through_ + 1;
  while (!order_.empty() && end <= horizon) {
    closed_through_ = end;
    end = std::max(end + 1, close_one(end, closed));
  }
  closed_through_ = horizon;
}

// Emits the windows that end here, by symbol, and lets go of the panes that no later window needs. Returns the
// end of the next window that can hold a bar.
WindowEngine::PaneIndex WindowEngine::close_one(PaneIndex end, WindowSink& closed) {
  WindowState state;
  PaneIndex next = INT64_MAX;
  std::size_t kept = 0;
  for (const std::uint32_t place : order_) {
    Series& series = series_[place];
    if (series.panes.front().index < end) {
      merge_window(series, end, state);
      closed.window(state);
      while (!series.panes.empty() && series.panes.front().index + panes_per_window_ <= end) drop_oldest_pane(series);
    }
    if (series.panes.empty()) {
      table_.erase(series.symbol);
      free_series_.push_back(place);
      continue;
    }
    next = std::min(next, series.panes.front().index + 1);
    order_[kept++] = place;
  }
  order_.resize(kept);
  sorted_ = kept;
  return next;
}

void WindowEngine::merge_window(const Series& series, PaneIndex end, WindowState& state) const {
  state.symbol = series.symbol;
  state.window = {start_of(end - panes_per_window_), start_of(end)};
  state.sums = Sums{};
  for (const OpenPane& open : series.panes) {
    if (open.index >= end) break;
    if (open.index >= end - panes_per_window_) state.sums.merge(open.pane->sums());
  }
  state.feed = feeds_.name(state.sums.feed);
}

std::uint32_t WindowEngine::series_of(const SymbolName& symbol) {
  if (const std::uint32_t place = table_.find(symbol); place != SymbolTable::none) return place;
  if (free_series_.empty()) {
    free_series_.push_back(static_cast<std::uint32_t>(series_.size()));
    series_.emplace_back();
  }
  const std::uint32_t place = free_series_.back();
  free_series_.pop_back();
  series_[place].symbol = symbol;
  table_.insert(symbol, place);
  order_.push_back(place);
  return place;
}

Pane& WindowEngine::pane_at(Series& series, PaneIndex index) {
  std::vector<OpenPane>& panes = series.panes;
  std::size_t i = panes.size();
  while (i > 0 && panes[i - 1].index > index) --i;
  if (i > 0 && panes[i - 1].index == index) return *panes[i - 1].pane;
  const auto at = panes.begin() + static_cast<std::ptrdiff_t>(i);
  return *panes.insert(at, OpenPane{index, fresh_pane()})->pane;
}

std::unique_ptr<Pane> WindowEngine::fresh_pane() {
  if (free_panes_.empty()) return std::make_unique<Pane>();
  std::unique_ptr<Pane> pane = std::move(free_panes_.back());
  free_panes_.pop_back();
  return pane;
}

void WindowEngine::drop_oldest_pane(Series& series) {
  std::unique_ptr<Pane>& pane = series.panes.front().pane;
  pane->clear();
  free_panes_.push_back(std::move(pane));
  series.panes.erase(series.panes.begin());
}

void WindowEngine::forget_unused_feeds() {
  FeedTable used;
  std::vector<FeedId> new_ids(feeds_.size(), 0);
  for (const std::uint32_t place : order_)
    for (const OpenPane& open : series_[place].panes)
      for (const HeldBar& bar : open.pane->bars()) new_ids[bar.feed] = used.id(feeds_.name(bar.feed));
  for (const std::uint32_t place : order_)
    for (const OpenPane& open : series_[place].panes) open.pane->renumber_feeds(new_ids);
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
