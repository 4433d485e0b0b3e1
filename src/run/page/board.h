// The board: what the page shows now. Per symbol the newest rows, one for each window.
//
//     LiveBatch ──▶ apply ──▶ messages for every client     sequence 18, 19, 20 …
//                     │
//                     └─ rows ──▶ snapshot (who comes new or fell behind), REST
//
// A row is known by (symbol, window_start). A newer one replaces it: a higher revision, or the
// final after an update; an update never replaces a final. Memory is bounded in windows per symbol
// and in rows in all, so that many symbols have a shorter past each. Bars have a board of their own.
//
// Pure and on one thread: the server owns the only one that calls it once it has started. The JSON
// is that of docs/api.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/trend.h"
#include "run/interfaces/live.h"
#include "run/page/bar_board.h"
#include "run/page/run_status.h"

namespace tidemark {

struct BoardOptions {
  std::string epoch;                      // random; tells a client that the sequence began anew
  std::size_t windows_per_symbol = 240;   // four hours at a slide of a minute
  std::size_t rows_in_all = 400'000;      // about 270 bytes each
  std::size_t rows_in_snapshot = 25'000;  // about 380 bytes each on the wire
  std::size_t rows_in_message = 500;  // of trends, and of bars: the first are on their way while the last are written
  std::size_t bars_in_snapshot = 20'000;  // about 75 bytes each on the wire
  std::size_t bars_per_symbol_in_snapshot = 60;
  BarBoardOptions bars = {};
};

struct TrendQuery {
  std::string symbol;                 // empty = all
  std::optional<EventTime> from, to;  // window_start in [from, to)
  std::optional<TrendStatus> status;
  std::size_t limit = 1'000;  // the newest windows stay
};

struct SnapshotWish {
  std::vector<std::string> symbols;  // empty = all
  std::size_t history = 240;         // windows of each of them
  bool in_parts = false;
  bool operator==(const SnapshotWish&) const = default;
};

class Board {
 public:
  Board(BoardOptions options, RunStatus run_status)
      : options_(std::move(options)), run_status_(std::move(run_status)), bars_(options_.bars) {}

  // At the start, before the server starts: the final trends at the end of the log (decoded by
  // decode_trend), and the account and watermark the machine was restored with. No sequence, no
  // speed.
  void restore(const LiveBatch& batch);
  // Older finals, later. Nobody is told: they are in the next snapshot.
  void add_history(const std::vector<Trend>& trends);

  // Takes what was committed, and hands on the messages that tell it to every client: none when no row and no bar
  // changed (then the sequence stays).
  using Tell = std::function<void(std::string_view message)>;
  void apply(const LiveBatch& batch, EventTime now, const Tell& tell);
  // The same without messages, for when nobody listens.
  void apply_unheard(const LiveBatch& batch, EventTime now);

  // `history` windows of each of `symbols` (empty = all); of every other symbol its newest final and the
  // windows still open behind it.
  // With very many rows the history is shortened to rows_in_snapshot. And the newest bars of all. In one message, or in
  // parts of `rows_in_message` rows and bars, of which the last has the status.
  void snapshot(const SnapshotWish& wish, const FeedStatus& feed, EventTime now, const Tell& tell) const;
  // To who comes back and has heard all up to `sequence`: what he missed follows as it was told to the others.
  std::string resumed_frame(const FeedStatus& feed, std::int64_t sequence, EventTime now) const;
  std::string status_frame(const FeedStatus& feed, EventTime now) const;  // {"type":"status",…}

  std::string status(const FeedStatus& feed, EventTime now) const;
  std::string symbols(std::size_t limit) const;  // the first of them
  std::string trends(const TrendQuery& query) const;
  const BarBoard& bars() const { return bars_; }

  RunStatus& run_status() { return run_status_; }
  const RunStatus& run_status() const { return run_status_; }
  const std::string& epoch() const { return options_.epoch; }
  std::int64_t sequence() const { return sequence_; }
  std::size_t symbol_count() const { return symbols_.size(); }
  std::size_t row_count() const { return rows_; }
  std::size_t windows_per_symbol() const;  // as the number of symbols allows now

 private:
  using Rows = std::deque<Trend>;  // by window_start
  using Symbols = std::map<std::string, Rows, std::less<>>;

  static std::size_t rows_now(const Rows& rows);
  Rows& rows_of(const std::string& symbol);
  bool place(const Trend& trend);
  void trim(Rows& rows, std::size_t most);

  BoardOptions options_;
  RunStatus run_status_;
  BarBoard bars_;
  Symbols symbols_;
  Symbols::iterator last_placed_ = symbols_.end();
  std::size_t rows_ = 0;
  std::int64_t sequence_ = 0;
};

}  // namespace tidemark
