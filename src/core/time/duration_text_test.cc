// Durations as people write them (contract/semantics.md §7.2).
#include "core/time/duration_text.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

using std::chrono::seconds;

struct Text {
  std::string_view text;
  std::int64_t seconds;
};
constexpr std::array durations{
    Text{"0s", 0},
    Text{"90s", 90},
    Text{"5m", 300},
    Text{"2h", 7'200},
    Text{"1d", 86'400},
    Text{"007s", 7},
    Text{"36500d", 3'153'600'000},
    Text{"0d", 0},
    Text{"120", 120},
};

TEST(ParseDuration, IsAWholeNumberAndAUnit) {
  for (const Text& row : durations) EXPECT_EQ(parse_duration(row.text), Duration(seconds(row.seconds))) << row.text;
}

constexpr auto no_durations = std::to_array<std::string_view>({"",
                                                               "s",
                                                               "m5",
                                                               "5M",
                                                               "5 m",
                                                               " 5m",
                                                               "5m ",
                                                               "-5m",
                                                               "+5m",
                                                               "1.5h",
                                                               "1e3s",
                                                               "5min",
                                                               "5ms",
                                                               "5m30s",
                                                               "0x5s",
                                                               "٥m",
                                                               "36601d",
                                                               "99999999999999999999s",
                                                               "9223372036854775807d",
                                                               "9223372036854775808s",
                                                               "5w",
                                                               "--5s"});

TEST(ParseDuration, RefusesAllElse) {
  for (const std::string_view text : no_durations) EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

constexpr std::array shortest{
    Text{"0s", 0},      Text{"59s", 59},   Text{"1m", 60},     Text{"61s", 61},     Text{"2m", 120},
    Text{"90m", 5'400}, Text{"1h", 3'600}, Text{"1d", 86'400}, Text{"25h", 90'000}, Text{"36500d", 3'153'600'000},
};

TEST(FormatDuration, IsTheShortestThatMeansTheSame) {
  for (const Text& row : shortest) {
    EXPECT_EQ(format_duration(seconds(row.seconds)), row.text);
    EXPECT_EQ(parse_duration(row.text), Duration(seconds(row.seconds)));
  }
}

}  // namespace
}  // namespace tidemark
