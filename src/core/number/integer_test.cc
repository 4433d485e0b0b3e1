// Wide integers against products, quotients and differences computed by Python (int, unlimited), e.g.
//   a, b = (1 << 128) - 1, (1 << 128) - 1;  [hex(a * b >> s & 2**64 - 1) for s in (192, 128, 64, 0)]
#include "core/number/integer.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace tidemark {
namespace {

constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();

constexpr UInt128 u128(std::uint64_t high, std::uint64_t low) { return static_cast<UInt128>(high) << 64 | low; }
constexpr UInt256 u256(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  return {.low = u128(c, d), .high = u128(a, b)};
}

struct Product {
  UInt128 a, b;
  UInt256 product;
};
constexpr std::array products{
    Product{0, u128(all, all), u256(0, 0, 0, 0)},
    Product{1, u128(all, all), u256(0, 0, all, all)},
    Product{u128(all, all), u128(all, all), u256(all, all - 1, 0, 1)},
    Product{u128(1, 0), u128(1, 0), u256(0, 1, 0, 0)},
    Product{u128(0, all), u128(0, all), u256(0, 0, all - 1, 1)},
    Product{u128(all, 0), u128(0, all), u256(0, all - 1, 1, 0)},
    // 10^38 squared.
    Product{u128(0x4b3b4ca85a86c47a, 0x98a224000000000), u128(0x4b3b4ca85a86c47a, 0x98a224000000000),
            u256(0x161bcca7119915b5, 0x764b4abe8652979, 0x7775a5f171951000, 0)},
    Product{u128(0x6513270e269e0d37, 0xf2a74de452e6b438), u128(0xd23f0824128b2f33, 0xc5c7fd0a6a3a450),
            u256(0x530298f70f6563b7, 0x63b9715a38223aca, 0x9dcca67f86cc4f1e, 0xdb4b33b6c3343180)},
    Product{u128(0x9531985d5d9dc9f8, 0x1818e811892f902b), u128(0x36f675cc81e74ef5, 0xe8e25d940ed90475),
            u256(0x20081872f5541ff6, 0x158fdc07a531d044, 0x5b5e8bd34da4cb55, 0xe8353137ff708fa7)},
    Product{u128(0x6b0d549b6f03675a, 0x1600a35a099950d8), u128(0x8d116ece1738f7d9, 0x3d9c172411e20b8f),
            u256(0x3afda1d223422316, 0x73eb69d061615871, 0xc6bc6f9dae7671fc, 0x5cf28bcca9cd70a8)},
};

TEST(UInt256, HoldsTheWholeProductOfTwo128BitNumbers) {
  for (const Product& row : products) {
    EXPECT_TRUE(multiply(row.a, row.b) == row.product);
    EXPECT_TRUE(multiply(row.b, row.a) == row.product);
  }
}

struct WideProduct {
  UInt256 a;
  UInt128 b;
  UInt256 product;
};
constexpr std::array wide_products{
    WideProduct{u256(0, all, all, all), u128(0, all / 2 + 1), u256(all / 2, all, all, all / 2 + 1)},
    WideProduct{u256(0, 0xc000000000000000, 0, 0), u128(0, 0x1000000000000001),
                u256(0xc00000000000000, 0xc000000000000000, 0, 0)},
    WideProduct{u256(0, 0x1fb17c23, 0x90c192cfd3ac94af, 0xf21ddb66cad4a26), u128(0x285c2cc, 0x39263059f28c105d),
                u256(0x4ff24b8e30d6b9, 0xb3a75635e0989891, 0xc41c43165cac20f6, 0xd721822c85e4fce)},
    WideProduct{u256(0x65, 0x95e60af593bd04cf, 0xfd630f1f29d0da9, 0x953f48f1a09f76b5), u128(0, 0x3e7af0cb1e29c),
                u256(0x18cb16b36a32a34, 0x208dcc5599c156b3, 0xa610a32fdeecf840, 0xa8cbc397371d204c)},
};

TEST(UInt256, TimesA128BitNumberIsExactWhereItFits) {
  for (const WideProduct& row : wide_products) EXPECT_TRUE(multiply(row.a, row.b) == row.product);
}

struct Quotient {
  UInt256 dividend, divisor, quotient;
};
constexpr std::array quotients{
    Quotient{u256(0, 0, 0, 0), u256(0, 0, 0, 1), u256(0, 0, 0, 0)},
    Quotient{u256(0, 0, 0, 7), u256(0, 0, 0, 2), u256(0, 0, 0, 3)},
    Quotient{u256(0, 0, 0, 5), u256(0, 0, 0, 6), u256(0, 0, 0, 0)},
    Quotient{u256(all, all, all, all), u256(0, 0, 0, 1), u256(all, all, all, all)},
    Quotient{u256(all / 2, all, all, all), u256(0, 0, all / 2, all), u256(0, 1, 0, 2)},
    Quotient{u256(0x100, 0, 0, 0), u256(0, 0, 0, 3),
             u256(0x55, 0x5555555555555555, 0x5555555555555555, 0x5555555555555555)},
    // 10^70 / (10^35 + 7)
    Quotient{u256(0x172ebad6ddc, 0x73c86d67c5faa71c, 0x245689c107950240, 0),
             u256(0, 0, 0x13426172c74d82, 0x2b878fe800000007), u256(0, 0, 0x13426172c74d82, 0x2b878fe7fffffff9)},
    Quotient{u256(0x93b79a6b4cb242, 0x4a23d5962217bead, 0xdbc496cb8e81973e, 0xbecd7b03898d190),
             u256(0, 2, 0x4ef8aa3892276658, 0x1e27a1c08a6a63ec), u256(0, 0, 0x3ffd2830a54d94, 0xacfbca3a4349defa)},
    Quotient{u256(0x180c2862a38fd547, 0x923a736994e3bf91, 0x1a61dbe22e44158b, 0xae97ba94d0eda82f),
             u256(0, 0, 0, 0x18f135d25f557203), u256(0, 0xf6d111dcef8a57f2, 0x6744a7b770ae9aec, 0x115cbb2f0379bee8)},
    Quotient{u256(0x4000000000000000, 0, 0, 0), u256(0x3fffffffffffffff, all, all, all), u256(0, 0, 0, 1)},
};

TEST(UInt256, DividesDown) {
  for (const Quotient& row : quotients) EXPECT_TRUE(divide(row.dividend, row.divisor) == row.quotient);
}

struct Pair {
  UInt256 large, small, sum, difference;
};
constexpr std::array pairs{
    Pair{u256(0, 1, 0, 0), u256(0, 0, 0, 1), u256(0, 1, 0, 1), u256(0, 0, all, all)},
    Pair{u256(0, 0, all, all), u256(0, 0, 0, 1), u256(0, 1, 0, 0), u256(0, 0, all, all - 1)},
    Pair{u256(0x8000000000000000, 0, 0, 0), u256(0, 0, all, all), u256(0x8000000000000000, 0, all, all),
         u256(all / 2, all, 0, 1)},
    Pair{u256(0x3f8a829234b9b5df, 0x9e7769b10f4205b4, 0x907a70c31012f037, 0xb64ce4228c38fb29),
         u256(0x95, 0x7731af10506bf2ef, 0xc6f877186d76b07e, 0x881ed162ae2eb154),
         u256(0x3f8a829234b9b675, 0x15a918c15fadf8a4, 0x5772e7db7d89a0b6, 0x3e6bb5853a67ac7d),
         u256(0x3f8a829234b9b54a, 0x2745baa0bed612c4, 0xc981f9aaa29c3fb9, 0x2e2e12bfde0a49d5)},
};

TEST(UInt256, CarriesAndBorrowsAcrossTheMiddle) {
  for (const Pair& row : pairs) {
    EXPECT_TRUE(row.large + row.small == row.sum);
    EXPECT_TRUE(row.large - row.small == row.difference);
    EXPECT_TRUE(row.small < row.large);
    EXPECT_TRUE(row.large > row.small);
    EXPECT_TRUE((row.large <=> row.large) == std::strong_ordering::equal);
  }
}

TEST(UInt256, ShiftsAcrossTheMiddle) {
  constexpr UInt256 value = u256(0, 0, 0x8000000000000001, 3);
  EXPECT_TRUE(value.shifted_left(0) == value);
  EXPECT_TRUE(value.shifted_left(1) == u256(0, 1, 2, 6));
  EXPECT_TRUE(value.shifted_left(127) == u256(0x4000000000000000, 0x8000000000000001, 0x8000000000000000, 0));
  EXPECT_TRUE(value.bit(0) && value.bit(1) && !value.bit(2) && value.bit(127) && !value.bit(128));
  EXPECT_TRUE(u256(0x8000000000000000, 1, 0, 0).bit(255));
  EXPECT_TRUE(u256(0x8000000000000000, 1, 0, 0).bit(128));
}

TEST(Magnitude, OfTheLowestNumberIsOneMoreThanTheHighest) {
  constexpr Int128 lowest = static_cast<Int128>(u128(0x8000000000000000, 0));
  EXPECT_TRUE(magnitude(lowest) == u128(0x8000000000000000, 0));
  EXPECT_TRUE(magnitude(-1) == 1);
  EXPECT_TRUE(magnitude(0) == 0);
}

constexpr Int128 highest = static_cast<Int128>(u128(all / 2, all));

TEST(Sum192, GoesBeyond128BitsAndBack) {
  Sum192 sum;
  for (int i = 0; i < 1'000; ++i) sum.add(highest);
  EXPECT_FALSE(sum.fits_int128());
  // 1000 · (2^127 − 1) = 499 · 2^128 + (2^128 − 1000)
  EXPECT_EQ(sum.high(), 499);
  EXPECT_TRUE(sum.low() == u128(all, all - 999));
  for (int i = 0; i < 999; ++i) sum.subtract(highest);
  EXPECT_TRUE(sum.fits_int128());
  EXPECT_TRUE(sum.as_int128() == highest);
}

TEST(Sum192, GoesBelowZeroAndBack) {
  Sum192 sum;
  for (int i = 0; i < 3; ++i) sum.add(-highest);
  EXPECT_TRUE(sum.is_negative());
  EXPECT_FALSE(sum.fits_int128());
  // −3 · (2^127 − 1) = −2 · 2^128 + (2^127 + 3)
  EXPECT_EQ(sum.high(), -2);
  EXPECT_TRUE(sum.low() == u128(0x8000000000000000, 3));
  for (int i = 0; i < 3; ++i) sum.add(highest);
  EXPECT_TRUE(sum == Sum192{});
}

TEST(Sum192, KnowsWhenItFits) {
  constexpr Int128 lowest = -highest - 1;
  EXPECT_TRUE(Sum192(highest).fits_int128());
  EXPECT_TRUE(Sum192(lowest).fits_int128());
  Sum192 above(highest), below(lowest);
  above.add(1);
  below.subtract(1);
  EXPECT_FALSE(above.fits_int128());
  EXPECT_FALSE(below.fits_int128());
  above.subtract(1);
  below.add(1);
  EXPECT_TRUE(above.as_int128() == highest);
  EXPECT_TRUE(below.as_int128() == lowest);
}

TEST(Sum192, AddsSumsOfEitherSign) {
  Sum192 large, small;
  for (int i = 0; i < 10; ++i) large.add(highest), small.add(-highest);
  large.add(small);
  EXPECT_TRUE(large == Sum192{});
}

}  // namespace
}  // namespace tidemark
