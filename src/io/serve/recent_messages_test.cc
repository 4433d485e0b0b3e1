// A client that was away gets exactly what it missed, or nothing if that is no longer known.
#include "io/serve/recent_messages.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

Frame frame(const char* text) { return std::make_shared<const std::string>(text); }

std::string missed(const RecentMessages& recent, std::int64_t sequence, std::int64_t newest) {
  const auto frames = recent.since(sequence, newest);
  if (!frames) return "unknown";
  std::string text;
  for (const Frame& one : *frames) text += *one;
  return text;
}

TEST(RecentMessages, GivesWhatCameSince) {
  RecentMessages recent(100);
  recent.add(7, frame("a"));
  recent.add(8, frame("b"));
  recent.add(9, frame("c"));
  EXPECT_EQ(missed(recent, 6, 9), "abc");
  EXPECT_EQ(missed(recent, 8, 9), "c");
  EXPECT_EQ(missed(recent, 9, 9), "");
  EXPECT_EQ(missed(recent, 5, 9), "unknown") << "what came before is not here";
  EXPECT_EQ(missed(recent, 10, 9), "unknown") << "nobody has heard the future";
  EXPECT_EQ(missed(recent, 8, 11), "unknown") << "something changed that was not told";
}

TEST(RecentMessages, ForgetsTheOldestAndBeginsAnewAfterAGap) {
  RecentMessages recent(3);
  recent.add(1, frame("aa"));
  recent.add(2, frame("bb"));
  EXPECT_EQ(missed(recent, 0, 2), "unknown");
  EXPECT_EQ(missed(recent, 1, 2), "bb");
  recent.add(5, frame("e"));
  EXPECT_EQ(missed(recent, 2, 5), "unknown");
  EXPECT_EQ(missed(recent, 4, 5), "e");
}

}  // namespace
}  // namespace tidemark
