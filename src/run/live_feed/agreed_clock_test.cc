// Which of several clocks is believed. The expected times are the true times of each story.
#include "run/live_feed/agreed_clock.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using Kind = ClockEvent::Kind;

const EventTime noon = *parse_timestamp("2026-11-22T12:00:00Z");

// A world with a true time that the clock should find. The machine was started an hour before noon.
class Story {
 public:
  explicit Story(AgreedClock::Forward forward = AgreedClock::Forward::NeverAlone) : clock(forward) {}

  EventTime steady() const { return EventTime{} + (world - noon) + 1h; }
  void pass(Duration time) {
    for (const EventTime end = world + time; world < end; world += 1s) look();
  }
  void look() { clock.look(steady(), world + wall_ahead); }
  void server(Duration ahead) { clock.server_said(floor_to(world + ahead, 1s), steady() - 40ms, steady()); }
  void bar() { clock.bar_ended(floor_to(world, 1min), steady()); }
  Duration error() const { return clock.at(steady()) - world; }
  std::vector<Kind> told() {
    std::vector<Kind> kinds;
    for (const ClockEvent& event : clock.take_events()) kinds.push_back(event.kind);
    return kinds;
  }

  AgreedClock clock;
  EventTime world = noon;
  Duration wall_ahead{};
};

TEST(AgreedClock, AloneTheWallIsTheTime) {
  Story story;
  EXPECT_FALSE(story.clock.is_known());
  story.pass(1min);
  EXPECT_EQ(story.error(), 0s);
  EXPECT_TRUE(story.clock.needs_server()) << "nobody has agreed yet";
  EXPECT_TRUE(story.told().empty());
}

TEST(AgreedClock, AJumpIsToldOnceAndNotBelieved) {
  Story story;
  story.pass(1min);
  story.wall_ahead = 3h;
  story.pass(25s);
  EXPECT_EQ(story.error(), 0s);
  EXPECT_TRUE(story.clock.needs_server());
  EXPECT_EQ(story.told(), std::vector{Kind::WallJumped});
  story.wall_ahead = 0s;
  story.pass(25s);
  EXPECT_EQ(story.told(), std::vector{Kind::WallReturned});
}

TEST(AgreedClock, AJumpForwardIsNeverBelievedAlone) {
  Story story;
  story.pass(1min);
  story.wall_ahead = 3h;
  story.pass(5h);
  EXPECT_EQ(story.error(), 0s);
}

TEST(AgreedClock, AJumpBackIsBelievedAfterTenMinutesAlone) {
  Story story;
  story.pass(1min);
  story.wall_ahead = -3h;
  story.pass(9min);
  EXPECT_EQ(story.error(), 0s);
  story.pass(2min);
  EXPECT_EQ(story.error(), -3h);
  EXPECT_EQ(story.told(), (std::vector{Kind::WallJumped, Kind::Believed}));
}

TEST(AgreedClock, ASourceThatMakesItsBarsFollowsEitherWay) {
  Story story(AgreedClock::Forward::AloneToo);
  story.pass(1min);
  story.wall_ahead = 3h;
  story.pass(11min);
  EXPECT_EQ(story.error(), 3h);
}

TEST(AgreedClock, AJumpIsBelievedWhenTheServerAgrees) {
  Story story;
  story.pass(1min);
  story.wall_ahead = 3h;
  story.look();
  story.server(3h);
  EXPECT_EQ(story.error(), 3h);
  EXPECT_EQ(story.told(), (std::vector{Kind::WallJumped, Kind::Believed}));
}

TEST(AgreedClock, AServerThatLiesIsToldAndNotBelieved) {
  for (const Duration lie : {Duration(3h), Duration(-3h), Duration(24h * 365 * 20)}) {
    Story story;
    story.pass(1min);
    story.server(0s);
    story.pass(1min);
    story.server(lie);
    story.pass(1min);
    story.server(lie);
    EXPECT_EQ(story.error(), 0s);
    EXPECT_EQ(story.told(), std::vector{Kind::ServerDisagrees}) << "once";
  }
}

TEST(AgreedClock, AnAbsurdYearPoisonsNothing) {
  for (const char* const date : {"2200-01-01T00:00:00Z", "1970-01-01T00:00:00Z"}) {
    Story story;
    story.pass(1min);
    for (int times = 0; times < 3; ++times)
      story.clock.server_said(*parse_timestamp(date), story.steady() - 40ms, story.steady());
    story.pass(1min);
    EXPECT_EQ(story.error(), 0s);
    EXPECT_EQ(story.told(), std::vector{Kind::ServerAbsurd});
  }
}

// No two clocks have agreed yet, and two disagree: the earlier one closes no window too early. Bars end it.
TEST(AgreedClock, WrongFromTheStartTheEarlierHolds) {
  for (const Duration wall : {Duration(3h), Duration(-3h)}) {
    Story story;
    story.wall_ahead = wall;
    story.pass(10s);
    story.server(0s);
    EXPECT_LE(story.error(), 1s);
    story.pass(52s);
    story.bar();
    EXPECT_NEAR(std::chrono::duration<double>(story.error()).count(), 0.0, 1.0) << wall / 1h;
  }
}

TEST(AgreedClock, AWallThatShowsNoTimeIsSilent) {
  Story story;
  story.wall_ahead = *parse_timestamp("1970-01-01T00:00:00Z") - noon;
  story.pass(10s);
  EXPECT_FALSE(story.clock.is_known());
  story.server(0s);
  EXPECT_TRUE(story.clock.is_known());
  EXPECT_NEAR(std::chrono::duration<double>(story.error()).count(), 0.0, 1.0);
}

TEST(AgreedClock, SmallStepsAreFollowedButDoNotAddUp) {
  Story story;
  story.pass(1min);
  story.server(0s);
  story.wall_ahead = 1500ms;
  story.look();
  EXPECT_EQ(story.error(), 1500ms);
  for (int step = 0; step < 100; ++step) {
    story.wall_ahead += 1500ms;
    story.pass(1min);
    story.bar();
  }
  EXPECT_LE(story.error(), 20s) << "bars bound it";
}

TEST(AgreedClock, ABarFromTheFutureProvesNothing) {
  Story story;
  story.pass(1min);
  story.clock.bar_ended(story.world + 24h, story.steady());
  story.pass(1min);
  EXPECT_EQ(story.error(), 0s);
}

}  // namespace
}  // namespace tidemark
