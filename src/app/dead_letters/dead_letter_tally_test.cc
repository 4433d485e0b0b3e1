// Every dead letter is in one column, and the columns add up.
#include "app/dead_letters/dead_letter_tally.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

constexpr std::string_view bar =
    R"({"symbol":"A","timestamp":"2026-11-22T14:30:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})";
constexpr std::string_view earlier_bar =
    R"({"symbol":"A","timestamp":"2026-11-22T09:00:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})";

TEST(DeadLetterTally, CountsEachOnce) {
  Decoder decoder;
  DeadLetterTally tally;
  const DeadLetterReason missing{Reason::Missing, "volume"}, bad{Reason::BadJson, ""};
  EXPECT_TRUE(tally.count(missing, decoder.decode(bar)));
  EXPECT_TRUE(tally.count(missing, decoder.decode(earlier_bar)));
  EXPECT_TRUE(tally.count(bad, decoder.decode(R"({"heartbeat":"2026-11-22T14:30:00Z"})")));
  EXPECT_FALSE(tally.count(bad, decoder.decode("no bar")));
  EXPECT_FALSE(tally.count(bad, decoder.decode(R"({"symbol":"A"})")));
  tally.count_before(missing);
  tally.count_cut(bad);

  const DeadLetterCounts sum = tally.sum();
  EXPECT_EQ(sum.letters, 7U);
  EXPECT_EQ(sum.bars, 2U);
  EXPECT_EQ(sum.heartbeats, 1U);
  EXPECT_EQ(sum.rejected, 2U);
  EXPECT_EQ(sum.before, 1U);
  EXPECT_EQ(sum.cut, 1U);
  EXPECT_EQ(list_of(tally.still_rejected()), "bad_json 1, missing timestamp 1");
  EXPECT_EQ(tally.table(),
            "rejected as                      letters  redriven  bars now no bars yet cut short\n"
            "bad_json                               4         0         1           2         1\n"
            "missing volume                         3         1         2           0         0\n"
            "                                       7         1         3           2         1\n");
  EXPECT_EQ(tally.json(),
            R"([{"reason":"bad_json","field":"","letters":4,"redriven_before":0,"bars":0,"heartbeats":1,)"
            R"("still_rejected":2,"cut":1},{"reason":"missing","field":"volume","letters":3,"redriven_before":1,)"
            R"("bars":2,"heartbeats":0,"still_rejected":0,"cut":0}])");
  ASSERT_EQ(tally.days().size(), 1U);
  EXPECT_EQ(tally.days().begin()->second.time_since_epoch() % std::chrono::days(1), std::chrono::hours(9))
      << "a day has its first bar";
}

}  // namespace
}  // namespace tidemark
