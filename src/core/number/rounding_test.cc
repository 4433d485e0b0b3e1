// Rounds half away from zero (contract/semantics.md, units).
#include "core/number/rounding.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

constexpr Int128 power_of_ten(int exponent) {
  Int128 value = 1;
  while (exponent-- > 0) value *= 10;
  return value;
}
constexpr Int128 highest_of_128_bits = static_cast<Int128>((static_cast<UInt128>(1) << 127) - 1);

struct Rounding {
  const char* when;
  Int128 dividend, divisor, rounded;
};
constexpr std::array roundings{
    Rounding{"nothing", 0, 7, 0},
    Rounding{"exact", 21, 7, 3},
    Rounding{"below the half", 24, 7, 3},
    Rounding{"above the half", 25, 7, 4},
    Rounding{"the half goes up", 5, 10, 1},
    Rounding{"the half below zero goes down", -5, 10, -1},
    Rounding{"just less than the half", 49'999, 100'000, 0},
    Rounding{"just less than the half below zero", -49'999, 100'000, 0},
    Rounding{"0.00005 is 0.0001", 50'000, 100'000, 1},
    Rounding{"an odd divisor has no half", 3, 5, 1},
    Rounding{"one, below zero", -24, 7, -3},
    Rounding{"by one", highest_of_128_bits, 1, highest_of_128_bits},
    Rounding{"the lowest number by one", -highest_of_128_bits - 1, 1, -highest_of_128_bits - 1},
    Rounding{"beyond 64 bits, the half", power_of_ten(30) * 5 + power_of_ten(25) * 5, power_of_ten(26), 50'001},
    Rounding{"beyond 64 bits, less", power_of_ten(30) * 5 + power_of_ten(25) * 5 - 1, power_of_ten(26), 50'000},
    Rounding{"a wide divisor of a narrow number", 7, power_of_ten(30), 0},
    Rounding{"64 bits by a wide divisor, the half", (Int128{1} << 63), (Int128{1} << 64), 1},
    Rounding{"64 bits by a wide divisor, less", (Int128{1} << 63) - 1, (Int128{1} << 64), 0},
};

TEST(DivideRounded, GoesToTheNearestAndFromTheHalfAwayFromZero) {
  for (const Rounding& row : roundings)
    EXPECT_TRUE(divide_rounded(row.dividend, row.divisor) == row.rounded) << row.when;
}

TEST(DivideRounded, OfA192BitSumIsTheSameWhereItFits) {
  for (const Rounding& row : roundings)
    EXPECT_TRUE(divide_rounded(Sum192(row.dividend), row.divisor) == row.rounded) << row.when;
}

Sum192 times(Int128 value, int count) {
  Sum192 sum;
  for (int i = 0; i < count; ++i) sum.add(value);
  return sum;
}

// 10^38 is the largest power of ten that fits: 1000 of them are 10^41, beyond 2^127 ≈ 1.7·10^38.
TEST(DivideRounded, OfASumBeyond128BitsIsExact) {
  const Int128 large = power_of_ten(38);
  EXPECT_TRUE(divide_rounded(times(large, 1'000), 1'000) == large);
  EXPECT_TRUE(divide_rounded(times(-large, 1'000), 1'000) == -large);
  EXPECT_TRUE(divide_rounded(times(large, 1'000), power_of_ten(38)) == 1'000);

  Sum192 half = times(large, 10);  // (10^39 + 5·10^36) / 10^37 = 100.5
  half.add(5 * power_of_ten(36));
  EXPECT_TRUE(divide_rounded(half, power_of_ten(37)) == 101);
  half.subtract(1);
  EXPECT_TRUE(divide_rounded(half, power_of_ten(37)) == 100);

  Sum192 negative_half = times(-large, 10);
  negative_half.add(-5 * power_of_ten(36));
  EXPECT_TRUE(divide_rounded(negative_half, power_of_ten(37)) == -101);
  negative_half.add(1);
  EXPECT_TRUE(divide_rounded(negative_half, power_of_ten(37)) == -100);
}

TEST(DivideRoundedDeathTest, ADivisorIsPositive) {
  EXPECT_DEATH((void)divide_rounded(1, 0), "broken promise");
  EXPECT_DEATH((void)divide_rounded(1, -1), "broken promise");
}

}  // namespace
}  // namespace tidemark
