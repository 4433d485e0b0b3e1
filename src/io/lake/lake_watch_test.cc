// Files of the lake that disappear unexpectedly, and files that may disappear.
#include "io/lake/lake_watch.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "io/disk/posix_disk.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

class LakeWatchTest : public ::testing::Test {
 protected:
  LakeWatchTest() {
    fs::create_directories(folder_ / "lake/bars" / day_);
    fs::create_directories(folder_ / "lake/stock_trends");
  }
  ~LakeWatchTest() override { fs::remove_all(folder_); }

  static std::string name_of(int number) { return published_name(LakeTable::Bars, number * 10, number * 10 + 10); }
  fs::path path_of(int number) const { return folder_ / "lake/bars" / day_ / name_of(number); }
  void show(int number, std::string_view text = "rows") {
    std::ofstream(path_of(number)) << text;
    watch_.note(std::vector{"bars/" + day_ + "/" + name_of(number)});
  }
  // Checks as often as needed to reach every file.
  std::string looked() {
    for (int turn = 0; turn < 10; ++turn)
      if (const auto wrong = watch_.look()) return *wrong;
    return "";
  }
  // Takes the lock as compaction, import, recompute and repair do.
  std::unique_ptr<DiskLock> restating() {
    auto lock = lake_.lock_restating(Disk::Wait::Yes);
    return lock ? std::move(*lock) : nullptr;
  }

  const std::string day_ = "dt=2026-11-22";
  static fs::path make_folder() {
    std::string pattern = (fs::temp_directory_path() / "tidemark-lake-watch-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  const fs::path folder_ = make_folder();
  std::unique_ptr<Disk> disk_ = make_posix_disk();
  Lake lake_{*disk_, (folder_ / "lake").string()};
  LakeWatch watch_{lake_};
};

TEST_F(LakeWatchTest, ARemovedFileIsMissedUntilItIsBack) {
  show(1);
  show(2);
  EXPECT_EQ(looked(), "");
  fs::rename(path_of(1), folder_ / "away");
  EXPECT_NE(looked().find(name_of(1) + " was removed"), std::string::npos) << looked();
  EXPECT_NE(looked().find("tidemark verify --repair"), std::string::npos);
  fs::copy_file(folder_ / "away", path_of(1));
  EXPECT_EQ(looked(), "") << "a copy of it is as good";
}

TEST_F(LakeWatchTest, AFileThatWasTakenAwayAtOnceIsMissed) {
  watch_.note(std::vector{"bars/" + day_ + "/" + name_of(1)});
  EXPECT_NE(looked().find(name_of(1)), std::string::npos);
  std::ofstream(path_of(1)) << "rows";
  EXPECT_EQ(looked(), "");
}

TEST_F(LakeWatchTest, AFileThatAnotherWriterMadeAgainIsNotMissed) {
  LakeWatch watch(lake_, LakeWatch::Writers::Several);
  const auto look = [&] {
    for (int turn = 0; turn < 10; ++turn)
      if (const auto wrong = watch.look()) return *wrong;
    return std::string();
  };
  show(1);
  watch.begin();
  const auto replace = [&](std::string_view text) {
    std::ofstream(folder_ / "other") << text;
    fs::rename(folder_ / "other", path_of(1));
  };
  replace("rows");
  EXPECT_EQ(look(), "");
  replace("other rows");
  EXPECT_NE(look().find(name_of(1)), std::string::npos);
  replace("rows");
  EXPECT_EQ(look(), "");
  fs::remove(path_of(1));
  EXPECT_NE(look().find("bring it back: nothing publishes"), std::string::npos) << look();
}

TEST_F(LakeWatchTest, AReplacedFileIsMissed) {
  show(1);
  std::ofstream(folder_ / "other") << "what others wrote";
  fs::rename(folder_ / "other", path_of(1));
  EXPECT_NE(looked().find(name_of(1)), std::string::npos);
  EXPECT_NE(looked(), "") << "as long as it lasts";
}

TEST_F(LakeWatchTest, EachOfManyHasItsTurn) {
  for (int number = 0; number < 1'000; ++number) show(number);
  EXPECT_EQ(looked(), "");
  fs::remove(path_of(3));
  EXPECT_NE(looked().find(name_of(3)), std::string::npos);
}

TEST_F(LakeWatchTest, TheNewestFilesOfTheLakeAreKnownAtTheStart) {
  std::ofstream(path_of(1)) << "rows";
  watch_.begin();
  EXPECT_EQ(looked(), "");
  fs::remove(path_of(1));
  EXPECT_NE(looked().find(name_of(1)), std::string::npos);
}

TEST_F(LakeWatchTest, AnOldDayMayBeMovedAway) {
  std::ofstream(path_of(1)) << "rows";
  watch_.begin();
  fs::rename(folder_ / "lake/bars" / day_, folder_ / "archive");
  EXPECT_EQ(looked(), "");
}

TEST_F(LakeWatchTest, ADayMadeAnewIsNoLoss) {
  show(1);
  show(2);
  const LakeDay day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
  {
    const auto lock = restating();
    const auto anew = lake_.begin_day(LakeTable::Bars, day);
    ASSERT_TRUE(anew);
    std::ofstream(fs::path(*anew) / published_name(LakeTable::Bars, 10, 30)) << "all rows";
    const auto read = lake_.files(LakeTable::Bars, day);
    ASSERT_TRUE(read);
    ASSERT_TRUE(lake_.exchange_day(LakeTable::Bars, day, *read, Lake::OtherFiles::Refused));
    EXPECT_EQ(looked(), "");
  }
  EXPECT_EQ(looked(), "");
  fs::remove(folder_ / "lake/bars" / day_ / published_name(LakeTable::Bars, 10, 30));
  EXPECT_NE(looked(), "") << "what was made is watched, too";
}

TEST_F(LakeWatchTest, WhoHoldsTheLakesLockMayTakeAFileAway) {
  show(1);
  EXPECT_EQ(looked(), "");
  {
    const auto lock = restating();
    EXPECT_EQ(looked(), "");
    fs::remove(path_of(1));
    EXPECT_EQ(looked(), "");
  }
  EXPECT_EQ(looked(), "");
}

TEST_F(LakeWatchTest, ABackupDoesNotHideALoss) {
  show(1);
  EXPECT_EQ(looked(), "");
  fs::remove(path_of(1));
  EXPECT_NE(looked(), "");
  {
    const auto lock = restating();
  }
  EXPECT_NE(looked(), "");
  std::ofstream(folder_ / "lake/bars" / day_ / published_name(LakeTable::Bars, 12, 14)) << "published again";
  {
    const auto lock = restating();
  }
  EXPECT_EQ(looked(), "");
}

}  // namespace
}  // namespace tidemark
