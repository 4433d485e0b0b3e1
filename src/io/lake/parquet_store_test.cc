#include "io/lake/parquet_store.h"

#include <gtest/gtest.h>
#include <parquet/api/reader.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "core/time/timestamp.h"
#include "io/disk/posix_disk.h"
#include "io/disk/temporary_folder_test.h"
#include "run/interfaces/plain_disk_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class ParquetStoreTest : public ::testing::Test {
 protected:
  fs::path lake() const { return folder / "data" / "lake"; }
  std::unique_ptr<Store> open() const {
    auto store = open_parquet_store({.directory = lake().string()}, *disk);
    EXPECT_TRUE(store.has_value()) << store.error().message();
    return std::move(*store);
  }

  // The bytes of every file of the lake, hidden ones included, except locks.
  std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(lake())) {
      if (!entry.is_regular_file() || entry.path().parent_path() == lake()) continue;
      std::ostringstream bytes;
      bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      found[fs::relative(entry.path(), lake()).string()] = bytes.str();
    }
    return found;
  }

  std::unique_ptr<Disk> disk = make_posix_disk();
  const TemporaryFolder own_;
  const fs::path folder = own_.path();
};

EventTime at(std::string_view text) { return parse_timestamp(text).value(); }

Trend trend(std::string symbol, std::string_view start) {
  return {.symbol = std::move(symbol),
          .window = {.start = at(start), .end = at(start) + 5min},
          .avg_close = 175'300'000'000,
          .max_close = 176'000'000'000,
          .min_close = 175'000'000'000,
          .avg_volume = 12'000'000'000'000,
          .bar_count = 5,
          .price_range = 1'000'000'000};
}

JudgedBar bar(std::string symbol, std::string_view time, std::int64_t position) {
  JudgedBar bar{.symbol = std::move(symbol), .position = position};
  bar.values.time = at(time);
  bar.values.open = bar.values.high = bar.values.low = bar.values.close = Price{175'300'000'000};
  bar.values.volume = Decimal{Int128{1'500'000'000}};
  return bar;
}

// Two days of each table, and a bar that arrived after the day was over.
Publication two_days() {
  return {.trends_from = 123,
          .trends_to = 126,
          .bars_from = 1000,
          .bars_to = 1003,
          .trends = {trend("AAPL", "2026-11-22T23:58:00Z"), trend("AAPL", "2026-11-23T00:00:00Z"),
                     trend("TSLA", "2026-11-22T23:58:00Z")},
          .bars = {bar("AAPL", "2026-11-22T23:59:00Z", 7), bar("AAPL", "2026-11-23T00:00:00Z", 8),
                   bar("TSLA", "2026-11-22T23:58:00Z", 9)}};
}

const std::vector<std::string> two_days_files{
    "stock_trends/dt=2026-11-22/trends-000000000123-000000000126.parquet",
    "stock_trends/dt=2026-11-23/trends-000000000123-000000000126.parquet",
    "bars/dt=2026-11-22/bars-000000001000-000000001003.parquet",
    "bars/dt=2026-11-23/bars-000000001000-000000001003.parquet",
};

TEST_F(ParquetStoreTest, NamesItsFilesByOffsetsAndDayBeforeItWritesThem) {
  EXPECT_EQ(open()->files(two_days()), two_days_files);
}

TEST_F(ParquetStoreTest, ShowsExactlyTheFilesItNamed) {
  ASSERT_TRUE(open()->publish(two_days()).has_value());
  const auto shown = contents();
  ASSERT_EQ(shown.size(), two_days_files.size());
  for (const std::string& name : two_days_files) EXPECT_TRUE(shown.contains(name)) << name;
}

TEST_F(ParquetStoreTest, FindsRowsByTheirIdentityAndRevision) {
  Publication held = two_days();
  held.trends[0].revision = 5;
  ASSERT_TRUE(open()->publish(held).has_value());
  Publication asked;
  const auto ask = [&](Trend row, std::int64_t revision) {
    row.revision = revision;
    asked.trends.push_back(std::move(row));
  };
  ask(held.trends[0], 5);
  ask(held.trends[0], 4);
  ask(held.trends[0], 6);
  ask(trend("AAPL", "2026-11-22T23:57:00Z"), 0);
  ask(trend("AAP", "2026-11-22T23:58:00Z"), 0);
  ask(trend("AAPL", "2026-11-23T00:00:00Z"), 0);
  ask(trend("AAPL", "2026-12-24T00:00:00Z"), 0);  // the lake has no such day
  ask(held.trends[0], 5);
  asked.trends.back().window.end += 5min;  // a window of another size
  asked.bars = {bar("TSLA", "2026-11-22T23:58:00Z", 9), bar("TSLA", "2026-11-22T23:58:00Z", 10),
                bar("TSLA", "2026-11-22T23:58:01Z", 9), bar("AAPL", "2026-11-23T00:00:00Z", 8)};
  const auto found = open()->find(asked);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->trends, (std::vector{true, true, false, false, false, true, false, false}));
  EXPECT_EQ(found->bars, (std::vector{true, false, false, true}));
}

TEST_F(ParquetStoreTest, PutsEachRowUnderItsDay) {
  ASSERT_TRUE(open()->publish(two_days()).has_value());
  const auto rows = [&](const std::string& name) {
    return parquet::ParquetFileReader::OpenFile((lake() / name).string())->metadata()->num_rows();
  };
  EXPECT_EQ(rows(two_days_files[0]), 2);
  EXPECT_EQ(rows(two_days_files[1]), 1);
  EXPECT_EQ(rows(two_days_files[2]), 2);
  EXPECT_EQ(rows(two_days_files[3]), 1);
}

TEST_F(ParquetStoreTest, PublishingAgainGivesTheSameBytes) {
  const auto store = open();
  ASSERT_TRUE(store->publish(two_days()).has_value());
  const auto first = contents();
  ASSERT_TRUE(store->publish(two_days()).has_value());
  EXPECT_EQ(contents(), first);
  ASSERT_TRUE(open()->publish(two_days()).has_value());
  EXPECT_EQ(contents(), first);
}

// As HDFS is, and as an object store is.
TEST_F(ParquetStoreTest, DisksThatLackMuchGetTheSameFiles) {
  ASSERT_TRUE(open()->publish(two_days()).has_value());
  const auto wanted = contents();
  for (const DiskAbilities& abilities : {abilities_like_hdfs, abilities_like_an_object_store}) {
    fs::remove_all(lake());
    PlainDisk plain(*disk, abilities);
    for (int attempt = 0; attempt < 2; ++attempt) {  // the same publication again, as after a kill
      auto store = open_parquet_store({.directory = lake().string()}, plain);
      ASSERT_TRUE(store.has_value()) << store.error().message();
      const auto published = (*store)->publish(two_days());
      ASSERT_TRUE(published.has_value()) << published.error().message();
      EXPECT_EQ(contents(), wanted);
    }
  }
}

TEST_F(ParquetStoreTest, ADiskThatShowsFilesTooEarlyAndCannotRenameIsRefused) {
  PlainDisk plain(*disk, DiskAbilities{}.without(DiskAbility::Rename, "names are for ever"));
  auto store = open_parquet_store({.directory = lake().string()}, plain);
  ASSERT_TRUE(store.has_value());
  const auto published = (*store)->publish(two_days());
  ASSERT_FALSE(published.has_value());
  EXPECT_TRUE(published.error().is_setup());
  EXPECT_NE(published.error().message().find("cannot rename files: names are for ever"), std::string::npos);
  EXPECT_TRUE(contents().empty());
}

TEST_F(ParquetStoreTest, AnEmptyPublicationHasNoFiles) {
  const auto store = open();
  EXPECT_TRUE(store->files({}).empty());
  EXPECT_TRUE(store->publish({}).has_value());
  EXPECT_TRUE(contents().empty());
}

TEST_F(ParquetStoreTest, SplitsLargePublicationsIntoSmallGroups) {
  Publication publication{.trends_from = 0, .trends_to = 10};
  for (int i = 0; i < 10; ++i) publication.trends.push_back(trend("AAPL", "2026-11-22T10:00:00Z"));
  auto store = open_parquet_store({.directory = lake().string(), .rows_per_group = 4}, *disk);
  ASSERT_TRUE((*store)->publish(publication).has_value());
  const auto name = (*store)->files(publication).at(0);
  const auto metadata = parquet::ParquetFileReader::OpenFile((lake() / name).string())->metadata();
  EXPECT_EQ(metadata->num_row_groups(), 3);
  EXPECT_EQ(metadata->num_rows(), 10);
}

TEST_F(ParquetStoreTest, OpeningRemovesWhatAKilledProcessLeftHiddenAndNothingElse) {
  ASSERT_TRUE(open()->publish(two_days()).has_value());
  const auto published = contents();
  const auto bars = lake() / "bars";
  std::ofstream(bars / ".dt=2026-11-22.bars-000000001003-000000001009.parquet.writing") << "half";
  fs::create_directories(lake() / ".anew/bars.dt=2026-11-22");
  std::ofstream(lake() / ".anew/bars.dt=2026-11-22/bars-000000000000-000000001003.parquet") << "half";
  std::ofstream(bars / "dt=2026-11-22/.keep") << "somebody else's";
  open();
  auto expected = published;
  expected["bars/dt=2026-11-22/.keep"] = "somebody else's";
  EXPECT_EQ(contents(), expected);
}

TEST_F(ParquetStoreTest, WhoTakesPositionsOverRemovesWhatADeadWriterLeftHiddenOfThem) {
  const auto left = [&](const char* table, const char* name) {
    fs::create_directories(lake() / table);
    std::ofstream(lake() / table / name) << "half";
  };
  const auto store = open_parquet_store({.directory = lake().string(), .writer = "young"}, *disk);
  ASSERT_TRUE(store.has_value());
  left("stock_trends", ".dt=2026-11-22.trends-000000000999-000000001500.parquet.dead.writing");
  left("stock_trends", ".dt=2026-11-22.trends-000000001000-000000001500.parquet.dead.writing");
  left("bars", ".dt=2026-11-22.bars-000000001999-000000002500.parquet.dead.writing");
  left("bars", ".dt=2026-11-22.bars-000000002000-000000002500.parquet.alive.writing");
  left("bars", ".dt=2026-11-22.bars.writing");
  ASSERT_TRUE((*store)->take_over(1'000, 2'000).has_value());
  std::vector<std::string> names;
  for (const auto& [name, bytes] : contents()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "bars/.dt=2026-11-22.bars-000000002000-000000002500.parquet.alive.writing",
                       "bars/.dt=2026-11-22.bars.writing",
                       "stock_trends/.dt=2026-11-22.trends-000000000999-000000001500.parquet.dead.writing"}));
}

// The guarantee itself: after a kill at any moment, no published file is incomplete, and publishing again completes the
// rest.
TEST_F(ParquetStoreTest, SurvivesKillAtAnyMoment) {
  ASSERT_TRUE(open()->publish(two_days()).has_value());
  const auto whole = contents();
  std::mt19937 random{1};
  for (int round = 0; round < 30; ++round) {
    fs::remove_all(lake());
    const pid_t child = ::fork();
    if (child == 0) {
      const auto store = open_parquet_store({.directory = lake().string()}, *disk);
      while (store.has_value() && (*store)->publish(two_days()).has_value()) {
      }
      ::_exit(1);
    }
    ASSERT_GT(child, 0);
    ::usleep(static_cast<useconds_t>(random() % 6'000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    if (fs::exists(lake())) {
      for (const auto& [name, bytes] : contents()) {
        if (!name.ends_with(".parquet")) continue;
        ASSERT_TRUE(whole.contains(name)) << name;
        EXPECT_EQ(bytes, whole.at(name)) << name;
      }
    }
    ASSERT_TRUE(open()->publish(two_days()).has_value());
    EXPECT_EQ(contents(), whole);
  }
}

TEST_F(ParquetStoreTest, ASettingThatCannotWorkIsSaidAtTheDoor) {
  std::ofstream(folder / "data") << "a file where the folder should be";
  const auto store = open_parquet_store({.directory = lake().string()}, *disk);
  ASSERT_FALSE(store.has_value());
  EXPECT_TRUE(store.error().is_setup());
  EXPECT_NE(store.error().message().find((folder / "data").string()), std::string::npos) << store.error().message();
}

// A limit of the file size simulates a full disk: a write fails in the middle of a file.
TEST_F(ParquetStoreTest, AFullDiskCanBeTriedAgainAndShowsNothing) {
  const auto store = open();
  const auto limit_files = [](rlim_t size) {
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  };
  const auto before = ::signal(SIGXFSZ, SIG_IGN);
  rlimit normal{};
  ::getrlimit(RLIMIT_FSIZE, &normal);
  limit_files(1000);
  const auto published = store->publish(two_days());
  limit_files(normal.rlim_cur);
  ::signal(SIGXFSZ, before);

  ASSERT_FALSE(published.has_value());
  EXPECT_TRUE(published.error().is_retryable());
  EXPECT_NE(published.error().message().find(lake().string()), std::string::npos);
  EXPECT_TRUE(contents().empty());
  ASSERT_TRUE(store->publish(two_days()).has_value());
  EXPECT_EQ(contents().size(), two_days_files.size());
}

}  // namespace
}  // namespace tidemark
