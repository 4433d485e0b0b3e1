// Inserts bars into the board and removes old ones.
#include "run/page/bar_board.h"

#include <algorithm>
#include <iterator>

#include "core/time/timestamp.h"
#include "core/wire/encode.h"

namespace tidemark {

bool BarBoard::place(const LiveBar& bar) {
  Bars& bars = symbols_.try_emplace(bar.symbol).first->second;
  auto at = bars.end();  // new bars belong at the end or a few before it
  while (at != bars.begin() && std::prev(at)->time >= bar.values.time) --at;
  if (at != bars.end() && at->time == bar.values.time) {
    if (*at == bar.values) return false;
    *at = bar.values;
    return true;
  }
  const std::size_t most = bars_per_symbol();
  if (at == bars.begin() && bars.size() >= most) return false;  // older than all that are kept
  bars.insert(at, bar.values);
  ++bars_;
  trim(bars, most);
  if (bars_ > options_.bars_in_all) {  // a new symbol has reduced the share of each
    for (auto& [symbol, others] : symbols_) trim(others, most);
  }
  return true;
}

std::size_t BarBoard::bars_per_symbol() const {
  const std::size_t share = options_.bars_in_all / std::max<std::size_t>(1, symbols_.size());
  return std::clamp<std::size_t>(share, 1, options_.bars_per_symbol);
}

void BarBoard::trim(Bars& bars, std::size_t most) {
  while (bars.size() > most) {
    bars.pop_front();
    --bars_;
  }
}

void BarBoard::show_newest(std::size_t most_each, std::size_t most, const Show& show) const {
  const std::size_t share = most / std::max<std::size_t>(1, symbols_.size());
  most_each = std::max<std::size_t>(1, std::min(most_each, share));
  for (const auto& [symbol, bars] : symbols_) {
    for (std::size_t bar = bars.size() - std::min(most_each, bars.size()); bar < bars.size(); ++bar)
      show(symbol, bars[bar]);
  }
}

std::optional<EventTime> BarBoard::newest(std::string_view symbol) const {
  const auto found = symbols_.find(symbol);
  if (found == symbols_.end() || found->second.empty()) return std::nullopt;
  return found->second.back().time;
}

std::string BarBoard::bars_of(std::string_view symbol, std::size_t limit) const {
  std::string json = R"({"symbol":)";
  append_json_string(symbol, json);
  json += R"(,"bars":[)";
  if (const auto found = symbols_.find(symbol); found != symbols_.end()) {
    const Bars& bars = found->second;
    const std::size_t from = bars.size() - std::min(limit, bars.size());
    for (std::size_t bar = from; bar < bars.size(); ++bar) {
      if (bar > from) json += ',';
      append_bar(symbol, bars[bar], json);
    }
  }
  json += "]}";
  return json;
}

void BarBoard::append_bar(std::string_view symbol, const LiveBarValues& bar, std::string& out) {
  out += '[';
  append_json_string(symbol, out);
  out += R"(,")";
  append_timestamp(bar.time, out);
  out += '"';
  for (const Price price : {bar.open, bar.high, bar.low, bar.close}) {
    out += ',';
    append_decimal(price.nanos, out);
  }
  out += ',';
  append_decimal(bar.volume.nanos, out);
  out += ']';
}

}  // namespace tidemark
