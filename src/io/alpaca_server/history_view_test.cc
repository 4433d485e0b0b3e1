#include "io/alpaca_server/history_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "io/alpaca_server/bar_sum.h"
#include "io/alpaca_server/tape_fixture_test.h"

namespace tidemark {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::vector<TapeBar> read(const HistoryView& view, const char* timeframe, EventTime from, EventTime to,
                          Order order = Order::Ascending) {
  std::vector<TapeBar> bars;
  view.read(0, {*Timeframe::parse(timeframe), from, to, order}, [&](const TapeBar& bar) {
    bars.push_back(bar);
    return true;
  });
  return bars;
}

TEST(HistoryView, KnowsABarFromTheEndOfItsMinuteOn) {
  MarketTape tape({numbered_tape("A", noon, 3)});
  const Faults faults({});
  const auto known = [&](Duration after) {
    return read(HistoryView(tape, faults, noon + after), "1Min", noon, noon + minutes(9)).size();
  };
  EXPECT_EQ(known(seconds(59)), 0u);
  EXPECT_EQ(known(seconds(60)), 1u);
  EXPECT_EQ(known(seconds(179)), 2u);
  EXPECT_EQ(known(minutes(60)), 3u);
}

TEST(HistoryView, PutsABarRightHalfAMinuteLater) {
  MarketTape tape({numbered_tape("A", noon, 1)});
  const Faults faults({.corrections = {1'000'000}});
  const TapeBar right = numbered_bar(noon, 0), wrong = *faults.first_version("A", right);
  EXPECT_EQ(*HistoryView(tape, faults, noon + seconds(60)).latest(0), wrong);
  EXPECT_EQ(*HistoryView(tape, faults, noon + seconds(90) - Duration(1)).latest(0), wrong);
  EXPECT_EQ(*HistoryView(tape, faults, noon + seconds(90)).latest(0), right);
}

TEST(HistoryView, BothEndsAreIncludedAndOrderMayBeReversed) {
  MarketTape tape({numbered_tape("A", noon, 10)});
  const Faults faults({});
  const HistoryView view(tape, faults, noon + minutes(60));
  auto bars = read(view, "1Min", noon + minutes(2), noon + minutes(4));
  ASSERT_EQ(bars.size(), 3u);
  EXPECT_EQ(bars[0], numbered_bar(noon + minutes(2), 2));
  const auto back = read(view, "1Min", noon + minutes(2), noon + minutes(4), Order::Descending);
  std::ranges::reverse(bars);
  EXPECT_EQ(back, bars);
  EXPECT_TRUE(read(view, "1Min", noon + minutes(4), noon + minutes(2)).empty());
}

TEST(HistoryView, LongerBarsAreMadeOfWholeMinutes) {
  MarketTape tape({numbered_tape("A", noon, 12)});
  const Faults faults({});
  const HistoryView view(tape, faults, noon + minutes(60));
  // From 12:03 on: that of 12:00 begins before, those of 12:05 and 12:10 do not.
  const auto bars = read(view, "5Min", noon + minutes(3), noon + minutes(30));
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_EQ(bars[0].time, noon + minutes(5));
  EXPECT_EQ(bars[0].open, Price{105 * dollar});
  EXPECT_EQ(bars[0].high, Price{111 * dollar});
  EXPECT_EQ(bars[0].low, Price{104 * dollar});
  EXPECT_EQ(bars[0].close, Price{110 * dollar});
  EXPECT_EQ(bars[0].volume.nanos, Int128{5'035} * dollar);
  EXPECT_EQ(bars[0].trade_count.value(), 85);
  EXPECT_EQ(bars[1].volume.nanos, Int128{2'021} * dollar);
  auto back = read(view, "5Min", noon + minutes(3), noon + minutes(30), Order::Descending);
  std::ranges::reverse(back);
  EXPECT_EQ(back, bars);
}

TEST(BarSum, WeighsPricesByVolume) {
  BarSum sum;
  TapeBar bar = numbered_bar(noon, 0);
  bar.vwap = Price{10 * dollar};
  bar.volume = {Int128{1} * dollar};
  sum.add(bar);
  bar.vwap = Price{11 * dollar};
  bar.volume = {Int128{2} * dollar};
  sum.add(bar);
  EXPECT_EQ(sum.finish(noon).vwap.value().nanos, 10'666'667'000) << "32 / 3, to a millionth";
  bar.vwap = {};
  bar.trade_count = {};
  sum.add(bar);
  EXPECT_FALSE(sum.finish(noon).vwap.has_value());
  EXPECT_FALSE(sum.finish(noon).trade_count.has_value());
}

}  // namespace
}  // namespace tidemark
