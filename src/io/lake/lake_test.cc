// The exchange of a day, and the locks of the lake. Names are tested in lake_names_test.cc.
#include "io/lake/lake.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "core/time/day_text.h"
#include "core/time/timestamp.h"
#include "io/disk/posix_disk.h"
#include "io/lake/lake_compactor.h"
#include "io/lake/parquet_store.h"
#include "run/interfaces/plain_disk_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const LakeDay day = *parse_day("2026-11-22");

class LakeTest : public ::testing::Test {
 public:
  LakeTest() { EXPECT_TRUE(lake.open().has_value()); }
  ~LakeTest() override { fs::remove_all(folder); }

 protected:
  void write(const fs::path& path, const std::string& bytes = "bytes") const {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << bytes;
  }
  fs::path bars() const { return folder / "bars/dt=2026-11-22"; }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(bars())) found.insert(entry.path().filename().string());
    return found;
  }

  // Publishes a bar for each position in its own file, [from, from + 1).
  void publish(std::initializer_list<Position> positions) {
    auto store = open_parquet_store({.directory = folder.string()}, *disk);
    ASSERT_TRUE(store.has_value());
    for (const Position position : positions) {
      JudgedBar bar{.symbol = "AAPL", .position = position};
      bar.values.time = EventTime{day} + 1min * position;
      bar.values.open = bar.values.high = bar.values.low = bar.values.close = Price{1'000'000'000};
      ASSERT_TRUE((*store)->publish({.bars_from = position, .bars_to = position + 1, .bars = {bar}}).has_value());
    }
  }

  static fs::path make_folder() {
    std::string pattern = (fs::temp_directory_path() / "tidemark-lake-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  fs::path folder = make_folder();
  std::unique_ptr<Disk> disk = make_posix_disk();
  Lake lake{*disk, folder.string()};
};

TEST_F(LakeTest, FindsItsDaysAndFiles) {
  write(bars() / "bars-000000000000-000000000005.parquet");
  write(bars() / "import-000001-000000.parquet");
  write(bars() / "README.txt");
  write(folder / "bars/dt=tomorrow/bars-000000000000-000000000005.parquet");
  write(folder / "bars/dt=2026-11-20/.bars-000000000000-000000000005.parquet.writing");
  EXPECT_EQ(lake.days(LakeTable::Bars).value(), (std::vector<LakeDay>{day - std::chrono::days(2), day}));
  EXPECT_TRUE(lake.days(LakeTable::Trends).value().empty());
  const auto files = lake.files(LakeTable::Bars, day).value();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].to, 5);
  EXPECT_EQ(files[1].imported, 1);
  EXPECT_TRUE(lake.files(LakeTable::Bars, day - std::chrono::days(2)).value().empty());
}

TEST_F(LakeTest, AStrangersFileIsNamed) {
  write(bars() / "part-0.parquet");
  const auto files = lake.files(LakeTable::Bars, day);
  ASSERT_FALSE(files.has_value());
  EXPECT_FALSE(files.error().is_retryable());
  EXPECT_NE(files.error().message().find("part-0.parquet"), std::string::npos);
}

TEST_F(LakeTest, ADayIsExchangedForWhatWasMade) {
  write(bars() / "bars-000000000000-000000000005.parquet", "old");
  write(bars() / "README.txt", "mine");
  const auto read = lake.files(LakeTable::Bars, day).value();
  const auto anew = lake.begin_day(LakeTable::Bars, day).value();
  write(fs::path(anew) / "bars-000000000000-000000000007.parquet", "new");
  ASSERT_TRUE(lake.exchange_day(LakeTable::Bars, day, read, Lake::OtherFiles::Refused).has_value());
  EXPECT_EQ(names(), (std::set<std::string>{"README.txt", "bars-000000000000-000000000007.parquet"}));
  EXPECT_TRUE(fs::is_empty(folder / ".anew"));
}

TEST_F(LakeTest, ADayThatWasNotThereAppears) {
  const auto anew = lake.begin_day(LakeTable::Bars, day).value();
  write(fs::path(anew) / "import-000001-000000.parquet");
  ASSERT_TRUE(lake.exchange_day(LakeTable::Bars, day, {}, Lake::OtherFiles::Refused).has_value());
  EXPECT_EQ(names(), (std::set<std::string>{"import-000001-000000.parquet"}));
}

