#include "io/parquet/nearest_double.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(NearestDouble, DividesOnceWhileUnitsAreDoubles) {
  EXPECT_EQ(nearest_double(0), 0.0);
  EXPECT_EQ(nearest_double(1'753'000), 175.3);
  EXPECT_EQ(nearest_double(-1), -0.0001);
  EXPECT_EQ(nearest_double(9'007'199'254'740'992), 900'719'925'474.0992);  // 2^53
}

// The literals are the exact decimals, so the compiler rounds them once. Dividing the rounded units would be off by one
// step in each case.
TEST(NearestDouble, RoundsOnceBeyond) {
  EXPECT_EQ(nearest_double(9'007'199'254'740'995), 900719925474.0995);
  EXPECT_EQ(nearest_double(9'007'199'254'740'997), 900719925474.0997);
  EXPECT_EQ(nearest_double(18'014'398'509'481'989), 1801439850948.1989);
  EXPECT_EQ(nearest_double(-36'028'797'018'963'978), -3602879701896.3978);
}

TEST(NearestDouble, OfNanosIsWhatEveryReaderGetsForTheText) {
  EXPECT_EQ(nearest_double_of_nanos(0), 0.0);
  EXPECT_EQ(nearest_double_of_nanos(8'123), 0.000008123);
  EXPECT_EQ(nearest_double_of_nanos(-1'084'323'300), -1.0843233);
  EXPECT_EQ(nearest_double_of_nanos(9'223'372'036'854'775'806), 9223372036.854775806);
  EXPECT_EQ(nearest_double_of_nanos(9'007'199'254'740'995), 9007199.254740995);
  EXPECT_EQ(nearest_double_of_nanos(Int128{1'000'000'000'000'000'000} * 999'999'999), 999999999000000000.0);
}

TEST(NearestDouble, HoldsWhatFitsInNoWord) {
  const Int128 units = Int128{1'000'000'000'000'000'000} * 1'000'000'000'000;  // 1e30 units
  EXPECT_EQ(nearest_double(units), 1e26);
  EXPECT_EQ(nearest_double(-units), -1e26);
}

}  // namespace
}  // namespace tidemark
