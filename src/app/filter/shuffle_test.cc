// Bars are out of order by less than the reach, none is lost, and the result is reproducible.
#include "app/filter/shuffle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "core/time/time.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr int minutes = 200;
constexpr int bars_a_minute = 7;

// Lines "MINUTE NUMBER" of all bars, in the order of the output.
std::string shuffled(Duration reach, std::uint64_t seed) {
  Shuffle shuffle(reach, seed);
  std::string out;
  EventTime time{};
  for (int minute = 0; minute < minutes; ++minute, time += 1min) {
    for (int bar = 0; bar < bars_a_minute; ++bar) {
      shuffle.add(time, std::to_string(minute) + " " + std::to_string(bar) + "\n");
    }
    shuffle.release_before(time + 1min, out);
  }
  for (std::int64_t rest = 0; rest <= shuffle.span_in_minutes(); ++rest, time += 1min)
    shuffle.release_before(time, out);
  return out;
}

struct Line {
  int minute, bar;
  auto operator<=>(const Line&) const = default;
};

std::vector<Line> lines_of(const std::string& text) {
  std::vector<Line> lines;
  std::istringstream stream(text);
  for (Line line{}; stream >> line.minute >> line.bar;) lines.push_back(line);
  return lines;
}

TEST(Shuffle, EveryLineComesOnceAndLessThanTheReachTooLate) {
  for (const Duration reach : {Duration(30s), Duration(1min), Duration(2min), Duration(150s), Duration(17min)}) {
    auto lines = lines_of(shuffled(reach, 1));
    int newest = 0;
    for (const Line& line : lines) {
      newest = std::max(newest, line.minute);
      EXPECT_LT(std::chrono::minutes(newest - line.minute), reach);
    }
    EXPECT_FALSE(std::ranges::is_sorted(lines));
    std::ranges::sort(lines);
    ASSERT_EQ(lines.size(), std::size_t{minutes * bars_a_minute});
    EXPECT_EQ(std::ranges::adjacent_find(lines), lines.end());
  }
}

TEST(Shuffle, BarsReallyOvertake) {
  const auto lines = lines_of(shuffled(2min, 1));
  const bool overtaken = !std::ranges::is_sorted(lines, {}, &Line::minute);
  EXPECT_TRUE(overtaken);
}

TEST(Shuffle, IsTheSameForTheSameSeedOnly) {
  EXPECT_EQ(shuffled(2min, 5), shuffled(2min, 5));
  EXPECT_NE(shuffled(2min, 5), shuffled(2min, 6));
}

}  // namespace
}  // namespace tidemark