TEST_F(LakeTest, WhereNothingCanBeLockedNoDayIsMadeAnew) {
  publish({0, 1});
  PlainDisk plain(*disk, abilities_like_hdfs);
  const Lake of_plain(plain, folder.string());
  ASSERT_TRUE(of_plain.open().has_value());
  const auto begun = of_plain.begin_day(LakeTable::Bars, day);
  ASSERT_FALSE(begun.has_value());
  EXPECT_TRUE(begun.error().is_setup());
  EXPECT_EQ(begun.error().message(), "the disk of " + folder.string() + " cannot lock files: HDFS has no locks");
  const auto compacted = make_lake_compactor(of_plain, {})->compact({"bars", day}, {.bars = 2});
  ASSERT_FALSE(compacted.has_value());
  EXPECT_EQ(compacted.error().message(), begun.error().message());
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(LakeTest, ADayThatHasChangedIsNotExchanged) {
  write(bars() / "bars-000000000000-000000000005.parquet");
  const auto read = lake.files(LakeTable::Bars, day).value();
  const auto anew = lake.begin_day(LakeTable::Bars, day).value();
  write(fs::path(anew) / "bars-000000000000-000000000005.parquet");
  write(bars() / "bars-000000000005-000000000006.parquet");
  const auto exchanged = lake.exchange_day(LakeTable::Bars, day, read, Lake::OtherFiles::Refused);
  ASSERT_FALSE(exchanged.has_value());
  EXPECT_TRUE(exchanged.error().is_retryable());
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(LakeTest, OneAtATimeMakesDaysAnewAndItsLeftoversGoWhenItIsDead) {
  auto held = lake.lock_restating(Disk::Wait::No);
  ASSERT_TRUE(held.has_value());
  EXPECT_FALSE(lake.lock_restating(Disk::Wait::No).has_value());
  const fs::path anew = lake.begin_day(LakeTable::Bars, day).value();
  write(anew / "bars-000000000000-000000000005.parquet");
  ASSERT_TRUE(lake.open().has_value());
  EXPECT_TRUE(fs::exists(anew)) << "somebody is at it";
  held->reset();
  ASSERT_TRUE(lake.open().has_value());
  EXPECT_FALSE(fs::exists(anew));
}

TEST_F(LakeTest, CompactionMergesOnlyWhatIsPublishedForGood) {
  publish({0, 1, 2, 3, 4});
  write(bars() / "import-000001-000000.parquet", "an import is left as it is");
  const auto compactor = make_lake_compactor(lake);
  const DayOfTable which{"bars", day};
  EXPECT_TRUE(compactor->due(day, {0, 5}, 2)->empty()) << "the day is not over";
  EXPECT_TRUE(compactor->due(day + std::chrono::days(1), {99, 3}, 4)->empty()) << "three files can be merged";
  EXPECT_EQ(compactor->due(day + std::chrono::days(1), {0, 3}, 3), (std::vector<DayOfTable>{which}));
  const auto done = compactor->compact(which, {0, 3});
  ASSERT_TRUE(done.has_value()) << done.error().message();
  EXPECT_EQ(done->files, 3U);
  EXPECT_EQ(done->rows, 3U);
  EXPECT_EQ(names(),
            (std::set<std::string>{"bars-000000000000-000000000003.parquet", "bars-000000000003-000000000004.parquet",
                                   "bars-000000000004-000000000005.parquet", "import-000001-000000.parquet"}));
  EXPECT_EQ(compactor->compact(which, {0, 3})->files, 0U) << "there is nothing left to do";
}

TEST_F(LakeTest, ANameNeverComesBackWithOtherRows) {
  publish({0, 1});
  fs::rename(bars() / "bars-000000000000-000000000001.parquet", bars() / "bars-000000000000-000000000002.parquet");
  fs::rename(bars() / "bars-000000000001-000000000002.parquet",
             bars() / "bars-000000000000-000000000002-000001.parquet");
  ASSERT_TRUE(make_lake_compactor(lake)->compact({"bars", day}, {0, 2}));
  EXPECT_EQ(names(), std::set<std::string>{"bars-000000000000-000000000002-000002.parquet"});
}

TEST_F(LakeTest, ADayWithADamagedFileStaysAsItIs) {
  publish({0, 1, 2});
  const auto file = bars() / "bars-000000000001-000000000002.parquet";
  fs::resize_file(file, fs::file_size(file) - 3);
  const auto before = names();
  const auto done = make_lake_compactor(lake)->compact({"bars", day}, {0, 3});
  ASSERT_FALSE(done.has_value());
  EXPECT_FALSE(done.error().is_retryable());
  EXPECT_NE(done.error().message().find(file.string()), std::string::npos) << done.error().message();
  EXPECT_EQ(names(), before);
  EXPECT_TRUE(disk->list((folder / ".anew").string())->empty());
}

TEST_F(LakeTest, WhoCompactsWhileAnotherWorksComesLater) {
  publish({0, 1});
  const auto held = lake.lock_restating(Disk::Wait::No);
  const auto done = make_lake_compactor(lake)->compact({"bars", day}, {0, 2});
  ASSERT_FALSE(done.has_value());
  EXPECT_TRUE(done.error().is_retryable());
}

}  // namespace
}  // namespace tidemark
