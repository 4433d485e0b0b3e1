// The engine may put batches at any rate; what waits is the newest of everything.
#include "io/serve/live_mailbox.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using std::chrono::minutes;

EventTime minute(int number) { return EventTime{} + minutes(number); }

Trend revision_of(std::string symbol, int start, std::int64_t revision) {
  Trend made;
  made.symbol = std::move(symbol);
  made.window = {minute(start), minute(start + 5)};
  made.revision = revision;
  return made;
}

LiveBatch batch(std::vector<Trend> trends, std::int64_t read, std::optional<EventTime> ingested_at = {}) {
  return {.trends = std::move(trends),
          .account = {.read = read, .accepted = read},
          .watermark = minute(static_cast<int>(read)),
          .event_time = minute(static_cast<int>(read) + 2),
          .ingested_at = ingested_at};
}

TEST(LiveMailbox, WakesTheReaderOnce) {
  LiveMailbox mailbox(100);
  EXPECT_TRUE(mailbox.put(batch({revision_of("A", 0, 1)}, 1)));
  EXPECT_FALSE(mailbox.put(batch({revision_of("A", 1, 1)}, 2)));
  EXPECT_TRUE(mailbox.take());
  EXPECT_FALSE(mailbox.take());
  EXPECT_TRUE(mailbox.put(batch({}, 3)));
}

TEST(LiveMailbox, KeepsTheNewestOfEachSymbolAndWindow) {
  LiveMailbox mailbox(100);
  mailbox.put(batch({revision_of("A", 0, 1), revision_of("B", 0, 1)}, 2, minute(70)));
  mailbox.put(batch({revision_of("A", 0, 2), revision_of("A", 1, 1)}, 4, minute(60)));
  LiveBatch last = batch({revision_of("A", 1, 2)}, 5, std::nullopt);
  last.jump = WatermarkJump{.late = 9};
  mailbox.put(std::move(last));
  const auto merged = mailbox.take();
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->trends, (std::vector{revision_of("A", 0, 2), revision_of("B", 0, 1), revision_of("A", 1, 2)}));
  EXPECT_EQ(merged->account.read, 5);
  EXPECT_EQ(merged->watermark, minute(5));
  EXPECT_EQ(merged->event_time, minute(7));
  EXPECT_EQ(merged->jump->late, 9);
  EXPECT_EQ(merged->ingested_at, minute(60));  // the one that waited longest
}

TEST(LiveMailbox, MergesAfreshAfterItWasEmptied) {
  LiveMailbox mailbox(100);
  mailbox.put(batch({revision_of("A", 0, 1)}, 1));
  mailbox.put(batch({revision_of("A", 0, 2)}, 2));
  mailbox.take();
  mailbox.put(batch({revision_of("B", 0, 1)}, 3));
  mailbox.put(batch({revision_of("A", 0, 3)}, 4));
  EXPECT_EQ(mailbox.take()->trends, (std::vector{revision_of("B", 0, 1), revision_of("A", 0, 3)}));
}

TEST(LiveMailbox, LetsOldWindowsGiveWayWhenNobodyReads) {
  LiveMailbox mailbox(10);
  for (int start = 0; start < 1'000; ++start) mailbox.put(batch({revision_of("A", start, 1)}, start));
  const auto merged = mailbox.take();
  ASSERT_TRUE(merged);
  EXPECT_LE(merged->trends.size(), 10u);
  EXPECT_EQ(merged->trends.back(), revision_of("A", 999, 1));
  for (const Trend& one : merged->trends) EXPECT_GE(one.window.start, minute(980));
}

TEST(LiveMailbox, KeepsBarsInTheirOrderAndLetsTheFirstGiveWay) {
  LiveMailbox mailbox(10);
  for (int past = 0; past < 100; ++past) {
    LiveBatch one;
    one.bars.push_back({"A", {.time = minute(past), .open = {}, .high = {}, .low = {}, .close = {}, .volume = {}}});
    mailbox.put(std::move(one));
  }
  const auto merged = mailbox.take();
  ASSERT_TRUE(merged);
  ASSERT_LE(merged->bars.size(), 10u);
  for (std::size_t i = 0; i < merged->bars.size(); ++i)
    EXPECT_EQ(merged->bars[merged->bars.size() - 1 - i].values.time, minute(99 - static_cast<int>(i)));
}

}  // namespace
}  // namespace tidemark
