// The signal (contract/semantics.md §4.5): above 60 % of the range, below 40 % of it, or neither.
#include "core/signal/judge.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

struct Judged {
  const char* when;
  std::int64_t rise, range;
  Signal signal;
};
constexpr std::array judged{
    Judged{"no range", 0, 0, Signal::Neutral},
    Judged{"in the middle", 50, 100, Signal::Neutral},
    Judged{"at 60 %", 60, 100, Signal::Neutral},
    Judged{"just above", 61, 100, Signal::Bullish},
    Judged{"at 40 %", 40, 100, Signal::Neutral},
    Judged{"just below", 39, 100, Signal::Bearish},
    Judged{"at the top", 100, 100, Signal::Bullish},
    Judged{"at the bottom", 0, 100, Signal::Bearish},
    Judged{"a range of one, at the bottom", 0, 1, Signal::Bearish},
    Judged{"a range of one, at the top", 1, 1, Signal::Bullish},
    Judged{"a range of five has its borders on whole units", 3, 5, Signal::Neutral},
    Judged{"a range of five, the other border", 2, 5, Signal::Neutral},
    Judged{"a range of three, 2/3", 2, 3, Signal::Bullish},
    Judged{"a range of three, 1/3", 1, 3, Signal::Bearish},
    // Ten times the contract's largest range does not fit in 64 bits.
    Judged{"the widest range, at the top", 92'233'720'368'548, 92'233'720'368'548, Signal::Bullish},
    Judged{"wider than any", 5'533'023'222'112'865'485, 9'221'705'370'188'109'142, Signal::Neutral},
    Judged{"wider than any, just above", 5'533'023'222'112'865'486, 9'221'705'370'188'109'142, Signal::Bullish},
};

TEST(Judge, ComparesWithTheBordersInIntegers) {
  for (const Judged& row : judged) EXPECT_EQ(judge(row.rise, row.range), row.signal) << row.when;
}

}  // namespace
}  // namespace tidemark
