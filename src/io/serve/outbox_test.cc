// A slow client skips whole frames, never half a frame.
#include "io/serve/outbox.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

Frame frame(const std::string& text) { return std::make_shared<const std::string>(text); }

std::string text_of(const std::vector<std::string_view>& bytes) {
  std::string text;
  for (const auto& part : bytes) text += part;
  return text;
}

TEST(Outbox, GathersWhatWaitsIntoOneWrite) {
  Outbox outbox(100);
  outbox.push_snapshot(frame("S"));
  outbox.push(frame("one"));
  outbox.push(frame("two"));
  EXPECT_EQ(text_of(outbox.next_write()), "Sonetwo");
  outbox.written(7);
  EXPECT_TRUE(outbox.empty());
}

TEST(Outbox, GoesOnInTheMiddleOfAFrame) {
  Outbox outbox(100);
  outbox.push(frame("one"));
  outbox.push(frame("two"));
  outbox.next_write();
  outbox.written(4);
  outbox.push(frame("3"));
  EXPECT_EQ(text_of(outbox.next_write()), "wo3");
}

TEST(Outbox, DropsWhatNoWriteHasBegunWhenTooMuchWaits) {
  Outbox outbox(8);
  EXPECT_FALSE(outbox.push(frame("aaaa")));
  outbox.next_write();  // "aaaa" is being written
  EXPECT_FALSE(outbox.push(frame("bbbb")));
  EXPECT_TRUE(outbox.push(frame("c")));
  EXPECT_TRUE(outbox.behind());
  EXPECT_FALSE(outbox.push(frame("d")));  // it is behind already
  outbox.written(2);
  EXPECT_EQ(text_of(outbox.next_write()), "aa");  // a frame that was begun is finished
  outbox.written(2);
  EXPECT_TRUE(outbox.empty());
  outbox.push_snapshot(frame("SNAPSHOT"));
  EXPECT_FALSE(outbox.behind());
  EXPECT_FALSE(outbox.push(frame("eeee")));
  EXPECT_EQ(text_of(outbox.next_write()), "SNAPSHOTeeee");
}

TEST(Outbox, NeverDropsTheRestOfAFrameThatHasBegun) {
  Outbox outbox(8);
  outbox.push(frame("aaaa"));
  outbox.next_write();
  outbox.written(2);  // the socket took half of it, and no write is in progress
  outbox.push(frame("bbbb"));
  EXPECT_TRUE(outbox.push(frame("c")));
  EXPECT_EQ(text_of(outbox.next_write()), "aa");
}

TEST(Outbox, LetsASnapshotBeLargerThanTheQueue) {
  Outbox outbox(4);
  outbox.push_snapshot(frame("a very long snapshot"));
  EXPECT_FALSE(outbox.push(frame("abcd")));
  EXPECT_TRUE(outbox.push(frame("e")));
}

TEST(Outbox, TakesAFrameLargerThanTheQueueWhenNothingWaits) {
  Outbox outbox(4);
  EXPECT_FALSE(outbox.push(frame("a long frame")));
  EXPECT_FALSE(outbox.behind());
}

TEST(Outbox, KeepsOnlyTheLastOfManyPongs) {
  Outbox outbox(100);
  outbox.push(frame("x"));
  outbox.next_write();
  for (int i = 0; i < 1'000; ++i) outbox.push_control(frame("pong" + std::to_string(i)));
  outbox.written(1);
  EXPECT_EQ(text_of(outbox.next_write()), "pong999");
}

}  // namespace
}  // namespace tidemark
