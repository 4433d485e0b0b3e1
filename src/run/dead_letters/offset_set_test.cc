// A set of offsets is written as text and read back. A thousand random steps are compared with std::set.
#include "run/dead_letters/offset_set.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "core/simulator/random.h"

namespace tidemark {
namespace {

struct TextCase {
  std::vector<Position> offsets;  // in the order of insertion
  std::string_view text;
};

TEST(OffsetSet, IsWrittenAsFewRanges) {
  const TextCase cases[] = {
      {{}, ""},
      {{0}, "0"},
      {{7, 7}, "7"},
      {{1, 2}, "1-2"},
      {{2, 1}, "1-2"},
      {{1, 3}, "1 3"},
      {{1, 3, 2}, "1-3"},
      {{5, 6, 1, 2, 4, 3}, "1-6"},
      {{10'000'000'000, 10'000'000'001, 9}, "9 10000000000-10000000001"},
  };
  for (const TextCase& each : cases) {
    OffsetSet set;
    for (const Position offset : each.offsets) set.insert(offset);
    EXPECT_EQ(set.to_text(), each.text);
    const auto read = OffsetSet::parse(each.text);
    ASSERT_TRUE(read.has_value()) << each.text;
    EXPECT_EQ(read->to_text(), each.text);
  }
}

TEST(OffsetSet, ReadsNothingElse) {
  for (const std::string_view text : {" ", "1 ", " 1", "1  2", "1-", "-1", "1-1", "2-1", "1 2", "1-2 3", "3 1", "1,3",
                                      "x", "1x", "1-2-3", "99999999999999999999", "1-99999999999999999999"})
    EXPECT_FALSE(OffsetSet::parse(text).has_value()) << text;
}

TEST(OffsetSet, IsASet) {
  Random random(3);
  OffsetSet set;
  std::set<Position> right;
  for (int step = 0; step < 20'000; ++step) {
    const Position offset = random.between(0, 60);
    if (random.next() % 2 == 0) {
      set.insert(offset);
      right.insert(offset);
    } else {
      set.erase(offset);
      right.erase(offset);
    }
    const Position asked = random.between(-1, 61);
    ASSERT_EQ(set.contains(asked), right.contains(asked)) << set.to_text() << " and " << asked;
    const auto read = OffsetSet::parse(set.to_text());
    ASSERT_TRUE(read.has_value()) << set.to_text();
    for (Position each = 0; each <= 60; ++each)
      ASSERT_EQ(read->contains(each), right.contains(each)) << set.to_text() << " and " << each;
  }
}

}  // namespace
}  // namespace tidemark
