#include "io/alpaca_server/faults.h"

#include <gtest/gtest.h>

#include "io/alpaca_server/tape_fixture_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr Share half{500'000};
constexpr int draws = 2'000;

template <typename Draw>
int count(Draw draw) {
  int hits = 0;
  for (int i = 0; i < draws; ++i) hits += draw(i) ? 1 : 0;
  return hits;
}

TEST(Faults, NothingHappensUnasked) {
  const Faults faults({});
  const auto minute = [](int i) { return noon + std::chrono::minutes(i); };
  EXPECT_EQ(count([&](int i) { return faults.is_late("A", minute(i)) || faults.is_duplicate("A", minute(i)); }), 0);
  EXPECT_EQ(count([&](int i) { return faults.first_version("A", numbered_bar(minute(i), i)).has_value(); }), 0);
  EXPECT_EQ(count([&](int i) { return faults.fails(static_cast<std::uint64_t>(i)); }), 0);
  EXPECT_FALSE(faults.drop_after(1) || faults.mute_after(1) || faults.refusal(1));
}

TEST(Faults, FallOnTheShareThatWasAskedFor) {
  const Faults faults({.duplicate = half, .late = half, .rest_errors = half, .garbage = half});
  const auto minute = [](int i) { return noon + std::chrono::minutes(i); };
  const auto near_half = [](int hits) { return hits > 900 && hits < 1'100; };
  EXPECT_TRUE(near_half(count([&](int i) { return faults.is_late("A", minute(i)); })));
  EXPECT_TRUE(near_half(count([&](int i) { return faults.is_duplicate("A", minute(i)); })));
  EXPECT_TRUE(near_half(count([&](int i) { return faults.fails(static_cast<std::uint64_t>(i)); })));
  EXPECT_TRUE(near_half(count([&](int i) { return faults.is_garbage_before(3, static_cast<std::uint64_t>(i)); })));
  // Duplicates and late bars are drawn independently.
  EXPECT_TRUE(
      near_half(count([&](int i) { return faults.is_late("A", minute(i)) != faults.is_duplicate("A", minute(i)); })));
}

TEST(Faults, ABarIsWrongInOneValueThatCouldBeTrue) {
  const Faults faults({.corrections = {1'000'000}});
  bool closes = false, volumes = false;
  for (int i = 0; i < draws; ++i) {
    const TapeBar right = numbered_bar(noon + std::chrono::minutes(i), i);
    const auto wrong = faults.first_version("A", right);
    ASSERT_TRUE(wrong);
    const bool close = wrong->close != right.close, volume = wrong->volume != right.volume;
    ASSERT_NE(close, volume);
    EXPECT_LE(wrong->low, wrong->close);
    EXPECT_LE(wrong->close, wrong->high);
    EXPECT_LE(wrong->volume.nanos, right.volume.nanos);
    EXPECT_EQ(wrong->volume.nanos % dollar, 0) << "shares are whole";
    closes |= close;
    volumes |= volume;
    EXPECT_EQ(*faults.first_version("A", right), *wrong) << "the same seed, the same harm";
  }
  EXPECT_TRUE(closes && volumes);
}

TEST(Faults, ABarWithoutRoomForErrorsIsRight) {
  const Faults faults({.corrections = {1'000'000}});
  TapeBar bar = numbered_bar(noon, 0);
  bar.high = bar.low = bar.close = bar.open;
  bar.volume = {};
  EXPECT_FALSE(faults.first_version("A", bar));
}

TEST(Faults, AnotherSeedDoesOtherHarm) {
  const Faults one({.seed = 1, .late = half}), two({.seed = 2, .late = half});
  EXPECT_GT(count([&](int i) {
              const EventTime minute = noon + std::chrono::minutes(i);
              return one.is_late("A", minute) != two.is_late("A", minute);
            }),
            900);
}

TEST(Faults, ConnectionsEndAroundTheTimeAndTheFirstAreRefused) {
  const Faults faults({.drop_after = 10s, .refuse = Refusal{406, 2}});
  for (std::uint64_t connection = 1; connection <= 100; ++connection) {
    EXPECT_GE(*faults.drop_after(connection), 5s);
    EXPECT_LE(*faults.drop_after(connection), 15s);
  }
  EXPECT_NE(faults.drop_after(1), faults.drop_after(2));
  EXPECT_EQ(faults.refusal(2), 406);
  EXPECT_EQ(faults.refusal(3), std::nullopt);
}

}  // namespace
}  // namespace tidemark
