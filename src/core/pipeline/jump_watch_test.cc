// Finds the record that made bars late, if one did.
#include "core/pipeline/jump_watch.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr Duration delay = 2min;
EventTime at(Duration since_1970) { return EventTime(since_1970); }

TEST(JumpWatch, AJumpIsMoreThanAnHour) {
  JumpWatch watch;
  watch.moved(at(0h), at(1h), delay, {"log", 1}, "A");
  EXPECT_FALSE(watch.late(at(30min)));
  watch.moved(at(1h), at(2h + 1ns), delay, {"log", 2}, "B");
  const auto jump = watch.late(at(90min));
  ASSERT_TRUE(jump);
  EXPECT_EQ(jump->position, 2);
  EXPECT_EQ(jump->symbol, "B");
  EXPECT_EQ(jump->bar, at(2h + 1ns));
  EXPECT_EQ(jump->from, at(58min));
  EXPECT_EQ(jump->to, at(118min + 1ns));
  EXPECT_EQ(jump->late, 1);
}

TEST(JumpWatch, ABarThatIsLateWithoutAJumpIsNotBehindIt) {
  JumpWatch watch;
  watch.moved(at(10h), at(100h), delay, {"log", 1}, "A");
  EXPECT_FALSE(watch.late(at(10h)));
  EXPECT_FALSE(watch.late(at(100h - delay))) << "as far as the watermark, and a bar there is in time";
  EXPECT_FALSE(watch.last());
  EXPECT_EQ(watch.late(at(10h + 1ns))->late, 1);
  EXPECT_EQ(watch.late(at(50h))->late, 2);
  EXPECT_EQ(watch.last()->late, 2);
}

TEST(JumpWatch, TheJumpAcrossTheBarIsTold) {
  JumpWatch watch;
  watch.moved(at(10h), at(100h), delay, {"log", 1}, "A");
  watch.moved(at(100h), at(1'000h), delay, {"log", 2}, "A");
  EXPECT_EQ(watch.late(at(50h))->position, 1);
  EXPECT_EQ(watch.late(at(500h))->position, 2);
}

TEST(JumpWatch, AJumpIsOverWhenTheWatermarkIsLoweredOrTimeHasCome) {
  JumpWatch lowered, caught_up;
  for (JumpWatch* const watch : {&lowered, &caught_up}) {
    watch->moved(at(10h), at(100h), delay, {"log", 1}, "A");
    ASSERT_TRUE(watch->late(at(50h)));
  }
  lowered.lowered(at(10h));
  EXPECT_FALSE(lowered.last());
  EXPECT_FALSE(lowered.late(at(50h)));
  caught_up.accepted(at(101h));
  EXPECT_TRUE(caught_up.last());
  caught_up.accepted(at(101h + 1ns));
  EXPECT_FALSE(caught_up.last());
}

TEST(JumpWatch, NightsDoNotCrowdOutTheYears) {
  JumpWatch watch;
  watch.moved(at(0h), at(1'000h), delay, {"log", 1}, "A");
  for (int night = 0; night < 100; ++night)
    watch.moved(at(1'000h + night * 24h), at(1'017h + night * 24h), delay, {"log", 2 + night}, "A");
  EXPECT_EQ(watch.late(at(500h))->position, 1);
}

}  // namespace
}  // namespace tidemark
