// Sums are exact: the order of adding and merging changes no digit, and a removed bar leaves no trace.
#include "core/stream/sums.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/simulator/random.h"

namespace tidemark {
namespace {

struct FedBar {
  BarValues values;
  FeedId feed = 0;
};

FedBar any_bar(Random& random, FeedId feed) {
  FedBar bar;
  bar.feed = feed;
  bar.values.close = Price{1 + static_cast<std::int64_t>(random.next() % 9'223'372'036'854'775'806u)};
  if (random.next() % 2 == 0) bar.values.close.nanos -= bar.values.close.nanos % 10'000'000;  // whole cents
  if (bar.values.close.nanos <= 0) bar.values.close.nanos = 10'000'000;
  bar.values.volume = Decimal{static_cast<Int128>(random.next() % 1'000'000'000'000'000'000u) * 1'000'000'000};
  if (random.next() % 3 == 0) bar.values.volume.nanos += 500'000'000;
  if (random.next() % 3 != 0) bar.values.vwap = Price{static_cast<std::int64_t>(random.next()) / 2};
  bar.values.pct_change =
      Decimal{static_cast<Int128>(static_cast<std::int64_t>(random.next())) * 100'000'000'000'000'000};
  bar.values.direction = static_cast<Direction>(random.next() % 3);
  return bar;
}

Sums sums_of(const std::vector<FedBar>& bars) {
  Sums sums;
  for (const FedBar& bar : bars) sums.add(bar.values, bar.feed);
  return sums;
}

TEST(Sums, AreTheSameHoweverTheyAreMerged) {
  Random random(3);
  for (int round = 0; round < 500; ++round) {
    std::vector<FedBar> bars;
    for (std::uint64_t count = random.next() % 12; count > 0; --count)
      bars.push_back(any_bar(random, static_cast<FeedId>(round % 2 == 0 ? 1 : random.next() % 3)));
    const Sums whole = sums_of(bars);
    for (std::size_t cut = 0; cut <= bars.size(); ++cut) {
      const auto middle = bars.begin() + static_cast<std::ptrdiff_t>(cut);
      const Sums left = sums_of({bars.begin(), middle}), right = sums_of({middle, bars.end()});
      Sums forwards = left, backwards = right;
      forwards.merge(right);
      backwards.merge(left);
      ASSERT_TRUE(forwards == whole);
      ASSERT_TRUE(backwards == whole);
    }
  }
}

TEST(Sums, RemoveSaysWhenTheRestCannotBeTold) {
  Random random(4);
  int removed = 0;
  for (int round = 0; round < 4'000; ++round) {
    std::vector<FedBar> bars;
    for (std::uint64_t count = 1 + random.next() % 8; count > 0; --count)
      bars.push_back(any_bar(random, static_cast<FeedId>(round % 2 == 0 ? 1 : random.next() % 2)));
    Sums sums = sums_of(bars);
    const auto gone = bars.begin() + static_cast<std::ptrdiff_t>(random.next() % bars.size());
    const FedBar bar = *gone;
    if (!sums.remove(bar.values, bar.feed)) continue;
    ++removed;
    bars.erase(gone);
    ASSERT_TRUE(sums == sums_of(bars));
  }
  EXPECT_GT(removed, 200);
}

// The needed places go away with the bar that needed them.
TEST(Sums, PlacesFollowTheBarsThatAreThere) {
  const auto with = [](std::int64_t close, std::int64_t volume) {
    BarValues bar;
    bar.close = Price{close};
    bar.volume = Decimal{volume};
    return bar;
  };
  const BarValues low = with(10'000'000, 1'000'000'000), fine = with(20'000'001, 1'500'000'000),
                  high = with(30'000'000, 2'000'000'000);
  Sums sums;
  for (const BarValues& bar : {low, fine, high}) sums.add(bar, 0);
  EXPECT_EQ(sums.price_places, 9);
  EXPECT_EQ(sums.volume_places, 1);
  EXPECT_FALSE(sums.remove(fine, 0));
  Sums cents;
  for (const BarValues& bar : {low, with(20'000'000, 1'000'000'000), high}) cents.add(bar, 0);
  EXPECT_TRUE(cents.remove(with(20'000'000, 1'000'000'000), 0));
  EXPECT_EQ(cents.price_places, 4);
  EXPECT_EQ(cents.volume_places, 0);
}

TEST(Sums, MixedFeedsStayMixed) {
  Sums sums;
  BarValues bar;
  bar.close = Price{5};
  sums.add(bar, 7);
  EXPECT_EQ(sums.feed, 7U);
  sums.add(bar, 7);
  EXPECT_EQ(sums.feed, 7U);
  sums.add(bar, 0);  // one without places
  EXPECT_EQ(sums.feed, Sums::mixed_feeds);
  sums.add(bar, 7);
  EXPECT_EQ(sums.feed, Sums::mixed_feeds);
}

}  // namespace
}  // namespace tidemark
