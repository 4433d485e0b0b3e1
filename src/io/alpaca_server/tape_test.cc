#include "io/alpaca_server/tape.h"

#include <gtest/gtest.h>

#include "io/alpaca_server/tape_fixture_test.h"

namespace tidemark {
namespace {

Bar bar_of(std::string_view symbol, EventTime time, std::int64_t close) {
  Bar bar{.symbol = symbol, .feed = std::nullopt, .values = {}};
  bar.values.time = time;
  bar.values.close = {close};
  return bar;
}

TEST(Recording, PutsBarsInOrderAndTheLastOfAMinuteCounts) {
  Recording recording;
  recording.add(bar_of("B", noon + std::chrono::minutes(1), 1));
  recording.add(bar_of("B", noon, 2));
  recording.add(bar_of("A", noon, 3));
  recording.add(bar_of("B", noon, 4));
  EXPECT_EQ(recording.first(), noon);
  MarketTape tape(std::move(recording).finish());
  ASSERT_EQ(tape.size(), 2u);
  EXPECT_EQ(tape.name(0), "A");
  const auto bars = tape.before(*tape.find("B"), noon + std::chrono::hours(1));
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_EQ(bars[0].close.nanos, 4);
  EXPECT_EQ(bars[1].close.nanos, 1);
  EXPECT_FALSE(tape.find("C"));
}

TEST(MarketTape, GivesWhatLiesBetween) {
  MarketTape tape({numbered_tape("A", noon, 10)});
  EXPECT_EQ(tape.between(0, noon + std::chrono::minutes(2), noon + std::chrono::minutes(5)).size(), 3u);
  EXPECT_EQ(tape.before(0, noon).size(), 0u);
}

TEST(SimulatedTape, GrowsOnDemandToWhatTheSimulatorBrings) {
  Simulator simulator({.seed = 7, .symbols = {simulated_symbol("A"), simulated_symbol("B")}, .start = noon});
  MarketTape tape({simulated_tape(simulated_symbol("B"), 7, noon, MarketHours::Always)});
  for (int minute = 1; minute <= 5; ++minute) {
    const TapeBar expected = tape_bar(simulator.round()[1].values);
    const auto bars = tape.before(0, noon + std::chrono::minutes(minute));
    ASSERT_EQ(bars.size(), static_cast<std::size_t>(minute));
    EXPECT_EQ(bars.back(), expected);
  }
  EXPECT_EQ(tape.before(0, noon + std::chrono::minutes(2)).size(), 2u);
}

TEST(SimulatedTape, KeepsRegularHours) {
  // Friday 9 January 2026 is winter: 14:30 to 21:00 UTC.
  MarketTape tape({simulated_tape(simulated_symbol("A"), 1, at("2026-01-09T00:00:00Z"), MarketHours::Regular)});
  const auto bars = tape.before(0, at("2026-01-12T14:31:00Z"));
  ASSERT_EQ(bars.size(), 391u);
  EXPECT_EQ(bars[0].time, at("2026-01-09T14:30:00Z"));
  EXPECT_EQ(bars[389].time, at("2026-01-09T20:59:00Z"));
  EXPECT_EQ(bars[390].time, at("2026-01-12T14:30:00Z"));
}

}  // namespace
}  // namespace tidemark
