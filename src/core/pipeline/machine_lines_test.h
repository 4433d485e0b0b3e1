// What the machine's tests are made of: lines of bars and heartbeats, hostile ones, too, and the machine's effects as lines.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/machine.h"
#include "core/signal/summary.h"
#include "core/simulator/random.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"

namespace tidemark::machine_test {

using namespace std::chrono_literals;

inline constexpr WindowSpec windows{.size = 5min, .slide = 1min, .delay = 2min};
inline constexpr EventTime noon = event_time_from_nanos(1'795'348'800'000'000'000);  // 2026-11-22T12:00:00Z

inline std::string row_of(const WindowState& state, TrendStatus status) {
  Trend trend;
  summarize(state, status, trend);
  std::string row;
  append_trend(trend, row);
  return row;
}

// The machine's effects as lines. Updates are separate, because they depend on the batches.
class Said : public Effects {
 public:
  void judged(const Bar& bar, Verdict verdict) override {
    lines.push_back(std::string(to_string(verdict)) + " " + std::string(bar.symbol));
  }
  void rejected(const Reject& reject) override {
    lines.push_back(std::string(to_string(reject.reason)) + " " + std::string(reject.field));
  }
  void closed(const WindowState& state) override { lines.push_back(row_of(state, TrendStatus::Final)); }
  void changed(const WindowState& state) override { updates.push_back(row_of(state, TrendStatus::Update)); }

  std::vector<std::string> lines, updates;
};

inline std::string bar_line(std::string_view symbol, EventTime time, int close, std::string_view more = "") {
  const std::string price = std::to_string(close);
  return R"({"symbol":")" + std::string(symbol) + R"(","timestamp":")" + format_timestamp(time) + R"(","open":)" +
         price + R"(,"high":)" + price + R"(,"low":)" + price + R"(,"close":)" + price + R"(,"volume":1)" +
         std::string(more) + "}";
}
inline std::string heartbeat_line(EventTime time) { return R"({"heartbeat":")" + format_timestamp(time) + R"("})"; }

// Bars out of order, repeated, corrected, far too late; heartbeats; lines that are no bars.
inline std::vector<std::string> hostile_lines(std::uint64_t seed, std::size_t count) {
  Random random(seed);
  std::vector<std::string> lines;
  EventTime now = noon;
  while (lines.size() < count) {
    now += Duration(1s) * random.between(0, 30);
    const EventTime time = floor_to(now - Duration(1s) * random.between(0, random.next() % 8 == 0 ? 1'200 : 200), 20s);
    const std::string symbol(1, static_cast<char>('A' + random.next() % 5));
    switch (random.next() % 12) {
      case 0:
        lines.push_back(heartbeat_line(time));
        break;
      case 1:
        lines.push_back(random.next() % 2 == 0 ? "{" : bar_line(symbol, now + 2h, 1));
        break;
      case 2:
        if (!lines.empty())
          lines.push_back(lines[lines.size() - 1 - random.next() % std::min<std::size_t>(lines.size(), 20)]);
        break;
      default:
        lines.push_back(bar_line(symbol, time, static_cast<int>(random.between(1, 50)),
                                 random.next() % 3 == 0 ? R"(,"feed":"sip","vwap":7.5)" : ""));
        break;
    }
  }
  return lines;
}

}  // namespace tidemark::machine_test
