#include "io/alpaca_server/stream_hub.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ranges>

#include "io/alpaca_server/tape_fixture_test.h"

namespace tidemark {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// A client that records all messages, and the stream around it.
class StreamHubTest : public testing::Test, public StreamSink {
 protected:
  void begin(FaultOptions faults, StreamFeed feed = StreamFeed::Stocks, EventTime start = noon) {
    faults_ = Faults(faults);
    tape_.emplace(std::vector{numbered_tape("A", noon, 30), numbered_tape("B", noon, 30)});
    hub_.emplace(*tape_, faults_, start);
    session_.emplace(StreamSession::Options{.number = 1, .feed = feed}, *this, *hub_, keys_, faults_, StreamLimits{});
    hub_->join(*session_);
    session_->open("key", "secret");
    told_.clear();
  }
  void subscribe(const std::string& channels) {
    session_->receive(R"({"action":"subscribe",)" + channels + "}", Encoding::Json);
    told_.clear();
  }
  // "b A 3": kind, symbol and number of the minute of each bar.
  std::vector<std::string> advance(Duration to) {
    told_.clear();
    hub_->advance(noon + to);
    std::vector<std::string> bars;
    for (const std::string& frame : told_) {
      const auto read = parse_json(frame);
      if (!read) bars.push_back("garbage");
      if (!read) continue;
      for (const JsonValue& bar : read->items) {
        const auto minute = (*parse_timestamp(*bar.text_of("t")) - noon) / minutes(1);
        bars.push_back(*bar.text_of("T") + " " + *bar.text_of("S") + " " + std::to_string(minute));
      }
    }
    return bars;
  }
  void send(std::string frame) override { told_.push_back(std::move(frame)); }
  void end() override { ended_ = true; }

  using Bars = std::vector<std::string>;
  Faults faults_{{}};
  ApiKeys keys_{{}};
  std::optional<MarketTape> tape_;
  std::optional<StreamHub> hub_;
  std::optional<StreamSession> session_;
  std::vector<std::string> told_;
  bool ended_ = false;
};

TEST_F(StreamHubTest, ABarComesWhenItsMinuteIsOver) {
  begin({});
  subscribe(R"("bars":["*"])");
  EXPECT_EQ(advance(seconds(59)), Bars{});
  EXPECT_EQ(advance(seconds(60)), (Bars{"b A 0", "b B 0"}));
  EXPECT_EQ(advance(seconds(119)), Bars{});
  EXPECT_EQ(advance(seconds(240)), (Bars{"b A 1", "b B 1", "b A 2", "b B 2", "b A 3", "b B 3"}));
  EXPECT_EQ(told_.size(), 3u) << "a frame a minute";
}

TEST_F(StreamHubTest, OnlyWhatWasAskedFor) {
  begin({});
  EXPECT_EQ(advance(seconds(60)), Bars{});
  subscribe(R"("bars":["B"])");
  EXPECT_EQ(advance(seconds(120)), Bars{"b B 1"});
  subscribe(R"("dailyBars":["A"],"trades":["A"])");
  EXPECT_EQ(advance(seconds(180)), (Bars{"b B 2", "d A -420"})) << "the day began at five, UTC";
}

TEST_F(StreamHubTest, ACorrectionComesHalfAMinuteLaterAndIsRight) {
  begin({.corrections = {1'000'000}});
  subscribe(R"("bars":["A"],"updatedBars":["A"])");
  EXPECT_EQ(advance(seconds(60)), Bars{"b A 0"});
  const std::string wrong = told_[0];
  EXPECT_EQ(advance(seconds(90)), Bars{"u A 0"});
  EXPECT_EQ(told_[0], "[" + stream_text::bar(Encoding::Json, 'u', "A", numbered_bar(noon, 0)) + "]");
  EXPECT_NE(wrong, "[" + stream_text::bar(Encoding::Json, 'b', "A", numbered_bar(noon, 0)) + "]");
}

TEST_F(StreamHubTest, ALateBarComesBehindTheNextMinute) {
  begin({.late = {500'000}});
  subscribe(R"("bars":["A"])");
  Bars all;
  for (int minute = 1; minute <= 32; ++minute)
    for (const std::string& bar : advance(minutes(minute))) all.push_back(bar);
  ASSERT_EQ(all.size(), 30u) << "each once";
  EXPECT_FALSE(std::ranges::is_sorted(all));
  EXPECT_EQ(faults_.counts.late_bars,
            static_cast<std::uint64_t>(std::ranges::count_if(
                std::views::iota(0, 30), [&](int i) { return faults_.is_late("A", noon + minutes(i)); })));
}

TEST_F(StreamHubTest, DuplicatesComeInAFrameOfTheirOwn) {
  begin({.duplicate = {1'000'000}});
  subscribe(R"("bars":["*"])");
  EXPECT_EQ(advance(seconds(60)), (Bars{"b A 0", "b B 0", "b A 0", "b B 0"}));
  EXPECT_EQ(told_.size(), 2u);
}

TEST_F(StreamHubTest, GarbageStandsBeforeAFrame) {
  begin({.garbage = {1'000'000}});
  subscribe(R"("bars":["A"])");
  EXPECT_EQ(advance(seconds(60)), (Bars{"garbage", "b A 0"}));
}

TEST_F(StreamHubTest, TheDelayedFeedIsAQuarterOfAnHourBehind) {
  begin({}, StreamFeed::DelayedStocks);
  subscribe(R"("bars":["A"])");
  EXPECT_EQ(advance(minutes(15)), Bars{});
  EXPECT_EQ(advance(minutes(16)), Bars{"b A 0"});
}

TEST_F(StreamHubTest, WhoFallsSilentIsToldNothingAndStays) {
  begin({});
  subscribe(R"("bars":["A"])");
  session_->fall_silent();
  EXPECT_EQ(advance(seconds(60)), Bars{});
  session_->receive(R"({"action":"subscribe","bars":["B"]})", Encoding::Json);
  EXPECT_TRUE(told_.empty());
  EXPECT_FALSE(ended_);
}

TEST_F(StreamHubTest, WhoFallsBehindIsToldAndEnds) {
  begin({});
  session_->fell_behind();
  EXPECT_EQ(told_.back(), R"([{"T":"error","code":407,"msg":"slow client"}])");
  EXPECT_TRUE(ended_);
}

}  // namespace
}  // namespace tidemark
