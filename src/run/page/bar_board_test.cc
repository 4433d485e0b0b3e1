// The newest bars of each symbol: in order of time, each once, exact, and within the bounds.
#include "run/page/bar_board.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

LiveBar bar(std::string symbol, int minute, std::int64_t close) {
  return {std::move(symbol),
          {.time = *parse_timestamp("2026-11-22T14:00:00Z") + std::chrono::minutes(minute),
           .open = {close},
           .high = {close},
           .low = {close},
           .close = {close},
           .volume = {1'500'000'000}}};
}

constexpr std::int64_t dollar = 1'000'000'000;

TEST(BarBoard, KeepsBarsInOrderOfTimeEachOnceAndTheLastWordCounts) {
  BarBoard board;
  EXPECT_TRUE(board.place(bar("A", 1, 2 * dollar)));
  EXPECT_TRUE(board.place(bar("A", 0, 1)));  // a billionth of a dollar
  EXPECT_FALSE(board.place(bar("A", 1, 2 * dollar)));
  EXPECT_TRUE(board.place(bar("A", 1, 3 * dollar)));
  EXPECT_EQ(board.bars_of("A", 10),
            R"({"symbol":"A","bars":[["A","2026-11-22T14:00:00Z",0.000000001,0.000000001,0.000000001,0.000000001,1.5],)"
            R"(["A","2026-11-22T14:01:00Z",3,3,3,3,1.5]]})");
  EXPECT_EQ(board.bars_of("A", 1), R"({"symbol":"A","bars":[["A","2026-11-22T14:01:00Z",3,3,3,3,1.5]]})");
  EXPECT_EQ(board.bars_of("B", 1), R"({"symbol":"B","bars":[]})");
}

TEST(BarBoard, ManySymbolsHaveAShorterPastEach) {
  BarBoard board({.bars_per_symbol = 4, .bars_in_all = 6});
  for (int minute = 0; minute < 9; ++minute) board.place(bar("A", minute, dollar));
  EXPECT_EQ(board.bar_count(), 4u);
  EXPECT_FALSE(board.place(bar("A", 0, dollar))) << "older than what is kept";
  for (const char* symbol : {"B", "C"})
    for (int minute = 0; minute < 3; ++minute) board.place(bar(symbol, minute, dollar));
  EXPECT_EQ(board.bars_per_symbol(), 2u);
  EXPECT_LE(board.bar_count(), 6u);
}

TEST(BarBoard, TellsTheNewestOfEachAndNeverMoreThanAsked) {
  BarBoard board;
  for (const char* symbol : {"B", "A"})
    for (int minute = 0; minute < 3; ++minute) board.place(bar(symbol, minute, (minute + 1) * dollar));
  const auto newest = [&](std::size_t most_each, std::size_t most) {
    std::string text;
    board.show_newest(most_each, most, [&](std::string_view symbol, const LiveBarValues& values) {
      BarBoard::append_bar(symbol, values, text);
    });
    return text;
  };
  EXPECT_EQ(newest(1, 100), R"(["A","2026-11-22T14:02:00Z",3,3,3,3,1.5]["B","2026-11-22T14:02:00Z",3,3,3,3,1.5])");
  const std::string bounded = newest(3, 4);
  EXPECT_EQ(std::count(bounded.begin(), bounded.end(), '['), 4);
}

}  // namespace
}  // namespace tidemark
