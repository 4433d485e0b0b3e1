// A second implementation of the windows, straight from the contract (§3) and slow: one ordered map of open windows,
// each with all its bars. Tests compare the engine's output with it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/stream/sums.h"
#include "core/stream/window_spec.h"

namespace tidemark {

struct NaiveBar {
  BarValues values;
  std::optional<std::string> feed;
  friend bool operator==(const NaiveBar&, const NaiveBar&) = default;
};

// What is published of a window. The feed is here by name; the sums leave it out.
struct NaiveState {
  std::string symbol;
  Window window;
  Sums sums;
  std::optional<std::string> feed;
  friend bool operator==(const NaiveState&, const NaiveState&) = default;
};

class NaiveWindows {
 public:
  explicit NaiveWindows(const WindowSpec& spec) : spec_(spec) {}

  // 3.2, 3.3, 3.13: the windows that close, by end, then symbol.
  std::vector<NaiveState> observe(EventTime time) {
    largest_ = largest_ ? std::max(*largest_, time) : time;
    std::vector<NaiveState> closed;
    while (!open_.empty() && is_closed(open_.begin()->first.first)) {
      closed.push_back(state(open_.begin()->first));
      const auto& [end, symbol] = open_.begin()->first;
      last_final_[symbol] = std::max(last_final_.emplace(symbol, end).first->second, end);
      open_.erase(open_.begin());
    }
    return closed;
  }

  // 3.5 to 3.8.
  Verdict count(const std::string& symbol, const NaiveBar& bar) {
    std::vector<Key> windows;
    for (EventTime start = floor_to(bar.values.time, spec_.slide); start + spec_.size > bar.values.time;
         start -= spec_.slide)
      if (!is_closed(start + spec_.size) && !is_final(symbol, start + spec_.size))
        windows.push_back({start + spec_.size, symbol});
    if (windows.empty()) return Verdict::Late;
    const auto longest_open = open_.find(windows.front());
    const NaiveBar* held = nullptr;
    if (longest_open != open_.end() && longest_open->second.bars.contains(bar.values.time))
      held = &longest_open->second.bars.at(bar.values.time);
    if (held && *held == bar) return Verdict::Duplicate;
    const Verdict verdict = held ? Verdict::Corrected : Verdict::Accepted;
    for (const Key& key : windows) {
      open_[key].bars[bar.values.time] = bar;
      ++open_[key].records[bar.values.time];
      changed_.insert(key);
    }
    return verdict;
  }

  // 3.2
  void lower(EventTime to) {
    if (!largest_ || *largest_ - spec_.delay <= to) return;
    largest_ = to + spec_.delay;
    // Each bar once, though hundreds of windows have it.
    std::map<std::pair<std::string, EventTime>, std::pair<NaiveBar, std::int64_t>> counted;
    for (const auto& [key, window] : open_)
      for (const auto& [time, bar] : window.bars) counted[{key.second, time}] = {bar, window.records.at(time)};
    for (const auto& [which, bar] : counted) {
      const auto& [symbol, time] = which;
      for (EventTime start = floor_to(time, spec_.slide); start + spec_.size > time; start -= spec_.slide)
        if (!is_closed(start + spec_.size) && !is_final(symbol, start + spec_.size)) {
          OpenWindow& reopened = open_[{start + spec_.size, symbol}];
          reopened.bars[time] = bar.first;
          reopened.records[time] = bar.second;
        }
    }
    for (const auto& [key, window] : open_) changed_.insert(key);
  }

  // 3.14
  std::vector<NaiveState> close_all() {
    return open_.empty() ? std::vector<NaiveState>{} : observe(open_.rbegin()->first.first + spec_.delay);
  }

  // 4.7: the open windows that were changed since the last call.
  std::vector<NaiveState> changes() {
    std::vector<NaiveState> states;
    for (const Key& key : std::exchange(changed_, {}))
      if (open_.contains(key)) states.push_back(state(key));
    return states;
  }

  std::vector<NaiveState> open() const {
    std::vector<NaiveState> states;
    for (const auto& [key, window] : open_) states.push_back(state(key));
    return states;
  }

  std::size_t open_symbols() const {
    std::set<std::string> symbols;
    for (const auto& [key, window] : open_) symbols.insert(key.second);
    return symbols.size();
  }

 private:
  using Key = std::pair<EventTime, std::string>;  // end, symbol
  struct OpenWindow {
    std::map<EventTime, NaiveBar> bars;
    std::map<EventTime, std::int64_t> records;  // how many each bar has had
  };

  // 4.2: digits after the point without trailing zeros, removed one by one.
  static int decimals(Int128 units) {
    int count = 9;
    for (; count > 0 && units % 10 == 0; units /= 10) --count;
    return count;
  }

  bool is_closed(EventTime end) const { return largest_ && *largest_ - spec_.delay >= end; }

  bool is_final(const std::string& symbol, EventTime end) const {
    return last_final_.contains(symbol) && end <= last_final_.at(symbol);
  }

  NaiveState state(const Key& key) const {
    const OpenWindow& window = open_.at(key);
    NaiveState state{key.second, {key.first - spec_.size, key.first}, {}, {}};
    state.feed = window.bars.begin()->second.feed;
    for (const auto& [time, bar] : window.bars) {
      const BarValues& values = bar.values;
      Sums& sums = state.sums;
      sums.bar_count += 1;
      if (values.direction == Direction::Up) sums.up_count += 1;
      sums.close_min = std::min(sums.close_min, values.close.nanos);
      sums.close_max = std::max(sums.close_max, values.close.nanos);
      sums.close_sum += values.close.nanos;
      sums.close_square_sum.add(static_cast<Int128>(values.close.nanos) * values.close.nanos);
      sums.volume_sum += values.volume.nanos;
      sums.pct_change_sum.add(values.pct_change.nanos);
      if (values.vwap.has_value()) {
        sums.vwap_count += 1;
        sums.vwap_sum += values.vwap.value().nanos;
      }
      if (bar.feed != state.feed) state.feed.reset();
      const int places = std::clamp(decimals(values.close.nanos) + 2, 4, 9);
      if (places > sums.price_places) sums.price_places = static_cast<std::int8_t>(places);
      if (const int of_volume = decimals(values.volume.nanos); of_volume > sums.volume_places)
        sums.volume_places = static_cast<std::int8_t>(of_volume);
    }
    for (const auto& [time, count] : window.records) state.sums.revision += count;
    return state;
  }

  WindowSpec spec_;
  std::optional<EventTime> largest_;
  std::map<Key, OpenWindow> open_;
  std::map<std::string, EventTime> last_final_;
  std::set<Key> changed_;
};

}  // namespace tidemark
