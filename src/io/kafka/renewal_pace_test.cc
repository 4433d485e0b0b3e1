// The first replacement of a producer is immediate; the following ones come at growing intervals.
#include "io/kafka/renewal_pace.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr RenewalPace::Time start{1000s};

TEST(RenewalPace, TheFirstIsAtOnce) { EXPECT_LE(RenewalPace().next(), start); }

TEST(RenewalPace, TheWaitDoublesUpToItsLimit) {
  RenewalPace pace(5s);
  RenewalPace::Time now = start;
  for (const auto wait : {1s, 2s, 4s, 5s, 5s}) {
    pace.renewed(now);
    EXPECT_EQ(pace.next() - now, wait);
    now = pace.next();
  }
}

TEST(RenewalPace, AfterACalmMinuteItBeginsFromTheStart) {
  RenewalPace pace;
  pace.renewed(start);
  pace.renewed(start + 1s);
  EXPECT_EQ(pace.next(), start + 3s);
  pace.renewed(start + 62s);
  EXPECT_EQ(pace.next(), start + 63s);
}

TEST(RenewalPace, InAnHourOfTroubleThereAreHundredTwentyFour) {
  // 1 + 2 + 4 + 8 + 16 seconds, then one each 30 seconds: 1 + 5 + floor((3600 − 31) / 30) = 124.
  RenewalPace pace;
  int count = 0;
  for (RenewalPace::Time now = start; now <= start + 1h; now = std::max(pace.next(), now + 1ms)) {
    pace.renewed(now);
    ++count;
  }
  EXPECT_EQ(count, 124);
}

}  // namespace
}  // namespace tidemark
