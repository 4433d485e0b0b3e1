// Inserts rows into the board, removes old ones, and writes its messages.
#include "run/page/board.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/wire/encode.h"

namespace tidemark {
namespace {

constexpr Duration bar_length = std::chrono::minutes(1);

bool replaces(const Trend& row, const KeptTrend& held) {
  if (row.status != held.status()) return row.status == TrendStatus::Final;
  return row.revision > held.revision();
}

// Writes trends with commas between them.
class RowList {
 public:
  explicit RowList(std::string& out) : out_(out) {}
  void add(const Trend& row) {
    if (!std::exchange(first_, false)) out_ += ',';
    append_trend(row, out_);
  }

 private:
  std::string& out_;
  bool first_ = true;
};

// Writes a snapshot: first all rows, then all bars, in messages with at most `most` of both.
class SnapshotMessages {
 public:
  SnapshotMessages(std::string head, std::size_t most, const Board::Send& send)
      : message_(std::move(head)), most_(most), send_(send) {
    message_ += R"(,"trends":[)";
  }
  void add(const Trend& row) {
    begin_one("trends");
    append_trend(row, message_);
  }
  void add(std::string_view symbol, const LiveBarValues& bar) {
    begin_one("bars");
    BarBoard::append_bar(symbol, bar, message_);
  }
  // The current message, to which the caller writes the end of the last one.
  std::string& last() {
    message_ += ']';
    return message_;
  }

 private:
  void begin_one(std::string_view list) {
    if (count_++ == most_) {
      message_ += "]}";
      send_(message_);
      message_ = fmt::format(R"({{"type":"part","{}":[)", list);
      count_ = 1;
    } else if (list != list_) {
      fmt::format_to(std::back_inserter(message_), R"(],"{}":[)", list);
    } else if (message_.back() != '[') {
      message_ += ',';
    }
    list_ = list;
  }

  std::string message_;
  std::size_t most_;
  const Board::Send& send_;
  std::string_view list_ = "trends";  // the list being written
  std::size_t count_ = 0;             // in this message
};

bool matches(const KeptTrend& row, const TrendQuery& query) {
  const EventTime start = row.window().start;
  return (!query.from || start >= *query.from) && (!query.to || start < *query.to) &&
         (!query.status || row.status() == *query.status);
}

struct FoundRow {
  std::string_view symbol;
  const KeptTrend* row;

