// Sliding event-time windows over panes, for one partition (contract/semantics.md §3).
//
//     panes     │ p0 │ p1 │ p2 │ p3 │ p4 │ p5 │        one slide each, sparse
//     windows   └────────── [p0,p5) ──────┘            size / slide panes each
//                    └────────── [p1,p6) ──────┘
//                ▲
//                closed through here: every window that ends here or earlier has been emitted
//
// A window of a symbol is open if its end is above the watermark and above the end of every final that the symbol gave
// (3.2). The second condition only matters after the watermark was lowered. One end per symbol is enough: windows close
// in the order of their ends, and a window that held a bar gave its final when it closed. So no window beyond the
// symbol's last final ever held a bar that is gone, and no identity has to be remembered.
//
// A symbol's panes lie in a ring, or, where they are unusual, in a run (pane_ring.h, pane_run.h). They go to a run at the
// bar that no ring takes, and back to a ring at a close, once a ring can hold all of them.
//
// Pure: time is an argument. One thread. It holds the bars of open windows. For a symbol without open windows it holds
// the end of its last final.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/bar.h"
#include "core/market/symbol_name.h"
#include "core/market/trend.h"
#include "core/result.h"
#include "core/stream/feed_table.h"
#include "core/stream/pane_ring.h"
#include "core/stream/pane_run.h"
#include "core/stream/symbol_table.h"
#include "core/stream/watermark.h"
#include "core/stream/window_spec.h"
#include "core/stream/window_state.h"

namespace tidemark {

class WindowEngine {
 public:
  // spec.is_valid(). With `most_ring_panes` of 0, all panes lie in runs, which changes nothing but the speed.
  explicit WindowEngine(const WindowSpec& spec, std::int64_t most_ring_panes = PaneRings::most_panes);

  // Moves the watermark and closes the windows it passed, by end, then symbol. Call it with every bar's time, before
  // count().
  void observe(EventTime time, WindowSink& closed);
  // Counts a bar in the windows still open, or returns why it changes nothing. Call it after observe().
  Verdict count(const Bar& bar);
  // Cache hint: these bars, at most most_prefetched, will be counted soon.
  static constexpr std::size_t most_prefetched = 32;
  void prefetch(std::span<const Bar* const> bars) const;
  // Lowers the watermark to `to` if it is above. Windows without a final open again, with the bars still held for them.
  void lower_watermark(EventTime to);
  // The end of a bounded input: closes every window that holds bars.
  void close_all(WindowSink& closed);

  // Emits each open window that changed since the last call, by end, then symbol. Off until track_changes() is called.
  void track_changes() { tracks_changes_ = true; }
  void emit_changes(WindowSink& changed);
  void mark_open_windows();  // marks all as changed

  const WindowSpec& spec() const { return spec_; }
  const Watermark& watermark() const { return watermark_; }
  std::size_t open_symbols() const { return order_.size(); }
  std::size_t open_symbols_in_runs() const { return runs_.size() - free_runs_.size(); }
  // How many symbols without open windows are remembered, approximately, with the ends of their last finals (3.2).
  static constexpr std::size_t most_idle_symbols = 262'144;

  // The whole state as bytes, the same for the same history; and back (stream/snapshot.h).
  void save(class SnapshotWriter& out) const;
  Result<void> load(class SnapshotReader& in);

 private:
  using PaneIndex = std::int64_t;  // ⌊time / slide⌋
  static constexpr PaneIndex nothing_closed = INT64_MIN / 2;

  struct alignas(64) Series {  // one cache line
    SymbolName symbol;
    PaneIndex final_through = nothing_closed;  // the end of its last final
    RingMasks masks;                           // of its ring
    std::uint32_t place : 31 = 0;              // of its ring or its run, if it has panes
    std::uint32_t is_in_run : 1 = 0;

