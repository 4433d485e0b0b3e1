// A feed whose stream is cut, falls silent and stands still, judged by the finals of a market in which nothing of that happened.
#include "run/live_feed/live_feed.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "run/live_feed/same_finals_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

TEST(LiveFeed, BeginsWithTheDayAndGoesOnLive) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 10min);
  expect_same_finals(rig);
  EXPECT_EQ(rig.history->asked.front(), std::pair(pre_market, monday));
  EXPECT_EQ(rig.heartbeats().back(), monday + 9min);
  EXPECT_EQ(rig.feed->status().state, FeedState::Live);
  EXPECT_EQ(rig.feed->name(), "test/iex");
}

TEST(LiveFeed, WhatAMinutesEndCutsInTwoIsFetchedOnceHistoryHasIt) {
  FeedRig rig(monday + 200ms);  // the bars of 14:59 come while it subscribes
  rig.run_to(monday + 5min);
  expect_same_finals(rig);
}

TEST(LiveFeed, AGapIsFilledBeforeTimeGoesOn) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  rig.stream->is_up = false;
  rig.stream->cut();
  rig.run_to(monday + 40min + 7s);
  EXPECT_EQ(rig.heartbeats().back(), monday + 3min);  // none while it is away
  EXPECT_EQ(rig.feed->status().state, FeedState::Down);
  rig.stream->is_up = true;
  rig.run_to(monday + 50min);
  expect_same_finals(rig);
  EXPECT_EQ(rig.journal.events.count("test.filled"), 2u);  // that of the start, and this one
}

TEST(LiveFeed, LiveBarsWaitUntilHistoryIsThere) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  rig.stream->cut();
  rig.history->takes = 4min;
  rig.run_to(monday + 7min);
  EXPECT_EQ(rig.feed->status().state, FeedState::Filling);
  EXPECT_EQ(rig.heartbeats().back(), monday + 3min);
  rig.run_to(monday + 8min);
  rig.history->takes = 200ms;
  rig.run_to(monday + 15min);
  expect_same_finals(rig);
}

TEST(LiveFeed, AnOpenStreamThatSaysNothingIsFoundOut) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  rig.stream->is_mute = true;
  rig.run_to(monday + 20min);
  EXPECT_EQ(rig.stream->begun, 2);
  EXPECT_EQ(rig.journal.events.count("test.lost"), 1u);
  expect_same_finals(rig);
}

TEST(LiveFeed, AMarketInWhichNobodyTradesIsNoOutage) {
  TestMarket market;
  market.closed_from = monday + 3min;
  market.closed_to = monday + 15min;
  FeedRig rig(monday + 25s, market);
  rig.run_to(monday + 14min);
  EXPECT_EQ(rig.heartbeats().back(), monday + 13min);  // history says that there is nothing
  EXPECT_EQ(rig.stream->begun, 1);
  rig.run_to(monday + 25min);
  expect_same_finals(rig);
}

TEST(LiveFeed, NightAndWeekendPassWithoutAQuestion) {
  TestMarket market;
  const EventTime friday_end = at("2026-01-03T01:00:00Z");
  market.closed_from = friday_end;
  market.closed_to = at("2026-01-05T09:00:00Z");
  FeedRig rig(friday_end - 5min + 25s, market);
  rig.run_to(friday_end + 30s);
  const std::size_t asked = rig.history->asked.size();
  rig.run_to(friday_end + 3h);
  EXPECT_EQ(rig.history->asked.size(), asked);
  EXPECT_EQ(rig.feed->status().state, FeedState::Idle);
  EXPECT_EQ(rig.heartbeats().back(), friday_end + 3h - 1min);
  EXPECT_EQ(rig.stream->begun, 1);
}

