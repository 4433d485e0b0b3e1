// Saving and loading the engine's state. Sums are not written, because they follow from the bars.
#include <algorithm>
#include <bit>

#include "core/market/limits.h"
#include "core/stream/snapshot.h"
#include "core/stream/window_engine.h"
#include "core/time/duration_text.h"
#include "core/time/time_limits.h"

namespace tidemark {
namespace {

void save_bar(const HeldBar& bar, const FeedTable& feeds, SnapshotWriter& out) {
  out.time(bar.time);
  for (const Price price : {bar.open, bar.high, bar.low, bar.close}) out.count(price.nanos);
  out.byte(bar.vwap.has_value() ? 1 : 0);
  out.count(bar.vwap.has_value() ? bar.vwap.value().nanos : 0);
  out.count(bar.trade_count.has_value() ? bar.trade_count.value() : -1);
  for (const Decimal number : {bar.volume, bar.price_change, bar.pct_change}) out.wide(number.nanos);
  out.byte(static_cast<std::uint8_t>(bar.direction));
  const std::string* const feed = feeds.name(bar.feed);
  out.byte(feed ? 1 : 0);
  if (feed) out.text(*feed);
}

// Whether the numbers are in the ranges of the contract (§2). Larger ones could overflow later sums.
bool can_be_of_a_bar(const BarValues& bar) {
  return is_price(bar.open.nanos) && is_price(bar.high.nanos) && is_price(bar.low.nanos) && is_price(bar.close.nanos) &&
         is_below(bar.volume.nanos, volume_limit) && is_change(bar.price_change.nanos) &&
         is_change(bar.pct_change.nanos) && (!bar.vwap.has_value() || is_vwap(bar.vwap.value().nanos));
}

void save_run(const PaneRun& run, const FeedTable& feeds, SnapshotWriter& out) {
  out.count(static_cast<std::int64_t>(run.size()));
  for (std::size_t i = 0; i < run.size(); ++i) {
    const Pane& pane = run[i];
    out.count(pane.index());
    out.count(pane.revision());
    out.count(static_cast<std::int64_t>(pane.bar_count()));
    pane.for_each_bar([&](const HeldBar& bar) { save_bar(bar, feeds, out); });
  }
}

HeldBar load_bar(FeedTable& feeds, SnapshotReader& in) {
  HeldBar bar;
  bar.time = in.time();
  for (Price* const price : {&bar.open, &bar.high, &bar.low, &bar.close}) price->nanos = in.count();
  const bool has_vwap = in.byte() == 1;
  const Price vwap{in.count()};
  if (has_vwap) bar.vwap = known_vwap(vwap);
  if (const std::int64_t trades = in.count(); trades >= 0) bar.trade_count = OptionalCount{trades};
  for (Decimal* const number : {&bar.volume, &bar.price_change, &bar.pct_change}) number->nanos = in.wide();
  bar.direction = static_cast<Direction>(std::min<std::uint8_t>(in.byte(), 2));
  if (in.byte() == 1) bar.feed = feeds.id(in.text());
  return bar;
}

std::string describe(const WindowSpec& spec) {
  return "--size " + format_duration(spec.size) + " --slide " + format_duration(spec.slide) + " --delay " +
         format_duration(spec.delay);
}

}  // namespace

void WindowEngine::save(SnapshotWriter& out) const {
  for (const Duration part : {spec_.size, spec_.slide, spec_.delay}) out.count(part.count());
  out.optional_time(watermark_.largest_seen());
  out.count(closed_through_);
  out.count(unknown_final_);
  std::vector<std::uint32_t> known;
  known.reserve(table_.size());
  table_.for_each([&](std::uint32_t place) { known.push_back(place); });
  std::sort(known.begin(), known.end(),
            [this](std::uint32_t a, std::uint32_t b) { return series_[a].symbol < series_[b].symbol; });
  out.count(static_cast<std::int64_t>(known.size()));
  for (const std::uint32_t place : known) {
    out.text(series_[place].symbol.text());
    out.count(series_[place].final_through);
    if (series_[place].is_in_run != 0)
      save_run(runs_[series_[place].place], feeds_, out);
    else
      save_ring(series_[place], out);
  }
}

void WindowEngine::save_ring(const Series& series, SnapshotWriter& out) const {
  out.count(std::popcount(series.masks.present));
  for_each_ring_pane(series, [&](PaneIndex pane) {
    out.count(pane);
    out.count(1);  // revision
    out.count(1);  // bars
    save_bar(rings_.bar(series.place, pane, series.masks), feeds_, out);
  });
}

// More records than a log can hold. So many in each of a window's panes (at most 1,440) can still be added up.
constexpr std::int64_t most_revisions = std::int64_t{1} << 50;

// Whether the pane's start is representable as a time.
bool WindowEngine::can_be_an_end(PaneIndex pane) const {
  return pane <= Duration::max() / spec_.slide && pane >= Duration::min() / spec_.slide;
}

// Trusts nothing: a damaged snapshot with a valid checksum must end in an error, too.
Result<void> WindowEngine::load(SnapshotReader& in) {
  const auto damaged = [] { return std::unexpected(Error::permanent("the snapshot of the windows is damaged")); };
  WindowSpec saved;
  for (Duration* const part : {&saved.size, &saved.slide, &saved.delay}) *part = Duration{in.count()};
  if (!in.ok() || !saved.is_valid()) return damaged();
  if (saved != spec_)
    return std::unexpected(Error::setup("the data were made with " + describe(saved) + ", but " + describe(spec_) +
                                        " is set: use the same windows, or another --data directory"));
  if (const auto largest = in.optional_time()) {
    if (*largest < EventTime::min() + spec_.delay) return damaged();
    watermark_.observe(*largest);
  }
  if (const PaneIndex closed = in.count(); closed != nothing_closed) {
    if (!can_be_an_end(closed)) return damaged();
    set_closed_through(closed);
  }
  // An older program did not store which windows gave a final, so every closed window may have.
  unknown_final_ = in.version() >= 3 ? in.count() : closed_through_;
  if (unknown_final_ != nothing_closed && !can_be_an_end(unknown_final_)) return damaged();
  most_final_ = unknown_final_;
  const std::int64_t symbols = in.count();
  for (std::int64_t i = 0; in.ok() && i < symbols; ++i) {
    const std::string_view symbol = in.text();
    if (!is_symbol_name(symbol)) return damaged();
    const SymbolName name(symbol);
    if (find_series(name) != SymbolTable::none) return damaged();
    const std::uint32_t place = add_series(name);
    if (in.version() >= 3) series_[place].final_through = in.count();
    const PaneIndex final_through = series_[place].final_through;
    const bool has_final = final_through != nothing_closed;
    if (has_final && !can_be_an_end(final_through)) return damaged();
    most_final_ = std::max(most_final_, final_through);
    const std::int64_t panes = in.count();
    if (panes < 0 || (panes == 0 && (!has_final || in.version() < 3))) return damaged();
    if (panes == 0) continue;
    order_.push_back(place);
    PaneRun& run = begin_run(series_[place]);
    for (std::int64_t k = 0; in.ok() && k < panes; ++k) {
      const PaneIndex index = in.count();
      const std::int64_t revision = in.count();
      const std::int64_t bars = in.count();
      if (!run.empty() && index <= run.newest()) return damaged();
      if (bars < 1 || static_cast<std::uint64_t>(bars) > in.bytes_left()) return damaged();
      for (std::int64_t b = 0; in.ok() && b < bars; ++b) {
        const HeldBar bar = load_bar(feeds_, in);
        Pane* const pane = run.find(index);
        if (!is_instant(bar.time) || !can_be_of_a_bar(bar) || pane_of(bar.time) != index ||
            index + panes_per_window_ <= closed_for(place) || (pane && pane->find(bar.time)))
          return damaged();
        if (pane)
          pane->insert(bar);
        else
          run.insert(index, bar, bar.feed);
      }
      if (!in.ok() || revision < bars || revision > most_revisions) return damaged();
      run.find(index)->set_revision(revision);
    }
    if (in.ok()) move_to_ring_if_possible(series_[place]);
  }
  if (!in.ok()) return damaged();
  return {};
}

}  // namespace tidemark
