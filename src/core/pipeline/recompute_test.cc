#include "core/pipeline/recompute.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/signal/summary.h"
#include "core/stream/naive_windows_test.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

struct Collect : TrendSink {
  void trend(const Trend& trend, const WindowState&) override { trends.push_back(trend); }
  std::vector<Trend> trends;
};

EventTime at(std::string_view text) { return parse_timestamp(text).value(); }

BarValues values_at(EventTime time, std::int64_t close) {
  BarValues values;
  values.time = time;
  values.open = values.high = values.low = values.close = Price{close};
  values.volume = Decimal{close * 3};
  return values;
}

std::vector<Trend> recompute(const WindowSpec& spec, EventTime from, EventTime to,
                             const std::map<EventTime, NaiveBar>& bars) {
  Collect collect;
  Recompute again(spec, from, to, collect);
  again.begin();
  for (const auto& [time, bar] : bars) again.add({"AAPL", bar.feed, bar.values});
  again.end();
  return collect.trends;
}

// Windows of five minutes, one a minute: a bar at 23:59 of the previous day is in four windows of that day, and a bar
// at 00:03 of the next day is in the last window of the day.
TEST(Recompute, GivesTheWindowsThatBeginOnTheDayAndNoOthers) {
  std::map<EventTime, NaiveBar> bars;
  for (const auto* time : {"2026-11-21T23:59:00Z", "2026-11-22T00:00:00Z", "2026-11-23T00:03:00Z"})
    bars[at(time)] = {values_at(at(time), 100'000'000'000), "sim"};
  const auto trends = recompute({}, at("2026-11-22T00:00:00Z"), at("2026-11-23T00:00:00Z"), bars);
  ASSERT_EQ(trends.size(), 2U);
  EXPECT_EQ(trends[0].window.start, at("2026-11-22T00:00:00Z"));
  EXPECT_EQ(trends[0].bar_count, 1);
  EXPECT_EQ(trends[1].window.start, at("2026-11-22T23:59:00Z"));
  EXPECT_EQ(recompute_reach(WindowSpec{}), 4min);
}

TEST(Recompute, IsTheNaiveReadingOfTheContract) {
  std::mt19937_64 random{7};
  const EventTime from = at("2026-11-22T00:00:00Z"), to = at("2026-11-23T00:00:00Z");
  for (const WindowSpec& spec :
       {WindowSpec{}, WindowSpec{1h, 15min, 0s}, WindowSpec{3s, 1s, 9s}, WindowSpec{48h, 24h}}) {
    std::map<EventTime, NaiveBar> bars;
    for (int i = 0; i < 3'000; ++i) {
      const EventTime time = from - 2h + std::chrono::seconds(random() % (28 * 3600));
      bars[time] = {values_at(time, 1 + static_cast<std::int64_t>(random() % 500'000'000'000)),
                    random() % 3 == 0 ? std::nullopt : std::optional<std::string>("iex")};
    }
    NaiveWindows naive({spec.size, spec.slide, 24h * 365});
    for (const auto& [time, bar] : bars) {
      ASSERT_TRUE(naive.observe(time).empty());
      ASSERT_EQ(naive.count("AAPL", bar), Verdict::Accepted);
    }
    const auto trends = recompute(spec, from, to, bars);
    std::size_t next = 0;
    for (const NaiveState& state : naive.close_all()) {
      if (state.window.start < from || state.window.start >= to) continue;
      ASSERT_LT(next, trends.size());
      WindowState wanted{SymbolName(state.symbol), state.window, state.sums, state.feed};
      Trend trend;
      summarize(wanted, TrendStatus::Final, trend);
      EXPECT_EQ(trends[next++], trend);
    }
    EXPECT_EQ(next, trends.size());
    EXPECT_GT(next, 0U);
  }
}

}  // namespace
}  // namespace tidemark
