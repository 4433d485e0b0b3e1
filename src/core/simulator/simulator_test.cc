// The simulator keeps its promises to the page: plausible candles, trends that turn, a price that stays near its base,
// and the same market again from the same seed.
#include "core/simulator/simulator.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "core/simulator/random.h"

namespace tidemark {
namespace {

using std::chrono::minutes;

constexpr EventTime start = event_time_from_nanos(1'700'000'040'000'000'000);  // 2023-11-14 22:14:00

struct KeptBar {
  std::string symbol;
  BarValues values;
  friend bool operator==(const KeptBar&, const KeptBar&) = default;
};

std::vector<KeptBar> rounds(Simulator& simulator, int count) {
  std::vector<KeptBar> bars;
  for (int number = 0; number < count; ++number)
    for (const Bar& bar : simulator.round()) bars.push_back({std::string(bar.symbol), bar.values});
  return bars;
}

TEST(Random, IsSplitMix64) {
  Random random(1234567);  // the published sequence of this seed
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(Random, StaysWithinItsBoundsAndReachesThem) {
  Random random(1);
  std::map<std::int64_t, int> seen;
  for (int draw = 0; draw < 10'000; ++draw) ++seen[random.between(-3, 3)];
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_EQ(seen.begin()->first, -3);
  EXPECT_EQ(seen.rbegin()->first, 3);
}

TEST(Simulator, BarsArePlausible) {
  Simulator simulator({.symbols = numbered_simulated_symbols(20), .start = start});
  std::map<std::string, BarValues> before;
  for (int round = 0; round < 5'000; ++round) {
    ASSERT_EQ(simulator.next_minute(), start + minutes(round));
    for (const Bar& bar : simulator.round()) {
      const BarValues& values = bar.values;
      ASSERT_EQ(bar.feed, "sim");
      ASSERT_EQ(values.time, start + minutes(round));
      ASSERT_GT(values.low.nanos, 0);
      ASSERT_TRUE(values.low <= values.open && values.low <= values.close);
      ASSERT_TRUE(values.high >= values.open && values.high >= values.close);
      ASSERT_TRUE(values.low <= values.vwap.value() && values.vwap.value() <= values.high);
      for (const Price price : {values.open, values.high, values.low, values.close})
        ASSERT_EQ(price.nanos % 10'000'000, 0) << "whole cents";
      ASSERT_EQ(values.vwap.value().nanos % 100'000, 0) << "four places";
      ASSERT_EQ(values.volume.nanos % 1'000'000'000, 0) << "whole shares";
      ASSERT_GT(values.volume.nanos, 0);
      ASSERT_GE(values.trade_count.value(), 1);
      ASSERT_EQ(values.price_change.nanos, values.close.nanos - values.open.nanos);
      const auto last = before.find(std::string(bar.symbol));
      if (last != before.end()) {
        ASSERT_EQ(values.open, last->second.close);
      }
      before.insert_or_assign(std::string(bar.symbol), values);
    }
  }
}

TEST(Simulator, DerivedFieldsFollowTheContract) {
  Simulator simulator({.start = start});
  for (const KeptBar& bar : rounds(simulator, 500)) {
    const BarValues& values = bar.values;
    // exact percentage − written one| is at most half of the fourth place: 2·|100·change − pct·open| ≤ 1e5·open
    const Int128 error =
        Int128{100} * values.price_change.nanos * 1'000'000'000 - values.pct_change.nanos * values.open.nanos;
    EXPECT_LE(2 * (error < 0 ? -error : error), Int128{100'000} * values.open.nanos);
    EXPECT_EQ(values.pct_change.nanos % 100'000, 0);
    EXPECT_EQ(values.direction, values.close > values.open   ? Direction::Up
                                : values.close < values.open ? Direction::Down
                                                             : Direction::Flat);
  }
}

TEST(Simulator, SameSeedSameMarketAnotherSeedAnother) {
  Simulator one({.seed = 7, .start = start}), two({.seed = 7, .start = start}), other({.seed = 8, .start = start});
  const std::vector<KeptBar> bars = rounds(one, 300);
  EXPECT_EQ(bars, rounds(two, 300));
  EXPECT_NE(bars, rounds(other, 300));
}

TEST(Simulator, StateIsOneReadableLine) {
  Simulator simulator({.symbols = {{"AAPL", 175'00}}, .start = event_time_from_nanos(0)});
  EXPECT_TRUE(simulator.state().starts_with("sim1 0 1 AAPL 17500 17500 ")) << simulator.state();
}

TEST(Simulator, GoesOnFromItsStateAtEveryRound) {
  Simulator undisturbed({.start = start});
  const std::vector<KeptBar> expected = rounds(undisturbed, 120);

  std::vector<KeptBar> pieced;
  std::string state = Simulator({.start = start}).state();
  for (int round = 0; round < 120; ++round) {
    Simulator reborn({.symbols = {}, .start = EventTime{}});
    ASSERT_TRUE(reborn.restore(state));
    for (const KeptBar& bar : rounds(reborn, 1)) pieced.push_back(bar);
    state = reborn.state();
  }
  EXPECT_EQ(pieced, expected);
}

TEST(Simulator, RefusesAStateThatIsNone) {
  Simulator simulator({.start = start});
  const std::string state = simulator.state();
  for (const std::string& text :
       {std::string(), std::string("sim2 0 0"), std::string("sim1 1 0"), std::string("sim1 0 1"),
        std::string("sim1 0 1 AAPL 17500 17500"), std::string("sim1 0 1 AAPL 17500 0 5"), state + " ",
        state + " X 1 1 1", state.substr(0, state.rfind(' '))}) {
    EXPECT_FALSE(simulator.restore(text)) << text;
    EXPECT_EQ(simulator.state(), state);
  }
}

TEST(Simulator, ASymbolDoesNotCareWhoElseIsThere) {
  Simulator alone({.symbols = {simulated_symbol("TSLA")}, .start = start}), together({.start = start});
  std::vector<KeptBar> of_tesla;
  for (KeptBar& bar : rounds(together, 200))
    if (bar.symbol == "TSLA") of_tesla.push_back(std::move(bar));
  EXPECT_EQ(rounds(alone, 200), of_tesla);
}

TEST(Simulator, SymbolsThatStayKeepTheirPrice) {
  Simulator simulator({.start = start});
  const std::vector<KeptBar> before = rounds(simulator, 50);
  simulator.set_symbols({simulated_symbol("MSFT"), simulated_symbol("NEW")});
  const std::vector<KeptBar> after = rounds(simulator, 1);
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after[0].symbol, "MSFT");
  EXPECT_EQ(after[0].values.open, before[before.size() - 2].values.close) << "MSFT is the last but one of the five";
  EXPECT_EQ(after[1].symbol, "NEW");
}

TEST(Simulator, ThePriceComesBackToItsBase) {
  Simulator simulator({.start = start});
  std::map<std::string, std::int64_t> base;
  for (const SimulatedSymbol& symbol : default_simulated_symbols()) base[symbol.name] = symbol.base_cents;
  int astray = 0, in_all = 0;
  for (const KeptBar& bar : rounds(simulator, 50'000)) {
    const std::int64_t home = base[bar.symbol];
    const std::int64_t away = std::abs(bar.values.close.nanos / 10'000'000 - home);
    ASSERT_LE(away * 100, home * 6) << bar.symbol << " is more than 6 % from its base";
    astray += away * 100 > home * 3 ? 1 : 0;
    ++in_all;
  }
  EXPECT_GT(astray, 0) << "the rule is never needed";
  EXPECT_LT(astray * 2, in_all) << "most of the time is spent near home";
}

TEST(Simulator, TrendsAreSeenAndVolumeGrowsWithThem) {
  Simulator simulator({.symbols = numbered_simulated_symbols(50), .start = start});
  // A symbol's bias is the last of its four values in the state.
  Int128 volume_strong = 0, volume_weak = 0;
  std::int64_t strong = 0, weak = 0, agrees = 0;
  for (int round = 0; round < 400; ++round) {
    const std::vector<KeptBar> bars = rounds(simulator, 1);
    const std::string state = simulator.state();
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= state.size();) {
      const std::size_t end = std::min(state.find(' ', begin), state.size());
      words.push_back(state.substr(begin, end - begin));
      begin = end + 1;
    }
    for (std::size_t symbol = 0; symbol < bars.size(); ++symbol) {
      const std::int64_t bias = std::stoll(words[3 + 4 * symbol + 3]);
      const BarValues& values = bars[symbol].values;
      if (std::abs(bias) > 600) {
        ++strong;
        volume_strong += values.volume.nanos;
        agrees += (bias > 0) == (values.direction == Direction::Up) ? 1 : 0;
      } else if (std::abs(bias) < 200) {
        ++weak;
        volume_weak += values.volume.nanos;
      }
    }
  }
  ASSERT_GT(strong, 1000);
  ASSERT_GT(weak, 1000);
  EXPECT_GT(agrees * 10, strong * 8) << "a strong bias shows in four bars of five";
  EXPECT_GT(volume_strong * weak * 2, volume_weak * strong * 3) << "half as much again at least";
}

TEST(SimulatedSymbols, KnownNamesHaveTheirPriceOthersADrawnOne) {
  EXPECT_EQ(simulated_symbol("AAPL").base_cents, 17'500);
  EXPECT_EQ(simulated_symbol("AMZN").base_cents, 18'500);
  EXPECT_EQ(simulated_symbol("NVDA"), simulated_symbol("NVDA"));
  EXPECT_NE(simulated_symbol("NVDA").base_cents, simulated_symbol("IBM").base_cents);
  const std::vector<SimulatedSymbol> many = numbered_simulated_symbols(10'000);
  EXPECT_EQ(many.front().name, "SYM0001");
  EXPECT_EQ(many.back().name, "SYM10000");
  for (const SimulatedSymbol& symbol : many) {
    EXPECT_GE(symbol.base_cents, 1'000);
    EXPECT_LE(symbol.base_cents, 50'000);
  }
}

}  // namespace
}  // namespace tidemark
