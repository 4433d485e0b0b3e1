#include <gtest/gtest.h>

#include "app/data_dir/disk_forecast.h"

namespace tidemark {
namespace {

struct ForecastCase {
  const char* when;
  DiskGrowth growth;
  std::optional<double> full;
};

TEST(DiskForecast, IsWhatAPersonWouldReckon) {
  const ForecastCase cases[] = {
      {"nothing grows", {.free = 100}, std::nullopt},
      {"the lake alone: 100 / 2", {.free = 100, .lake_rate = 2}, 50},
      {"both, for ever: 100 / (2 + 3)", {.free = 100, .lake_rate = 2, .log_rate = 3}, 20},
      {"the log has its size: 100 / 2", {.free = 100, .lake_rate = 2, .log_rate = 3, .log_left = 0}, 50},
      {"30 of the log in 10, with 20 of the lake; the other 50 at 2",
       {.free = 100, .lake_rate = 2, .log_rate = 3, .log_left = 30},
       35},
      {"full before the log has its size", {.free = 100, .lake_rate = 2, .log_rate = 3, .log_left = 1'000}, 20},
      {"the log alone, and it stops in time", {.free = 100, .log_rate = 3, .log_left = 99}, std::nullopt},
      {"the log alone, for ever: 100 / 4", {.free = 100, .log_rate = 4}, 25},
  };
  for (const ForecastCase& one : cases) {
    const auto full = time_until_full(one.growth);
    ASSERT_EQ(full.has_value(), one.full.has_value()) << one.when;
    if (!full) continue;
    EXPECT_DOUBLE_EQ(*full, *one.full) << one.when;
  }
}

}  // namespace
}  // namespace tidemark
