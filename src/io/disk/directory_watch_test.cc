// A file removed, replaced or renamed under the process that works with it.
#include "io/disk/directory_watch.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;
using Then = DirectoryTrouble::Then;

class DirectoryWatchTest : public ::testing::Test {
 protected:
  DirectoryWatchTest() {
    fs::create_directory(data_ = folder_ / "data");
    for (const char* name : {"log.db", "log.db-wal", "log.db-shm", "tidemark.pid"}) std::ofstream(data_ / name) << name;
    watch_.emplace(data_.string());
    watch_->begin();
  }

  void replace(const std::string& name) const {
    std::ofstream(data_ / "other") << name;
    fs::rename(data_ / "other", data_ / name);
  }
  void expect(std::string_view words, Then then) {
    const auto trouble = watch_->look();
    ASSERT_TRUE(trouble);
    EXPECT_NE(trouble->sentence.find(data_.string()), std::string::npos) << trouble->sentence;
    EXPECT_NE(trouble->sentence.find(words), std::string::npos) << trouble->sentence;
    EXPECT_EQ(trouble->then, then) << trouble->sentence;
  }

  const TemporaryFolder own_;
  const fs::path folder_ = own_.path();
  fs::path data_;
  std::optional<DirectoryWatch> watch_;
};

TEST_F(DirectoryWatchTest, WritingIsNoChange) {
  std::ofstream(data_ / "log.db", std::ios::app) << "more";
  fs::create_hard_link(data_ / "log.db", folder_ / "saved");
  EXPECT_FALSE(watch_->look());
}

TEST_F(DirectoryWatchTest, TheLogIsMissedAndSeenAgain) {
  fs::rename(data_ / "log.db", folder_ / "log.db");
  expect("/log.db was removed or renamed", Then::Publish);
  fs::rename(folder_ / "log.db", data_ / "log.db");
  EXPECT_FALSE(watch_->look());
  fs::remove(data_ / "log.db");
  expect("/log.db was removed or renamed", Then::Publish);
}

TEST_F(DirectoryWatchTest, WithoutALogOnlyTheDirectoryIsMissed) {
  DirectoryWatch watch(data_.string(), DirectoryWatch::Files::None);
  watch.begin();
  for (const char* name : {"log.db", "log.db-wal", "log.db-shm", "tidemark.pid"}) fs::remove(data_ / name);
  EXPECT_FALSE(watch.look());
  fs::rename(data_, folder_ / "elsewhere");
  const auto trouble = watch.look();
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->then, Then::End);
}

TEST_F(DirectoryWatchTest, AnotherLogIsNotTheLog) {
  replace("log.db");
  expect("/log.db was replaced", Then::End);
}

TEST_F(DirectoryWatchTest, WhatStandsBesideTheLogIsWatched) {
  fs::remove(data_ / "log.db-shm");
  expect("/log.db-shm was removed", Then::Publish);
  fs::remove(data_ / "log.db-wal");
  expect("/log.db-wal was removed", Then::Publish);
}

TEST_F(DirectoryWatchTest, TheLockFileIsTold) {
  replace("tidemark.pid");
  expect("/tidemark.pid was removed or replaced", Then::GoOn);
}

TEST_F(DirectoryWatchTest, TheDirectoryItselfIsWatched) {
  fs::rename(data_, folder_ / "elsewhere");
  expect("was removed or renamed", Then::End);
  fs::create_directory(data_);
  expect("was removed or renamed", Then::End);
}

TEST_F(DirectoryWatchTest, WhatComesLaterIsKnownFromThenOn) {
  fs::remove(data_ / "log.db-wal");
  DirectoryWatch watch(data_.string());
  watch.begin();
  EXPECT_FALSE(watch.look());
  std::ofstream(data_ / "log.db-wal") << "made";
  EXPECT_FALSE(watch.look());
  fs::remove(data_ / "log.db-wal");
  EXPECT_TRUE(watch.look());
}

}  // namespace
}  // namespace tidemark
