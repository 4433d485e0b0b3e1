// A feed whose stream and history refuse, lie and fail: what is believed, what is told, and how often.
#include <gtest/gtest.h>

#include <algorithm>

#include "run/live_feed/live_feed.h"
#include "run/live_feed/same_finals_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

const StreamFault refusal{StreamCure::GiveUp, "the server knows no such key"};

TEST(LiveFeed, HistoryThatFailsIsAskedAgain) {
  FeedRig rig(monday + 25s);
  rig.history->fails = 5;
  rig.run_to(monday + 35s);
  EXPECT_TRUE(rig.heartbeats().empty());
  rig.run_to(monday + 15min);
  expect_same_finals(rig);
  // Five failures in half a minute are one line, which the next minute's would follow.
  EXPECT_EQ(rig.journal.events.count("test.history_failed"), 1u);
  EXPECT_EQ(rig.counts.history_failures, 5u);
}

TEST(LiveFeed, WhyAGapIsNotThereYetIsSaid) {
  FeedRig rig(monday + 25s);
  rig.history->fails = 1'000'000;
  rig.run_to(monday + 5min);
  EXPECT_EQ(rig.feed->status().state, FeedState::Filling);
  EXPECT_NE(rig.feed->status().detail.find("; history: history is away"), std::string::npos);
  EXPECT_TRUE(rig.counts.is_history_failing);
  EXPECT_LT(rig.history->asked.size(), 10u);
  rig.history->fails = 0;
  rig.run_to(monday + 20min);
  expect_same_finals(rig);
  EXPECT_EQ(rig.feed->status().detail.find("history:"), std::string::npos);
  EXPECT_FALSE(rig.counts.is_history_failing);
}

TEST(LiveFeed, WhatTheStreamAnswersInItsPlaceHistoryOwesNoMore) {
  TestMarket market;
  market.closed_from = monday + 3min;
  market.closed_to = monday + 4min;  // a quiet minute: history is asked whether it was one
  FeedRig rig(monday + 25s, market);
  rig.run_to(monday + 3min + 30s);
  rig.history->fails = 1'000'000;
  rig.run_to(monday + 4min + 50s);
  EXPECT_NE(rig.feed->status().detail.find("; history: history is away"), std::string::npos);
  rig.run_to(monday + 7min);
  EXPECT_EQ(rig.feed->status().detail.find("history:"), std::string::npos);
  EXPECT_FALSE(rig.counts.is_history_failing);
}

// One answer of that kind used to leave the gap for good.
TEST(LiveFeed, ARefusalOfHistoryIsBelievedWhenItComesThreeTimes) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  rig.history->refuses = 2;
  rig.stream->cut();
  rig.run_to(monday + 20min);
  EXPECT_EQ(rig.history->refuses, 0);
  EXPECT_EQ(rig.journal.events.count("test.gap_not_filled"), 0u);
  expect_same_finals(rig);
}

TEST(LiveFeed, ARefusalOfAStreamThatHasWorkedIsBelievedWhenItComesThreeTimes) {
  for (const std::size_t refusals : {2, 3}) {
    FeedRig rig(monday + 25s);
    rig.run_to(monday + 3min + 20s);
    rig.stream->answers.assign(refusals, refusal);
    rig.stream->cut();
    rig.run_to(monday + 20min);
    EXPECT_EQ(rig.error.has_value(), refusals == 3);
    if (!rig.error) expect_same_finals(rig);
  }
}

TEST(LiveFeed, BarsThatNobodySubscribedToAreRefusedAndCounted) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  for (int each = 0; each < 5; ++each)
    rig.stream->say(
        {.kind = StreamEvent::Kind::Bars,
         .bars = {{.bar = {.time = monday + 3min, .record = rig.market.bar("EVIL", monday + 3min, true)}}}});
  rig.run_to(monday + 10min);
  expect_same_finals(rig);
  EXPECT_TRUE(std::ranges::none_of(rig.records, [](const Record& record) { return record.key == "EVIL"; }));
  EXPECT_EQ(rig.journal.events.count("test.bar_refused"), 1u);
  EXPECT_EQ(rig.counts.refused_of_stream, 5u);
  EXPECT_NE(rig.feed->status().detail.find("; 5 bars refused that nobody asked for"), std::string::npos);
}

