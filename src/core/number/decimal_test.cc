// Decimals from their text (contract/semantics.md §2.1): exact, rounded once at the ninth place.
#include "core/number/decimal.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace tidemark {
namespace {

struct Number {
  std::string_view text;
  Int128 nanos;
};
constexpr Int128 one = 1'000'000'000;

// Expected: Decimal(text).quantize(Decimal("1e-9"), ROUND_HALF_UP) of Python, which rounds half away from zero.
constexpr std::array numbers{
    Number{"0", 0},
    Number{"-0", 0},
    Number{"-0.0", 0},
    Number{"0e99999", 0},
    Number{"1", one},
    Number{"-1", -one},
    Number{"175.3", 175'300'000'000},
    Number{"-175.3", -175'300'000'000},
    Number{"0.000000001", 1},
    Number{"0.0000000004", 0},
    Number{"0.0000000005", 1},
    Number{"-0.0000000005", -1},
    Number{"-0.0000000004", 0},
    Number{"0.00000000049999999999999999999999999999999999999", 0},
    Number{"0.0000000014999999999", 1},
    Number{"0.0000000015", 2},
    Number{"0.30000000000000004", 300'000'000},
    Number{"1.9999999995", 2 * one},
    Number{"9.99999999949", 10 * one - 1},
    Number{"1e0", one},
    Number{"1E+2", 100 * one},
    Number{"1.5e3", 1'500 * one},
    Number{"15e-1", one + one / 2},
    Number{"1e-9", 1},
    Number{"5e-10", 1},
    Number{"4.9e-10", 0},
    Number{"1e-10", 0},
    Number{"1e-999999999", 0},
    Number{"1e-99999999999999999999999999", 0},
    Number{"0.00001e5", one},
    Number{"100000e-5", one},
    Number{"123456789012345678", 123'456'789'012'345'678 * one},
    Number{"1234567890123456789", 1'234'567'890'123'456'789 * one},
    Number{"12345678901234567.8", 12'345'678'901'234'567 * one + 800'000'000},
    Number{"0.0000000000000000000000000000000000000000000000000001e52", one},
    Number{"1000000000000000000000000000000000000000000000000000e-51", one},
    Number{"00000000000000000000000000000000000000000000000001", one},
};

TEST(ParseDecimal, ReadsEveryDigit) {
  for (const Number& row : numbers) {
    const ParsedDecimal parsed = parse_decimal(row.text);
    EXPECT_FALSE(parsed.out_of_range) << row.text;
    EXPECT_TRUE(parsed.nanos == row.nanos) << row.text;
  }
}

// Digits that no binary float holds: 99999999999999999999999999999.999999999 has 29 + 9 of them.
TEST(ParseDecimal, HoldsThirtyEightDigits) {
  Int128 wanted = 0;
  for (int i = 0; i < 38; ++i) wanted = wanted * 10 + 9;
  EXPECT_TRUE(parse_decimal("99999999999999999999999999999.999999999").nanos == wanted);
  EXPECT_TRUE(parse_decimal("-99999999999999999999999999999.999999999").nanos == -wanted);
  EXPECT_TRUE(parse_decimal("99999999999999999999999999999999999999e-9").nanos == wanted);
}

struct TooLarge {
  std::string_view text;
  bool negative, has_fraction;
};
constexpr std::array too_large{
    TooLarge{"100000000000000000000000000000", false, false},  // 10^29
    TooLarge{"-100000000000000000000000000000", true, false},
    TooLarge{"1e29", false, false},
    TooLarge{"1e999999999", false, false},
    TooLarge{"-1e999999999", true, false},
    TooLarge{"1e99999999999999999999999999", false, false},
    TooLarge{"100000000000000000000000000000.5", false, true},
    TooLarge{"-100000000000000000000000000000.5", true, true},
    TooLarge{"100000000000000000000000000000.0000000004", false, false},  // a whole number after rounding
    TooLarge{"100000000000000000000000000000.9999999996", false, false},  // the next one
    TooLarge{"100000000000000000000000000000.000000001", false, true},
    TooLarge{"1000000000000000000000000000005e-1", false, true},
};

TEST(ParseDecimal, BeyondEveryFieldItTellsTheSideAndWhetherThereIsAFraction) {
  for (const TooLarge& row : too_large) {
    const ParsedDecimal parsed = parse_decimal(row.text);
    EXPECT_TRUE(parsed.out_of_range) << row.text;
    EXPECT_EQ(parsed.negative, row.negative) << row.text;
    EXPECT_EQ(parsed.has_fraction, row.has_fraction) << row.text;
  }
}

TEST(ParseDecimal, ReadsAsManyDigitsAsARecordHolds) {
  EXPECT_TRUE(parse_decimal("0." + std::string(60'000, '3')).nanos == 333'333'333);
  EXPECT_TRUE(parse_decimal("1" + std::string(60'000, '0') + "e-60000").nanos == one);
  EXPECT_TRUE(parse_decimal("0." + std::string(60'000, '0') + "1e60001").nanos == one);
  EXPECT_TRUE(parse_decimal("1" + std::string(60'000, '0')).out_of_range);
}

// The short and the long path must read the same numbers. An exponent of zero forces the long one.
TEST(ParseDecimal, ReadsTheSameWithAndWithoutAnExponent) {
  std::uint64_t state = 42;
  const auto next = [&state] {
    return state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u, state >> 33;
  };
  for (int round = 0; round < 20'000; ++round) {
    std::string text = next() % 2 == 0 ? "-" : "";
    text += static_cast<char>('1' + next() % 9);
    for (std::uint64_t digits = next() % 20; digits > 0; --digits) text += static_cast<char>('0' + next() % 10);
    if (next() % 4 != 0) {
      text += '.';
      for (std::uint64_t digits = 1 + next() % 12; digits > 0; --digits) text += static_cast<char>('0' + next() % 10);
    }
    const ParsedDecimal plain = parse_decimal(text), with_exponent = parse_decimal(text + "e0");
    EXPECT_TRUE(plain.nanos == with_exponent.nanos) << text;
    EXPECT_EQ(plain.negative, with_exponent.negative) << text;
  }
}

}  // namespace
}  // namespace tidemark
