// Derived fields of bars (contract/semantics.md §2.7). Expected values by Python's decimal, e.g.
//   ((close - open) / open * 100).quantize(Decimal("0.0001"), ROUND_HALF_UP)
#include "core/market/derive.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

constexpr std::int64_t one = 1'000'000'000;
constexpr std::int64_t fourth = 100'000;  // 0.0001
constexpr std::int64_t largest_price = 9'223'372'036'854'775'806;

struct Derived {
  const char* when;
  std::int64_t open, close;  // units of 1e-9
  Int128 price_change, pct_change;
  Direction direction;
};
constexpr std::array derived{
    Derived{"up", 100 * one, 101 * one, one, one, Direction::Up},
    Derived{"down", 100 * one, 99 * one, -one, -one, Direction::Down},
    Derived{"flat", 100 * one, 100 * one, 0, 0, Direction::Flat},
    // 175.30 → 175.42: 0.12; 0.068454… %
    Derived{"a usual minute", 175'300'000'000, 175'420'000'000, 1'200 * fourth, 685 * fourth, Direction::Up},
    Derived{"up by less than what is written", 100 * one, 100 * one + 1, 0, 0, Direction::Up},
    Derived{"the half goes away from zero", 100 * one, 100 * one + 50'000, fourth, fourth, Direction::Up},
    // −0.00005; −0.00004999997… %
    Derived{"and below zero", 100 * one + 50'000, 100 * one, -fourth, 0, Direction::Down},
    Derived{"just less than the half", 100 * one, 100 * one + 49'999, 0, 0, Direction::Up},
    // 0.000000001 → 0.000000003: +200 %, of a change that rounds to nothing
    Derived{"the smallest prices", 1, 3, 0, 200 * one, Direction::Up},
    // (9223372036.854775806 − 0.000000001) / 0.000000001 × 100 = 922337203685477580500 %
    Derived{"from the smallest price to the largest", 1, largest_price,
            static_cast<Int128>(92'233'720'368'548) * fourth,
            static_cast<Int128>(922'337'203'685'477'580) * 1'000 * one + static_cast<Int128>(500) * one, Direction::Up},
    // Rounded −9223372036.8548 and −99.99999999… → −100
    Derived{"from the largest price to the smallest", largest_price, 1,
            static_cast<Int128>(-92'233'720'368'548) * fourth, -100 * one, Direction::Down},
};

TEST(Derive, GivesChangePercentAndDirection) {
  for (const Derived& row : derived) {
    BarValues bar;
    bar.open = Price{row.open};
    bar.close = Price{row.close};
    derive(bar);
    EXPECT_TRUE(bar.price_change.nanos == row.price_change) << row.when;
    EXPECT_TRUE(bar.pct_change.nanos == row.pct_change) << row.when;
    EXPECT_EQ(bar.direction, row.direction) << row.when;
  }
}

}  // namespace
}  // namespace tidemark