  EventTime start() const { return row->window().start; }
};

}  // namespace

void Board::restore(const LiveBatch& batch) {
  run_status_.restore(batch);
  for (const Trend& trend : batch.trends) place(trend);
  for (const LiveBar& bar : batch.bars) bars_.place(bar);
}

void Board::add_history(const std::vector<Trend>& trends) {
  for (const Trend& trend : trends) place(trend);
}

void Board::apply(const LiveBatch& batch, EventTime now, const Send& send) {
  run_status_.committed(batch, now);
  std::string message;
  auto trend = batch.trends.begin();
  auto bar = batch.bars.begin();
  while (trend != batch.trends.end() || bar != batch.bars.end()) {
    message.clear();
    fmt::format_to(std::back_inserter(message), R"({{"type":"trends","sequence":{},"trends":[)", sequence_ + 1);
    RowList list(message);
    std::size_t rows = 0;
    for (; trend != batch.trends.end() && rows < options_.rows_in_message; ++trend) {
      if (!place(*trend)) continue;
      list.add(*trend);
      ++rows;
    }
    message += ']';
    std::size_t bars = 0;
    for (; bar != batch.bars.end() && bars < options_.rows_in_message; ++bar) {
      if (!bars_.place(*bar)) continue;
      message += bars++ == 0 ? R"(,"bars":[)" : ",";
      BarBoard::append_bar(bar->symbol, bar->values, message);
    }
    if (bars > 0) message += ']';
    if (rows + bars == 0) continue;
    ++sequence_;
    message += '}';
    send(message);
  }
}

void Board::apply_silently(const LiveBatch& batch, EventTime now) {
  run_status_.committed(batch, now);
  bool changed = false;
  for (const Trend& trend : batch.trends) changed |= place(trend);
  for (const LiveBar& bar : batch.bars) changed |= bars_.place(bar);
  if (changed) ++sequence_;
}

std::size_t Board::windows_per_symbol() const {
  const std::size_t share = options_.rows_in_all / std::max<std::size_t>(1, symbols_.size());
  return std::clamp<std::size_t>(share, 1, options_.windows_per_symbol);
}

// Rows come sorted by symbol, so the next row usually belongs to the next symbol, which needs no lookup.
Board::Rows& Board::rows_of(const std::string& symbol) {
  if (last_placed_ != symbols_.end()) ++last_placed_;
  if (last_placed_ == symbols_.end() || last_placed_->first != symbol)
    last_placed_ = symbols_.try_emplace(symbol).first;
  return last_placed_->second;
}

// True if the row is now on the board and was not before.
bool Board::place(const Trend& trend) {
  Rows& rows = rows_of(trend.symbol);
  auto at = rows.end();  // new rows belong at the end or a few before it
  while (at != rows.begin() && std::prev(at)->window().start >= trend.window.start) --at;
  if (at != rows.end() && at->window().start == trend.window.start) {
    if (!replaces(trend, *at)) return false;
    *at = KeptTrend(trend);
    return true;
  }
  const std::size_t most = windows_per_symbol();
  if (at == rows.begin() && rows.size() >= most) return false;  // older than all that are kept
  rows.emplace(at, trend);
  ++rows_;
  trim(rows, most);
  if (rows_ > options_.rows_in_all) {  // a new symbol has reduced the share of each
    for (auto& [symbol, others] : symbols_) trim(others, most);
  }
  return true;
}

void Board::trim(Rows& rows, std::size_t most) {
  while (rows.size() > most) {
    rows.pop_front();
    --rows_;
  }
}

// The newest window that the symbol's bars have filled to its end; before there is one, the window that will be filled
// first. A window begins with a bar, so without bars the start of the newest window stands for the newest bar.
Board::Now Board::now_of(std::string_view symbol, const Rows& rows) const {
  const EventTime filled = bars_.newest(symbol).value_or(rows.back().window().start) + bar_length;
  for (std::size_t row = rows.size(); row-- > 0;) {
    if (rows[row].window().end <= filled) return {.row = row, .is_forming = false};
  }
  return {.row = 0, .is_forming = true};
}

// How many rows show a symbol's current state: the one that stands for it and its newest final, whichever is earlier,
// and all after it.
std::size_t Board::rows_now(std::string_view symbol, const Rows& rows) const {
  std::size_t count = 0;
  while (count < rows.size() && rows[rows.size() - 1 - count].status() == TrendStatus::Update) ++count;
  return std::max(std::min(count + 1, rows.size()), rows.size() - now_of(symbol, rows).row);
}

void Board::snapshot(const SnapshotRequest& wanted, const FeedStatus& feed, EventTime now, const Send& send) const {
  std::vector<std::string_view> asked(wanted.symbols.begin(), wanted.symbols.end());
  std::sort(asked.begin(), asked.end());
  const std::size_t asked_count = asked.empty() ? symbols_.size() : asked.size();
  const std::size_t share = options_.rows_in_snapshot / std::max<std::size_t>(1, asked_count);
  const std::size_t history = std::max<std::size_t>(1, std::min(wanted.history, share));
  const std::size_t others =
      std::max<std::size_t>(1, options_.rows_in_snapshot / std::max<std::size_t>(1, symbols_.size()));

  std::string frame = R"({"type":"snapshot","epoch":)";
  append_json_string(options_.epoch, frame);
  fmt::format_to(std::back_inserter(frame), R"(,"sequence":{},"symbols":[)", sequence_);
  for (bool first = true; const auto& [symbol, rows] : symbols_) {
    if (!std::exchange(first, false)) frame += ',';
    append_json_string(symbol, frame);
  }
  frame += ']';
  SnapshotMessages messages(std::move(frame), wanted.in_parts ? options_.rows_in_message : SIZE_MAX, send);
  for (const auto& [symbol, rows] : symbols_) {
    const bool whole = asked.empty() || std::binary_search(asked.begin(), asked.end(), symbol);
    const std::size_t shown = std::min(whole ? history : others, whole ? rows.size() : rows_now(symbol, rows));
    for (std::size_t row = rows.size() - shown; row < rows.size(); ++row) messages.add(rows[row].trend(symbol));
  }
  bars_.show_newest(options_.bars_per_symbol_in_snapshot, options_.bars_in_snapshot,
                    [&](std::string_view symbol, const LiveBarValues& bar) { messages.add(symbol, bar); });
  std::string& last = messages.last();
  last += R"(,"status":)";
  run_status_.append_status(feed, symbols_.size(), now, last);
  last += '}';
  send(last);
}

std::string Board::resumed_frame(const FeedStatus& feed, std::int64_t sequence, EventTime now) const {
  std::string frame = R"({"type":"resumed","epoch":)";
  append_json_string(options_.epoch, frame);
  fmt::format_to(std::back_inserter(frame), R"(,"sequence":{},"status":)", sequence);
  run_status_.append_status(feed, symbols_.size(), now, frame);
  frame += '}';
  return frame;
}

std::string Board::status_frame(const FeedStatus& feed, EventTime now) const {
  std::string frame = R"({"type":"status","status":)";
  run_status_.append_status(feed, symbols_.size(), now, frame);
  frame += '}';
  return frame;
}

std::string Board::status(const FeedStatus& feed, EventTime now) const {
  std::string json;
  run_status_.append_status(feed, symbols_.size(), now, json);
  return json;
}

std::string Board::symbols(std::size_t limit) const {
  std::string json = R"({"symbols":[)";
  for (bool first = true; const auto& [symbol, rows] : symbols_) {
    if (limit-- == 0) break;
    json += std::exchange(first, false) ? R"({"symbol":)" : R"(,{"symbol":)";
    append_json_string(symbol, json);
    json += R"(,"trend":)";
    const Now now = now_of(symbol, rows);
    append_trend(rows[now.row].trend(symbol), json);
    json += now.is_forming ? R"(,"forming":true})" : R"(,"forming":false})";
  }
  json += "]}";
  return json;
}

std::string Board::trends(const TrendQuery& query) const {
  std::vector<FoundRow> found;  // by symbol, then window
  const auto collect = [&](std::string_view symbol, const Rows& rows) {
    for (const KeptTrend& row : rows) {
      if (matches(row, query)) found.push_back({symbol, &row});
    }
  };
  if (query.symbol.empty()) {
    for (const auto& [symbol, rows] : symbols_) collect(symbol, rows);
  } else if (const auto one = symbols_.find(query.symbol); one != symbols_.end()) {
    collect(one->first, one->second);
  }
  if (found.size() > query.limit) {
    const auto newest_first = [](const FoundRow& a, const FoundRow& b) {
      return a.start() != b.start() ? a.start() > b.start() : a.symbol < b.symbol;
    };
    std::sort(found.begin(), found.end(), newest_first);
    found.resize(query.limit);
    std::sort(found.begin(), found.end(), [](const FoundRow& a, const FoundRow& b) {
      return a.symbol != b.symbol ? a.symbol < b.symbol : a.start() < b.start();
    });
  }
  std::string json = R"({"trends":[)";
  RowList list(json);
  for (const FoundRow& one : found) list.add(one.row->trend(one.symbol));
  json += "]}";
  return json;
}

}  // namespace tidemark