TEST(LiveFeed, AMarketThatTradesAtNightIsLiveWhateverItsCalendarSays) {
  TestMarket market;
  const EventTime friday_end = at("2026-01-03T01:00:00Z");
  market.closed_from = friday_end;
  market.closed_to = at("2026-01-05T09:00:00Z");
  FeedRig rig(friday_end - 5min + 25s, market);
  rig.run_to(friday_end + 10min);
  EXPECT_EQ(rig.feed->status().state, FeedState::Idle);
  const EventTime minute = friday_end + 9min;
  StreamEvent event;
  event.bars.push_back({.bar = {.time = minute, .record = market.bar("AAPL", minute, true), .is_bar = true}});
  rig.stream->say(std::move(event));
  rig.run_to(friday_end + 11min);
  EXPECT_EQ(rig.feed->status().state, FeedState::Live);
  rig.run_to(friday_end + 13min);
  EXPECT_EQ(rig.feed->status().state, FeedState::Idle);
}

TEST(LiveFeed, ConnectionsThatBreakAtNightAreNoFailures) {
  TestMarket market;
  const EventTime friday_end = at("2026-01-03T01:00:00Z");
  market.closed_from = friday_end;
  market.closed_to = at("2026-01-05T09:00:00Z");
  RigOptions options;
  options.max_retries = 3;
  FeedRig rig(friday_end + 5min, market, options);
  for (int broken = 0; broken < 10; ++broken) {
    rig.run_to(rig.clock.now() + 10min);
    rig.stream->cut();
  }
  rig.run_to(rig.clock.now() + 5min);
  EXPECT_FALSE(rig.error);
  EXPECT_EQ(rig.stream->begun, 11);
  EXPECT_EQ(rig.feed->status().state, FeedState::Idle);
}

// The machine rejects what is an hour ahead of the last heartbeat: the fill brings heartbeats of its own.
TEST(LiveFeed, AWeekendWithoutUsIsFilledAsWell) {
  TestMarket market;
  market.closed_from = at("2026-01-03T01:00:00Z");
  market.closed_to = at("2026-01-05T09:00:00Z");
  const EventTime friday = at("2026-01-02T19:00:00Z");
  FeedRig rig(friday + 25s, market);
  rig.run_to(friday + 10min);
  rig.clock.set(monday + 20s);
  rig.restart();
  rig.run_to(monday + 10min);
  expect_same_finals(rig, at("2026-01-02T09:00:00Z"));
}

TEST(LiveFeed, CorrectionsMissedInAGapAreFetched) {
  TestMarket market;
  market.has_corrections = true;
  FeedRig rig(monday + 25s, market);
  rig.finals.keeps_revisions = false;
  for (const Duration cut : {3min + 10s, 6min + 27s, 9min + 29s, 12min + 31s, 15min + 58s}) {
    rig.run_to(monday + cut);
    rig.stream->cut();
  }
  rig.run_to(monday + 20min);
  expect_same_finals(rig);
  EXPECT_GT(rig.finals.account().corrected, 5);
}

// Live bars of a quarter of an hour wait behind the gap meanwhile; none of them, and none of history's, may come late.
TEST(LiveFeed, AGapThatIsFilledLateMakesNoBarLate) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  rig.history->takes = 14min;
  rig.stream->cut();
  rig.run_to(monday + 17min + 10s);
  EXPECT_EQ(rig.heartbeats().back(), monday + 3min);
  rig.history->takes = 200ms;
  // The server's clock is ahead: the minute that is not over yet is told already.
  Record early = rig.market.bar("AAPL", monday + 17min, false);
  early.value += ' ';
  rig.stream->say(
      {.kind = StreamEvent::Kind::Bars, .bars = {{.bar = {.time = monday + 17min, .record = early, .is_bar = true}}}});
  rig.run_to(monday + 40min);
  expect_same_finals(rig);
  EXPECT_EQ(std::ranges::count(rig.records, early.value, &Record::value), 1);
}

// Its bars of a minute have been sent when it subscribes us, and by our clock that minute is not over.
TEST(LiveFeed, AServerWhoseClockIsAheadCostsNoMinuteAndNoConnection) {
  for (const Duration start : {55s, 56s, 57s, 58s, 59s, 60s}) {
    FeedRig rig(monday + start);
    rig.server_ahead = 4s;
    rig.run_to(monday + 15min);
    EXPECT_EQ(rig.stream->begun, 1);  // what it has not been sent does not make the stream mute
    expect_same_finals(rig);
  }
}

