#include "app/live/page_history.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/process/signals.h"
#include "core/wire/decode.h"

namespace tidemark {
namespace {

constexpr std::size_t first_rows = 20'000;
constexpr std::size_t rows_at_once = 4'096;

std::vector<Trend> decode_trends(const Batch& rows) {
  std::vector<Trend> trends;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (auto trend = decode_trend(rows[i].value)) trends.push_back(std::move(*trend));
  return trends;
}

std::vector<LiveBar> decode_bars(const Batch& rows) {
  std::vector<LiveBar> bars;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (auto bar = decode_judged_bar(rows[i].value)) bars.push_back(live_bar(std::move(bar->symbol), bar->values));
  return bars;
}

}  // namespace

Result<void> PageHistory::restore(Log& log, Board& board) {
  const auto newest = log.tail(Topic::Trends, first_rows);
  if (!newest) return std::unexpected(newest.error());
  const auto newest_bars = log.tail(Topic::JudgedBars, first_rows);
  if (!newest_bars) return std::unexpected(newest_bars.error());
  board.restore({.trends = decode_trends(*newest), .bars = decode_bars(*newest_bars)});
  if (!newest->empty()) end_ = (*newest)[0].position;
  const std::size_t room = board.symbol_count() * board.windows_per_symbol();
  rows_ = room - std::min(room, newest->size());
  return {};
}

Result<void> PageHistory::add_older(Log& log, Server& server) const {
  const auto begin = log.begin(Topic::Trends);
  if (!begin) return std::unexpected(begin.error());
  auto left = std::min(static_cast<Position>(rows_), end_ - *begin);
  if (left <= 0) return {};
  for (Position to = end_; left > 0 && !stop_requested();) {
    const Position count = std::min(left, static_cast<Position>(rows_at_once));
    const auto rows = log.poll(Topic::Trends, to - count, static_cast<std::size_t>(count));
    if (!rows) return std::unexpected(rows.error());
    server.add_history(decode_trends(*rows));
    to -= count;
    left -= count;
  }
  server.end_history();
  return {};
}

}  // namespace tidemark