    bool has_panes() const { return is_in_run != 0 || masks.present != 0; }
  };
  static_assert(sizeof(Series) == 64);
  struct Change {
    PaneIndex pane;
    std::uint32_t series;
    friend auto operator<=>(const Change&, const Change&) = default;
  };
  static constexpr std::size_t least_changes = 65'536;

  PaneIndex pane_of(EventTime time) const;
  EventTime start_of(PaneIndex pane) const { return EventTime{spec_.slide * pane}; }
  bool can_be_an_end(PaneIndex pane) const;
  void close_through(PaneIndex horizon, WindowSink& closed);
  void set_closed_through(PaneIndex end);
  EventTime time_that_closes(PaneIndex end) const;  // of the window that ends where this pane starts
  PaneIndex close_one(PaneIndex end, WindowSink& closed);
  std::optional<PaneIndex> close_in_ring(Series& series, std::uint32_t slots, PaneIndex end, WindowSink& closed);
  std::optional<PaneIndex> close_in_run(Series& series, PaneIndex end, WindowSink& closed);
  void gave_final(Series& series, PaneIndex end);
  void prefetch(std::size_t i, PaneIndex end) const;
  void emit(const Series& series, PaneIndex end, WindowSink& sink) const;
  void emit_ring(const Series& series, std::uint32_t slots, PaneIndex end, WindowSink& sink) const;
  void emit_run(const Series& series, PaneIndex end, WindowSink& sink) const;

  // The first pane that rings may hold: the oldest one of the next window to close.
  PaneIndex ring_begin() const { return closed_through_ - panes_per_window_ + 1; }
  // What became of the bar; empty if no ring can take it.
  std::optional<Verdict> count_in_ring(std::uint32_t place, PaneIndex pane, const Bar& bar, FeedId feed);
  Verdict count_in_run(std::uint32_t place, PaneIndex pane, const Bar& bar, FeedId feed);
  PaneRun& begin_run(Series& series);
  void end_run(Series& series);
  void move_to_run(Series& series);
  void move_to_ring_if_possible(Series& series);
  void save_ring(const Series& series, class SnapshotWriter& out) const;
  // Calls take(PaneIndex) for each pane, from the oldest to the newest.
  template <typename Take>
  void for_each_ring_pane(const Series& series, Take take) const {
    for (std::int64_t i = 0; i < rings_.capacity(); ++i)
      if ((series.masks.present & rings_.slots_of(ring_begin() + i, 1)) != 0) take(ring_begin() + i);
  }

  std::uint32_t find_series(const SymbolName& symbol) const;
  std::uint32_t add_series(const SymbolName& symbol);
  // The end of the latest window that is closed for this series, as the pane that starts there.
  PaneIndex closed_for(std::uint32_t place) const { return std::max(closed_through_, series_[place].final_through); }
  void forget_idle_symbols();
  void note_change(Change change);
  void forget_unused_feeds();
  void sort_newcomers();

  WindowSpec spec_;
  std::int64_t panes_per_window_;
  Watermark watermark_;
  PaneIndex closed_through_ = nothing_closed;  // end of the latest closed window, as the pane that starts there
  PaneIndex most_final_ = nothing_closed;      // no final ends later
  PaneIndex unknown_final_ = nothing_closed;   // stands for the last final of symbols that are not in the table
  EventTime closes_next_ = EventTime::min();   // the event time that closes another window
  double panes_per_nano_;

  SymbolTable table_;
  std::vector<Series> series_;
  std::vector<std::uint32_t> free_series_;
  PaneRings rings_;
  std::vector<PaneRun> runs_;
  std::vector<std::uint32_t> free_runs_;
  std::vector<std::uint32_t> order_;  // series with panes, by symbol …
  std::size_t sorted_ = 0;            // … up to here; the rest are new
  FeedTable feeds_;
  std::size_t most_feeds_ = 256;  // above it, unused names are dropped

  bool tracks_changes_ = false;
  std::vector<Change> changes_;
  std::size_t most_changes_ = least_changes;  // above it, obsolete changes are dropped
};

}  // namespace tidemark
