// A feed whose stream is cut, falls silent and lies, judged by the finals of a market in which nothing of that happened.
#include "io/alpaca/alpaca_feed.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "io/alpaca/market_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

const EventTime monday = at("2026-01-05T15:00:00Z");      // ten in the morning in New York
const EventTime pre_market = at("2026-01-05T09:00:00Z");  // of that day: where a fresh feed begins

void expect_same_finals(const FeedRig& rig, EventTime from = pre_market) {
  const auto expected = rig.undisturbed(from, rig.heartbeats().back());
  EXPECT_GT(expected.texts.size(), 20u);
  EXPECT_EQ(rig.finals.texts.size(), expected.texts.size());
  for (const auto& [window, text] : expected.texts) {
    const auto found = rig.finals.texts.find(window);
    ASSERT_EQ(found == rig.finals.texts.end() ? "nothing" : found->second, text);
  }
  EXPECT_EQ(rig.finals.account().late, 0);
  EXPECT_EQ(rig.finals.account().rejected, 0);
  EXPECT_TRUE(std::ranges::is_sorted(rig.heartbeats()));
}

TEST(AlpacaFeed, BeginsWithTheDayAndGoesOnLive) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 10min);
  expect_same_finals(rig);
  EXPECT_EQ(rig.history->asked.front(), std::pair(pre_market, monday));
  EXPECT_EQ(rig.heartbeats().back(), monday + 9min);
  EXPECT_EQ(rig.feed->status().state, FeedState::Live);
  EXPECT_EQ(rig.feed->name(), "alpaca/iex");
}

TEST(AlpacaFeed, WhatAMinutesEndCutsInTwoIsFetchedOnceHistoryHasIt) {
  FeedRig rig(monday + 200ms);  // the bars of 14:59 come while it subscribes
  rig.run_to(monday + 5min);
  expect_same_finals(rig);
}

TEST(AlpacaFeed, AGapIsFilledBeforeTimeGoesOn) {
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
  EXPECT_EQ(rig.journal.events.count("alpaca.filled"), 2u);  // that of the start, and this one
}

TEST(AlpacaFeed, LiveBarsWaitUntilHistoryIsThere) {
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

TEST(AlpacaFeed, AnOpenStreamThatSaysNothingIsFoundOut) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  rig.stream->is_mute = true;
  rig.run_to(monday + 20min);
  EXPECT_EQ(rig.stream->begun, 2);
  EXPECT_EQ(rig.journal.events.count("alpaca.lost"), 1u);
  expect_same_finals(rig);
}