TEST(LiveFeed, AClockWhoseAnswerIsOnItsWayForLongCostsNoMinute) {
  RigOptions options;
  options.has_own_clock = true;
  for (Duration start = 1s; start < 61s; start += 1s) {
    FeedRig rig(monday + start, {}, options);
    rig.history->clock_takes = 50s;
    rig.run_to(monday + 15min);
    expect_same_finals(rig);
  }
}

// A laptop that was closed: what the stream says of the time is there as soon as history's answer.
TEST(LiveFeed, WhoStoodStillWhileTheStreamWentOnBringsNoBarLate) {
  for (const Duration still : {2min, 5min, 12min, 25min}) {
    FeedRig rig(monday + 25s);
    rig.run_to(monday + 3min + 20s);
    rig.stall_to(rig.clock.now() + still);
    rig.run_to(monday + 50min);
    EXPECT_EQ(rig.stream->begun, 1);
    expect_same_finals(rig);
  }
}

TEST(LiveFeed, CorrectionsThatComeWhileAGapIsFilledAreKept) {
  TestMarket market;
  market.has_corrections = true;
  for (int minutes_before = 3; minutes_before < 20; ++minutes_before) {
    FeedRig rig(monday + 25s, market);
    rig.finals.keeps_revisions = false;
    rig.run_to(monday + minutes_before * 1min + 10s);
    rig.stream->cut();
    rig.history->takes = 5min;
    rig.run_to(rig.clock.now() + 5min);
    rig.history->takes = 200ms;
    rig.run_to(monday + 40min);
    expect_same_finals(rig);
  }
}

TEST(LiveFeed, CorrectionsThatAMuteStreamHasKeptComeBeforeTheirWindowsClose) {
  TestMarket market;
  market.has_corrections = true;
  for (int minutes_before = 3; minutes_before < 20; ++minutes_before) {
    FeedRig rig(monday + 25s, market);
    rig.finals.keeps_revisions = false;
    rig.run_to(monday + minutes_before * 1min + 2s);
    rig.stream->is_mute = true;
    rig.run_to(rig.clock.now() + 1min);
    rig.stall_to(rig.clock.now() + 6min);
    rig.run_to(monday + 40min);
    expect_same_finals(rig);
  }
}

// A gap is being fetched when the connection breaks again: the answer is older than the next connection, and does not have
// the corrections that came between them.
TEST(LiveFeed, AnAnswerOlderThanTheConnectionFillsNoGapBehindIt) {
  TestMarket market;
  market.has_corrections = true;
  for (int minute = 3; minute < 23; ++minute) {  // one bar in five is corrected
    const EventTime end = monday + std::chrono::minutes(minute + 1);
    FeedRig rig(monday + 25s, market);
    rig.finals.keeps_revisions = false;
    rig.run_to(end - 30s);
    rig.restart();
    rig.stall_to(end + 2s);
    rig.history->takes = 30s;  // asked ten seconds behind the minute's end
    rig.run_to(end + 31s);     // its corrections have come
    rig.stream->cut();
    rig.run_to(end + 10min);
    expect_same_finals(rig);
  }
}

TEST(LiveFeed, WhoWasAwayTooLongGetsTheLastDay) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 5min);
  const std::size_t before = rig.records.size();
  const EventTime later = at("2026-01-20T15:00:00Z");
  rig.clock.set(later);
  rig.restart();
  rig.run_to(later + 3min);
  EXPECT_EQ(rig.journal.events.count("test.gap_too_long"), 1u);
  EXPECT_EQ(rig.records[before].kind, RecordKind::Heartbeat)
      << "else its first bars were too far ahead of the last one";
  EXPECT_EQ(rig.records[before].time, at("2026-01-20T09:00:00Z"));
  EXPECT_NE(rig.records[before + 1].value.find("2026-01-20T09:00:00Z"), std::string::npos);
  EXPECT_EQ(rig.finals.account().rejected, 0);
}

}  // namespace
}  // namespace tidemark