TEST(LiveFeed, TooManyCallsForEverAreSaidOnceAMinute) {
  FeedRig rig(monday + 25s);
  rig.history->takes = 10min;
  for (int second = 0; second < 150; ++second) {
    rig.run_to(rig.clock.now() + 1s);
    rig.history->told.calls.refused_in_a_row = ++rig.history->told.calls.refused;
  }
  rig.run_to(rig.clock.now() + 1s);
  EXPECT_EQ(rig.journal.events.count("test.history_limited"), 3u);
  EXPECT_NE(rig.feed->status().detail.find("; history answers 429 (too many calls), 150 in a row"), std::string::npos);
  EXPECT_EQ(rig.counts.history_limited, 150u);
}

TEST(LiveFeed, AStreamThatBreaksEverySecondFillsNoJournal) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  while (rig.clock.now() < monday + 8min) {
    const EventTime minute = floor_to(rig.clock.now(), Duration(1min)) - 1min;
    rig.stream->say({.kind = StreamEvent::Kind::Bars,
                     .bars = {{.bar = {.time = minute, .record = rig.market.bar("AAPL", minute, true)}}}});
    rig.stream->cut();
    rig.run_to(rig.clock.now() + 2s);
  }
  EXPECT_GT(rig.stream->begun, 20);
  EXPECT_LE(rig.journal.events.count("test.lost"), 6u);  // at first, and one a minute
  rig.run_to(monday + 20min);
  expect_same_finals(rig);
}

TEST(LiveFeed, WithoutHistoryTheGapIsSaidAloudAndTimeGoesOn) {
  FeedRig rig(monday + 25s);
  rig.history->is_refused = true;
  rig.run_to(monday + 10min);
  EXPECT_EQ(rig.journal.events.count("test.gap_not_filled"), 1u);
  EXPECT_EQ(rig.heartbeats().back(), monday + 9min);
  EXPECT_NE(rig.feed->status().detail.find("gaps not filled: 1"), std::string::npos);
}

TEST(LiveFeed, ARefusalThatOnlyPeopleCanCureEndsIt) {
  FeedRig rig(monday + 25s);
  rig.stream->answers = {refusal};
  rig.run_to(monday + 30s);
  ASSERT_TRUE(rig.error);
  EXPECT_TRUE(rig.error->is_setup());
  EXPECT_EQ(rig.error->message(), "test: the server knows no such key");
}

TEST(LiveFeed, WhatPassesIsTriedAgainUpToTheLimit) {
  RigOptions options;
  options.max_retries = 3;
  FeedRig rig(monday + 25s, {}, options);
  rig.stream->answers = std::vector<StreamFault>(3, {StreamCure::Reconnect, "the server has a fault of its own"});
  rig.run_to(monday + 10min);
  EXPECT_FALSE(rig.error);
  expect_same_finals(rig);  // bars have come: it counts anew
  rig.stream->is_up = false;
  rig.stream->cut();
  rig.run_to(monday + 20min);
  ASSERT_TRUE(rig.error);
  EXPECT_NE(rig.error->message().find("gave up after 3 tries"), std::string::npos);
}

TEST(LiveFeed, WhatIsNoMessageLandsInTheDeadLetters) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min);
  rig.stream->say({.kind = StreamEvent::Kind::Garbage, .text = "<html>" + std::string(100'000, 'x')});
  rig.stream->cut();
  rig.run_to(monday + 10min);
  EXPECT_EQ(rig.finals.account().rejected, 1);
  EXPECT_EQ(rig.finals.texts, rig.undisturbed(pre_market, rig.heartbeats().back()).texts);
  const auto found = std::ranges::find(rig.records, 100'006u, &Record::bytes_in_all);
  ASSERT_NE(found, rig.records.end());
  EXPECT_EQ(found->value.size(), max_record_bytes + 1);
}

TEST(LiveFeed, ACursorOfAnotherVersionIsRefused) {
  FeedRig rig(monday + 25s);
  rig.cursor = "test9 1 2";
  EXPECT_THROW(rig.restart(), std::runtime_error);
}

}  // namespace
}  // namespace tidemark
