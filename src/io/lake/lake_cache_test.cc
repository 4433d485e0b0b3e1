// The copies of a lake that lies elsewhere: what is fetched, what goes, and what a bound means.
#include "io/lake/lake_cache.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "core/time/day_text.h"
#include "io/disk/posix_disk.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;  // by path in the lake: their bytes

const std::string monday = "bars/dt=2026-11-23/", tuesday = "bars/dt=2026-11-24/",
                  trends = "stock_trends/dt=2026-11-23/";
const std::string first_bars = "bars-000000000000-000000000001.parquet",
                  second_bars = "bars-000000000001-000000000002.parquet",
                  merged_bars = "bars-000000000000-000000000002.parquet",
                  of_trends = "trends-000000000000-000000000009.parquet";

class LakeCacheTest : public ::testing::Test {
 public:
  ~LakeCacheTest() override { fs::remove_all(folder); }

 protected:
  void write(const std::string& path, const std::string& bytes) const {
    fs::create_directories((folder / "lake" / path).parent_path());
    std::ofstream(folder / "lake" / path) << bytes;
  }
  Files copies() const {
    Files found;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "cache"))
      if (entry.path().extension() == ".parquet") {
        std::ifstream file(entry.path());
        found[fs::relative(entry.path(), folder / "cache").string()] = {std::istreambuf_iterator<char>(file), {}};
      }
    return found;
  }
  Result<CachedLake> bring(const DayRange& days = {}, std::uint64_t most_bytes = 1'000) {
    LakeCache cache(lake, *disk,
                    {.folder = (folder / "cache").string(), .most_bytes = most_bytes, .watch = [&](auto done, auto of) {
                       watched.emplace_back(done, of);
                       return goes_on;
                     }});
    return cache.bring_up_to_date(days);
  }

  static fs::path make_folder() {
    std::string pattern = (fs::temp_directory_path() / "tidemark-cache-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  fs::path folder = make_folder();
  std::unique_ptr<Disk> disk = make_posix_disk(private_modes);
  Lake lake{*disk, (folder / "lake").string()};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> watched;
  bool goes_on = true;
};

TEST_F(LakeCacheTest, FetchesWhatIsMissingAndOnlyThat) {
  write(monday + first_bars, "one");
  write(trends + of_trends, "trends");
  write(monday + "README.txt", "is none of the lake's");
  const auto begun = bring();
  ASSERT_TRUE(begun) << begun.error().message();
  EXPECT_EQ(begun->fetched_files, 2U);
  EXPECT_EQ(begun->fetched_bytes, 9U);
  EXPECT_EQ(watched.front(), std::pair(std::uint64_t{0}, std::uint64_t{9}));
  EXPECT_EQ(watched.back(), std::pair(std::uint64_t{9}, std::uint64_t{9}));
  write(monday + second_bars, "two");
  EXPECT_EQ(bring()->fetched_files, 1U);
  EXPECT_EQ(bring()->fetched_files, 0U);
  EXPECT_EQ(copies(),
            (Files{{monday + first_bars, "one"}, {monday + second_bars, "two"}, {trends + of_trends, "trends"}}));
  EXPECT_EQ(fs::status(folder / "cache" / monday / first_bars).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(LakeCacheTest, WhatIsGoneFromTheLakeGoesHereToo) {
  write(monday + first_bars, "one");
  write(monday + second_bars, "two");
  ASSERT_TRUE(bring());
  fs::remove(folder / "lake" / monday / first_bars);
  fs::remove(folder / "lake" / monday / second_bars);
  write(monday + merged_bars, "both");
  ASSERT_TRUE(bring());
  EXPECT_EQ(copies(), (Files{{monday + merged_bars, "both"}}));
}

TEST_F(LakeCacheTest, OnlyTheDaysThatAreAskedForAreFetched) {
  write(monday + first_bars, "one");
  write(tuesday + second_bars, "two");
  ASSERT_TRUE(bring({.from = parse_day("2026-11-24"), .to = {}}));
  EXPECT_EQ(copies(), (Files{{tuesday + second_bars, "two"}}));
}

TEST_F(LakeCacheTest, ALakeAboveTheBoundIsRefusedWithTheSettingAndTheCure) {
  write(monday + first_bars, std::string(600, '1'));
  write(tuesday + second_bars, std::string(600, '2'));
  const auto refused = bring();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is_setup());
  EXPECT_NE(refused.error().message().find("lake-cache"), std::string::npos);
  EXPECT_NE(refused.error().message().find("--from"), std::string::npos);
  EXPECT_TRUE(watched.empty()) << "nothing is fetched";
}

TEST_F(LakeCacheTest, TheDaysAskedForLeastRecentlyMakeRoom) {
  write(monday + first_bars, std::string(400, '1'));
  write(tuesday + second_bars, std::string(400, '2'));
  write("bars/dt=2026-11-25/" + merged_bars, std::string(400, '3'));
  const auto only = [](const char* day) { return DayRange{.from = parse_day(day), .to = parse_day(day)}; };
  ASSERT_TRUE(bring(only("2026-11-23")));
  ASSERT_TRUE(bring(only("2026-11-24")));
  ASSERT_TRUE(bring(only("2026-11-23"))) << "it is used once more";
  ASSERT_TRUE(bring(only("2026-11-25")));
  EXPECT_EQ(copies(), (Files{{monday + first_bars, std::string(400, '1')},
                             {"bars/dt=2026-11-25/" + merged_bars, std::string(400, '3')}}));
}

TEST_F(LakeCacheTest, NothingIsRemovedWhileSomebodyReads) {
  write(monday + first_bars, "one");
  auto reading = bring();
  ASSERT_TRUE(reading);
  fs::remove(folder / "lake" / monday / first_bars);
  write(monday + merged_bars, "other");
  std::atomic<bool> is_read = false;
  std::jthread other([&] {
    EXPECT_TRUE(bring());
    EXPECT_TRUE(is_read) << "the copies went while they were read";
  });
  for (int look = 0; look < 100; ++look) {
    EXPECT_TRUE(fs::exists(folder / "cache" / monday / first_bars));
    std::this_thread::yield();
  }
  is_read = true;
  reading->reading.reset();
  other.join();
  EXPECT_EQ(copies(), (Files{{monday + merged_bars, "other"}}));
}

TEST_F(LakeCacheTest, WhatAKilledProcessHasNotFetchedToItsEndIsFetchedAnew) {
  write(monday + first_bars, "one");
  goes_on = false;
  EXPECT_FALSE(bring());
  EXPECT_EQ(copies(), Files{});
  const fs::path half = folder / "cache/bars" / (".dt=2026-11-23." + second_bars + ".writing");
  std::ofstream(half) << "half";
  goes_on = true;
  ASSERT_TRUE(bring());
  EXPECT_FALSE(fs::exists(half));
  EXPECT_EQ(copies(), (Files{{monday + first_bars, "one"}}));
}

}  // namespace
}  // namespace tidemark