TEST(AlpacaFeed, AMarketInWhichNobodyTradesIsNoOutage) {
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

TEST(AlpacaFeed, NightAndWeekendPassWithoutAQuestion) {
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

TEST(AlpacaFeed, ConnectionsThatBreakAtNightAreNoFailures) {
  TestMarket market;
  const EventTime friday_end = at("2026-01-03T01:00:00Z");
  market.closed_from = friday_end;
  market.closed_to = at("2026-01-05T09:00:00Z");
  AlpacaFeedOptions options;
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
TEST(AlpacaFeed, AWeekendWithoutUsIsFilledAsWell) {
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

TEST(AlpacaFeed, CorrectionsMissedInAGapAreFetched) {
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

TEST(AlpacaFeed, HistoryThatFailsIsAskedAgain) {
  FeedRig rig(monday + 25s);
  rig.history->fails = 5;
  rig.run_to(monday + 35s);
  EXPECT_TRUE(rig.heartbeats().empty());
  rig.run_to(monday + 15min);
  expect_same_finals(rig);
  // Five failures in half a minute are one line, which the next minute's would follow.
  EXPECT_EQ(rig.journal.events.count("alpaca.history_failed"), 1u);
  EXPECT_NE(rig.metrics.expose().find("tidemark_alpaca_history_failures_total 5\n"), std::string::npos);
}

TEST(AlpacaFeed, WhyAGapIsNotThereYetIsSaid) {
  FeedRig rig(monday + 25s);
  rig.history->fails = 1'000'000;
  rig.run_to(monday + 5min);
  EXPECT_EQ(rig.feed->status().state, FeedState::Filling);
  EXPECT_NE(rig.feed->status().detail.find("; history: history is away"), std::string::npos);
  EXPECT_NE(rig.metrics.expose().find("tidemark_alpaca_history_failing 1\n"), std::string::npos);
  EXPECT_LT(rig.history->asked.size(), 10u);
  rig.history->fails = 0;
  rig.run_to(monday + 20min);
  expect_same_finals(rig);
  EXPECT_EQ(rig.feed->status().detail.find("history:"), std::string::npos);
  EXPECT_NE(rig.metrics.expose().find("tidemark_alpaca_history_failing 0\n"), std::string::npos);
}

TEST(AlpacaFeed, WhatTheStreamAnswersInItsPlaceHistoryOwesNoMore) {
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
  EXPECT_NE(rig.metrics.expose().find("tidemark_alpaca_history_failing 0\n"), std::string::npos);
}

// Live bars of a quarter of an hour wait behind the gap meanwhile; none of them, and none of history's, may come late.
TEST(AlpacaFeed, AGapThatIsFilledLateMakesNoBarLate) {
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
TEST(AlpacaFeed, AServerWhoseClockIsAheadCostsNoMinuteAndNoConnection) {
  for (const Duration start : {55s, 56s, 57s, 58s, 59s, 60s}) {
    FeedRig rig(monday + start);
    rig.server_ahead = 4s;
    rig.run_to(monday + 15min);
    EXPECT_EQ(rig.stream->begun, 1);  // what it has not been sent does not make the stream mute
    expect_same_finals(rig);
  }
}

TEST(AlpacaFeed, AClockWhoseAnswerIsOnItsWayForLongCostsNoMinute) {
  AlpacaFeedOptions options;
  options.has_own_clock = true;
  for (Duration start = 1s; start < 61s; start += 1s) {
    FeedRig rig(monday + start, {}, options);
    rig.history->clock_takes = 50s;
    rig.run_to(monday + 15min);
    expect_same_finals(rig);
  }
}

// A laptop that was closed: what the stream says of the time is there as soon as history's answer.
TEST(AlpacaFeed, WhoStoodStillWhileTheStreamWentOnBringsNoBarLate) {
  for (const Duration still : {2min, 5min, 12min, 25min}) {
    FeedRig rig(monday + 25s);
    rig.run_to(monday + 3min + 20s);
    rig.stall_to(rig.clock.now() + still);
    rig.run_to(monday + 50min);
    EXPECT_EQ(rig.stream->begun, 1);
    expect_same_finals(rig);
  }
}

TEST(AlpacaFeed, CorrectionsThatComeWhileAGapIsFilledAreKept) {
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

TEST(AlpacaFeed, CorrectionsThatAMuteStreamHasKeptComeBeforeTheirWindowsClose) {
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

// One answer of that kind used to leave the gap for good.
TEST(AlpacaFeed, ARefusalOfHistoryIsBelievedWhenItComesThreeTimes) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  rig.history->refuses = 2;
  rig.stream->cut();
  rig.run_to(monday + 20min);
  EXPECT_EQ(rig.history->refuses, 0);
  EXPECT_EQ(rig.journal.events.count("alpaca.gap_not_filled"), 0u);
  expect_same_finals(rig);
}

TEST(AlpacaFeed, ARefusalOfAStreamThatHasWorkedIsBelievedWhenItComesThreeTimes) {
  for (const std::size_t refusals : {2, 3}) {
    FeedRig rig(monday + 25s);
    rig.run_to(monday + 3min + 20s);
    rig.stream->answers.assign(refusals, stream_fault(402, "auth failed", "iex"));
    rig.stream->cut();
    rig.run_to(monday + 20min);
    EXPECT_EQ(rig.error.has_value(), refusals == 3);
    if (!rig.error) expect_same_finals(rig);
  }
}

TEST(AlpacaFeed, BarsThatNobodySubscribedToAreRefusedAndCounted) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 3min + 20s);
  for (int each = 0; each < 5; ++each)
    rig.stream->say(
        {.kind = StreamEvent::Kind::Bars,
         .bars = {{.bar = {.time = monday + 3min, .record = rig.market.bar("EVIL", monday + 3min, true)}}}});
  rig.run_to(monday + 10min);
  expect_same_finals(rig);
  EXPECT_TRUE(std::ranges::none_of(rig.records, [](const Record& record) { return record.key == "EVIL"; }));
  EXPECT_EQ(rig.journal.events.count("alpaca.bar_refused"), 1u);
  EXPECT_NE(rig.metrics.expose().find(R"(tidemark_alpaca_refused_bars_total{from="stream"} 5)"), std::string::npos);
  EXPECT_NE(rig.feed->status().detail.find("; 5 bars refused that nobody asked for"), std::string::npos);
}

TEST(AlpacaFeed, TooManyCallsForEverAreSaidOnceAMinute) {
  FeedRig rig(monday + 25s);
  rig.history->takes = 10min;
  for (int second = 0; second < 150; ++second) {
    rig.run_to(rig.clock.now() + 1s);
    rig.history->told.calls.refused_in_a_row = ++rig.history->told.calls.refused;
  }
  rig.run_to(rig.clock.now() + 1s);
  EXPECT_EQ(rig.journal.events.count("alpaca.history_limited"), 3u);
  EXPECT_NE(rig.feed->status().detail.find("; history answers 429 (too many calls), 150 in a row"), std::string::npos);
  EXPECT_NE(rig.metrics.expose().find("tidemark_alpaca_history_limited_total 150\n"), std::string::npos);
}

TEST(AlpacaFeed, AStreamThatBreaksEverySecondFillsNoJournal) {
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
  EXPECT_LE(rig.journal.events.count("alpaca.lost"), 6u);  // at first, and one a minute
  rig.run_to(monday + 20min);
  expect_same_finals(rig);
}

TEST(AlpacaFeed, WithoutHistoryTheGapIsSaidAloudAndTimeGoesOn) {
  FeedRig rig(monday + 25s);
  rig.history->is_refused = true;
  rig.run_to(monday + 10min);
  EXPECT_EQ(rig.journal.events.count("alpaca.gap_not_filled"), 1u);
  EXPECT_EQ(rig.heartbeats().back(), monday + 9min);
  EXPECT_NE(rig.feed->status().detail.find("gaps not filled: 1"), std::string::npos);
}

TEST(AlpacaFeed, WhoWasAwayTooLongGetsTheLastDay) {
  FeedRig rig(monday + 25s);
  rig.run_to(monday + 5min);
  const std::size_t before = rig.records.size();
  const EventTime later = at("2026-01-20T15:00:00Z");
  rig.clock.set(later);
  rig.restart();
  rig.run_to(later + 3min);
  EXPECT_EQ(rig.journal.events.count("alpaca.gap_too_long"), 1u);
  EXPECT_EQ(rig.records[before].kind, RecordKind::Heartbeat)
      << "else its first bars were too far ahead of the last one";
  EXPECT_EQ(rig.records[before].time, at("2026-01-20T09:00:00Z"));
  EXPECT_NE(rig.records[before + 1].value.find("2026-01-20T09:00:00Z"), std::string::npos);
  EXPECT_EQ(rig.finals.account().rejected, 0);
}

TEST(AlpacaFeed, ARefusalThatOnlyPeopleCanCureEndsIt) {
  FeedRig rig(monday + 25s);
  rig.stream->answers = {stream_fault(402, "auth failed", "iex")};
  rig.run_to(monday + 30s);
  ASSERT_TRUE(rig.error);
  EXPECT_TRUE(rig.error->is_setup());
  EXPECT_NE(rig.error->message().find("ALPACA_API_SECRET"), std::string::npos);
}

TEST(AlpacaFeed, WhatPassesIsTriedAgainUpToTheLimit) {
  AlpacaFeedOptions options;
  options.max_retries = 3;
  FeedRig rig(monday + 25s, {}, options);
  rig.stream->answers = {stream_fault(500, "", "iex"), stream_fault(404, "", "iex"), stream_fault(407, "", "iex")};
  rig.run_to(monday + 10min);
  EXPECT_FALSE(rig.error);
  expect_same_finals(rig);  // bars have come: it counts anew
  rig.stream->is_up = false;
  rig.stream->cut();
  rig.run_to(monday + 20min);
  ASSERT_TRUE(rig.error);
  EXPECT_NE(rig.error->message().find("gave up after 3 tries"), std::string::npos);
}

TEST(AlpacaFeed, WhatIsNoMessageLandsInTheDeadLetters) {
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

TEST(AlpacaFeed, ACursorOfAnotherVersionIsRefused) {
  FeedRig rig(monday + 25s);
  rig.cursor = "alpaca9 1 2";
  EXPECT_THROW(rig.restart(), std::runtime_error);
}

// Drops, silence, failing history, kills and moments in which the feed stands still, at random, an hour of market each; every third
// time with a clock that is told late.
class AlpacaFeedOutages : public testing::TestWithParam<int> {};

TEST_P(AlpacaFeedOutages, ChangeNoFinal) {
  Random random(static_cast<std::uint64_t>(GetParam()) + 1);
  TestMarket market;
  market.has_corrections = GetParam() % 2 == 1;
  AlpacaFeedOptions options;
  options.jitter_seed = static_cast<std::uint32_t>(GetParam());
  options.has_own_clock = GetParam() % 3 == 1;
  FeedRig rig(monday + std::chrono::milliseconds(random.between(0, 60'000)), market, options);
  rig.finals.keeps_revisions = !market.has_corrections;
  rig.limit = static_cast<std::size_t>(random.between(1, 50));
  while (rig.clock.now() < monday + 1h) {
    rig.run_to(rig.clock.now() + std::chrono::milliseconds(random.between(100, 150'000)));
    rig.history->takes = std::chrono::milliseconds(random.between(10, 20'000));
    rig.history->clock_takes = std::chrono::milliseconds(random.between(10, 50'000));
    switch (random.between(0, 6)) {
      case 0:
        rig.stream->cut();
        break;
      case 1:
        rig.stream->is_mute = true;
        break;
      case 2:
        rig.history->fails = static_cast<int>(random.between(1, 3));
        break;
      case 3:
        rig.stream->is_up = false;
        rig.stream->cut();
        rig.run_to(rig.clock.now() + std::chrono::milliseconds(random.between(100, 400'000)));
        rig.stream->is_up = true;
        break;
      case 4:  // kill -9: what was polled is durable
        rig.restart();
        break;
      case 5:
        rig.stall_to(rig.clock.now() + std::chrono::milliseconds(random.between(100, 400'000)));
        break;
      default:
        rig.clock.set(rig.clock.now() + std::chrono::milliseconds(random.between(100, 200'000)));  // away for a while
        rig.restart();
        break;
    }
  }
  rig.stream->is_up = true;
  rig.history->fails = 0;
  rig.run_to(monday + 80min);
  EXPECT_GE(rig.heartbeats().back(), monday + 75min);
  expect_same_finals(rig);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AlpacaFeedOutages, testing::Range(0, 100));

}  // namespace
}  // namespace tidemark
