// The text of the progress line.
#include "app/process/progress.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using std::chrono::duration;

TEST(ProgressText, TellsShareRateAndTimeLeft) {
  // 1.2 M in 2 s is 0.6 M/s; the other 1.8 M take 3 s.
  EXPECT_EQ(progress_text("bars", 1'200'000, 3'000'000, duration<double>(2)),
            "1,200,000 bars (40 %), 600.0 k bars/s, 3 s left");
}

TEST(ProgressText, WithoutATotalTellsTheRate) {
  EXPECT_EQ(progress_text("bars", 3'000'000, std::nullopt, duration<double>(2)), "3,000,000 bars, 1.5 M bars/s");
}

TEST(ProgressText, LongTimesAreInMinutesAndHours) {
  EXPECT_EQ(progress_text("MB", 10, 910, duration<double>(10)), "10 MB (1 %), 1 MB/s, 15 min 00 s left");
  EXPECT_EQ(progress_text("MB", 10, 7'320, duration<double>(10)), "10 MB (0 %), 1 MB/s, 2 h 01 min left");
}

// An estimate may be wrong. The line shows nothing negative and nothing over 100 %.
TEST(ProgressText, BeyondTheTotalItIsSilentAboutIt) {
  EXPECT_EQ(progress_text("bars", 12, 10, duration<double>(1)), "12 bars, 12 bars/s");
}

}  // namespace
}  // namespace tidemark
