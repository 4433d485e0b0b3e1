// Standard input as a feed: returns what has arrived, waits for nothing, and reports the end.
#include "io/input/stdin_feed.h"

#include <unistd.h>

#include <chrono>

#include "io/input/feed_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view minute_bar =
    R"({"symbol":"A","timestamp":"2024-11-22T09:30:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})";

class StdinFeedTest : public testing::Test {
 protected:
  StdinFeedTest() {
    EXPECT_EQ(pipe(ends_), 0);
    feed_ = opened([this] { return make_stdin_feed({.descriptor = ends_[0]}, clock_); }, std::nullopt);
  }
  ~StdinFeedTest() override {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }
  void send(std::string_view text) {
    ASSERT_EQ(write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() { close(std::exchange(ends_[1], -1)); }

  HandClock clock_{event_time_from_nanos(1'732'278'840'000'000'000)};
  int ends_[2] = {-1, -1};
  std::unique_ptr<Feed> feed_;
};

TEST_F(StdinFeedTest, BringsLinesWhenTheyAreWhole) {
  EXPECT_FALSE(must_poll(*feed_, 10));
  send(std::string(minute_bar) + "\nnot a b");
  std::vector<Brought> records = poll_all(*feed_);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].key, "A");
  EXPECT_EQ(records[0].value, minute_bar);
  send("ar\r\n\n  \n");
  records = poll_all(*feed_);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].key, "");
  EXPECT_EQ(records[0].value, "not a bar");
}

TEST_F(StdinFeedTest, TheEndComesOnceAndBringsTheLastLine) {
  send("last");
  end();
  const std::vector<Brought> records = poll_all(*feed_);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].value, "last");
  EXPECT_EQ(records[1].kind, RecordKind::End);
  EXPECT_EQ(feed_->status().state, FeedState::Ended);
  EXPECT_FALSE(must_poll(*feed_, 10));
}

TEST_F(StdinFeedTest, KeepsToTheLimit) {
  send("1\n2\n3\n4\n5\n");
  EXPECT_EQ(must_poll(*feed_, 2)->records.size(), 2U);
  EXPECT_EQ(must_poll(*feed_, 2)->records.size(), 2U);
  const std::optional<FeedBatch> last = must_poll(*feed_, 2);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->records.size(), 1U);
  EXPECT_EQ(last->cursor, "stdin1 5");
}

TEST_F(StdinFeedTest, IsIdleWhenNothingComesForAWhile) {
  send("1\n");
  poll_all(*feed_);
  EXPECT_EQ(feed_->status().state, FeedState::Live);
  clock_.advance(11s);
  poll_all(*feed_);
  EXPECT_EQ(feed_->status().state, FeedState::Idle);
  send("2\n");
  poll_all(*feed_);
  EXPECT_EQ(feed_->status().state, FeedState::Live);
}

}  // namespace
}  // namespace tidemark
