// The board: what the page shows now. For each symbol it holds the newest rows, one per window.
//
//     LiveBatch ──▶ apply ──▶ messages for every client     sequence 18, 19, 20 …
//                     │
//                     └─ rows ──▶ snapshot (for clients that are new or fell behind), REST
//
// A row is identified by (symbol, window_start). A newer row replaces it: a higher revision, or the final after an
// update. An update never replaces a final. Memory is bounded in windows per symbol and in total rows, so with many
// symbols each has a shorter history. Bars have a board of their own.
//
// Pure and single-threaded: once the server has started, only its thread calls the board. The JSON is described in
// docs/api.md.
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
#include "run/page/kept_trend.h"
#include "run/page/run_status.h"

namespace tidemark {

struct BoardOptions {
  std::string epoch;                      // random; tells a client that the sequence started again
  std::size_t windows_per_symbol = 240;   // four hours at a slide of a minute
  std::size_t rows_in_all = 400'000;      // about 135 bytes each
  std::size_t rows_in_snapshot = 25'000;  // about 380 bytes each on the wire
  std::size_t rows_in_message = 500;      // of trends, and of bars: sending starts before the last is written
  std::size_t bars_in_snapshot = 20'000;  // about 75 bytes each on the wire
  std::size_t bars_per_symbol_in_snapshot = 60;
  BarBoardOptions bars = {};
};

struct TrendQuery {
  std::string symbol;                 // empty = all
  std::optional<EventTime> from, to;  // window_start in [from, to)
  std::optional<TrendStatus> status;
  std::size_t limit = 1'000;  // keeps the newest windows
};

struct SnapshotRequest {
  std::vector<std::string> symbols;  // empty = all
  std::size_t history = 240;         // windows of each symbol
  bool in_parts = false;
  bool operator==(const SnapshotRequest&) const = default;
};

class Board {
 public:
  Board(BoardOptions options, RunStatus run_status)
      : options_(std::move(options)), run_status_(std::move(run_status)), bars_(options_.bars) {}

  Board(const Board&) = delete;  // it holds an iterator into its own rows
  Board& operator=(const Board&) = delete;

  // Before the server starts: the final trends at the end of the log (read by decode_trend), and the account and
  // watermark of the restored machine. Affects neither sequence nor speed.
  void restore(const LiveBatch& batch);
  // Older finals, loaded later. They are sent to no one, but are in the next snapshot.
  void add_history(const std::vector<Trend>& trends);

  // Applies what was committed, and passes the messages about it to `send`, for every client. If no row and no bar
  // changed, there are none, and the sequence stays.
  using Send = std::function<void(std::string_view message)>;
  void apply(const LiveBatch& batch, EventTime now, const Send& send);
  // The same without messages, for when no client is connected.
  void apply_silently(const LiveBatch& batch, EventTime now);

  // `history` windows of each of `symbols` (empty = all); of every other symbol the row that stands for it, its newest
  // final, and the windows after the earlier of both. With very many rows, the history is shortened to rows_in_snapshot. Also the newest bars of all symbols.
  // One message, or parts of `rows_in_message` rows and bars, of which the last has the status.
  void snapshot(const SnapshotRequest& wanted, const FeedStatus& feed, EventTime now, const Send& send) const;
  // For a client that reconnects and has everything up to `sequence`. What it missed follows as the others received it.
  std::string resumed_frame(const FeedStatus& feed, std::int64_t sequence, EventTime now) const;
  std::string status_frame(const FeedStatus& feed, EventTime now) const;  // {"type":"status",…}

  std::string status(const FeedStatus& feed, EventTime now) const;
  std::string symbols(std::size_t limit) const;  // the first `limit` of them, each with the row that stands for it
  std::string trends(const TrendQuery& query) const;
  const BarBoard& bars() const { return bars_; }

  RunStatus& run_status() { return run_status_; }
  const RunStatus& run_status() const { return run_status_; }
  const std::string& epoch() const { return options_.epoch; }
  std::int64_t sequence() const { return sequence_; }
  std::size_t symbol_count() const { return symbols_.size(); }
  std::size_t row_count() const { return rows_; }
  std::size_t windows_per_symbol() const;  // depends on the number of symbols

 private:
  using Rows = std::deque<KeptTrend>;  // by window_start
  using Symbols = std::map<std::string, Rows, std::less<>>;

  // The row that stands for a symbol wherever one number of it is shown (docs/api.md, One row for a symbol).
  struct Now {
    std::size_t row;  // its place in `rows`
    bool is_forming;  // no window has been filled to its end yet
  };
  Now now_of(std::string_view symbol, const Rows& rows) const;
  std::size_t rows_now(std::string_view symbol, const Rows& rows) const;
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
