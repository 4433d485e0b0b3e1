#include "run/page/day_replay.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/pipeline/recompute.h"
#include "core/signal/summary.h"
#include "core/stream/naive_windows_test.h"
#include "core/time/timestamp.h"
#include "run/interfaces/past_days_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

const std::chrono::sys_days day = std::chrono::sys_days{2026y / 11 / 22};

// Two hours around midnight of three symbols; each minute has a bar with probability one half.
MemoryPast some_bars() {
  std::mt19937_64 random{11};
  MemoryPast past;
  for (EventTime time = EventTime{day} - 1h; time < EventTime{day} + 1h; time += 1min)
    for (const auto* symbol : {"AAPL", "MSFT", "TSLA"})
      if (random() % 2 == 0) past.add(symbol, time, static_cast<std::int64_t>(random() % 1'000'000'000'000) + 1);
  return past;
}

using Key = std::pair<std::string, EventTime>;  // symbol, start

std::map<Key, Trend> finals_by_the_contract(const MemoryPast& past, const WindowSpec& spec) {
  NaiveWindows naive(spec);
  std::map<Key, Trend> finals;
  const auto keep = [&](const std::vector<NaiveState>& states) {
    for (const NaiveState& state : states) {
      if (state.window.end <= EventTime{day}) continue;
      Trend trend;
      summarize({SymbolName(state.symbol), state.window, state.sums, state.feed}, TrendStatus::Final, trend);
      finals[{state.symbol, state.window.start}] = trend;
    }
  };
  for (const auto& bar : past.bars()) {
    if (bar.values.time < EventTime{day} - recompute_reach(spec)) continue;
    keep(naive.observe(bar.values.time));
    naive.count(bar.symbol, {bar.values, std::nullopt});
  }
  keep(naive.close_all());
  return finals;
}

TEST(DayReplay, TellsEveryMinuteAndEveryWindowOfTheDayOnce) {
  const MemoryPast past = some_bars();
  const WindowSpec spec;
  auto replay = DayReplay::open(past, day, spec);
  ASSERT_TRUE(replay) << replay.error().message();
  EXPECT_EQ(replay->time(), replay->begin());
  std::map<Key, Trend> finals;
  std::size_t bars = 0;
  while (const auto next = replay->next()) {
    const auto batch = replay->step();
    ASSERT_TRUE(batch);
    EXPECT_EQ(replay->time(), *next);
    for (const LiveBar& bar : batch->bars) EXPECT_EQ(floor_to(bar.values.time, 1min) + 1min, *next);
    bars += batch->bars.size();
    for (const Trend& trend : batch->trends) {
      if (trend.status != TrendStatus::Final) continue;
      EXPECT_TRUE(finals.emplace(Key{trend.symbol, trend.window.start}, trend).second) << "told twice";
    }
    EXPECT_EQ(batch->account.accepted, static_cast<std::int64_t>(bars));
  }
  EXPECT_EQ(replay->time(), replay->end());
  EXPECT_EQ(bars, replay->size());
  EXPECT_EQ(finals, finals_by_the_contract(past, spec));
  EXPECT_GT(finals.size(), 100U);
}

// What a board keeps: the last version of each window.
void note(const LiveBatch& batch, std::map<Key, Trend>& board) {
  for (const Trend& trend : batch.trends) board[{trend.symbol, trend.window.start}] = trend;
}

TEST(DayReplay, SkippingComesToTheSameAsSteppingAndSoDoesGoingBack) {
  const MemoryPast past = some_bars();
  const EventTime to = EventTime{day} + 25min;
  auto stepped = DayReplay::open(past, day, {});
  auto skipped = DayReplay::open(past, day, {});
  ASSERT_TRUE(stepped && skipped);
  std::map<Key, Trend> by_steps, by_skips;
  while (stepped->next() && *stepped->next() <= to) note(stepped->step().value(), by_steps);
  ASSERT_TRUE(skipped->skip(to + 30min, 1'000'000));  // too far …
  ASSERT_TRUE(skipped->rewind());                     // … and back
  EXPECT_EQ(skipped->time(), skipped->begin());
  while (skipped->next() && *skipped->next() <= to) note(skipped->skip(to, 10).value(), by_skips);
  note(skipped->open_windows(), by_skips);
  EXPECT_EQ(by_skips, by_steps);
  EXPECT_EQ(skipped->time(), to);
  while (stepped->next()) note(stepped->step().value(), by_steps);
  while (skipped->next()) note(skipped->step().value(), by_skips);
  EXPECT_EQ(by_skips, by_steps);
}

TEST(DayReplay, SaysWhichDayHasNoBars) {
  const auto replay = DayReplay::open(some_bars(), day + std::chrono::days(2), {});
  ASSERT_FALSE(replay);
  EXPECT_EQ(replay.error().message(), "the lake has no bars of 2026-11-24");
}

}  // namespace
}  // namespace tidemark
