// A log.db that keeps its name and inode while its bytes become others.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "io/disk/temporary_folder_test.h"
#include "io/embedded/embedded_log.h"
#include "io/embedded/sqlite.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

class LogFileWatchTest : public testing::Test {
 protected:
  LogFileWatchTest() {
    auto log = open_embedded_log({.directory = folder_.string(), .check_file = &check_});
    if (log) log_ = std::move(*log);
    go_on_to_a_checkpoint();
  }
  ~LogFileWatchTest() override { log_.reset(); }

  fs::path path() const { return folder_ / "log.db"; }
  void append() {
    const std::vector<Record> bars(100, {.key = "A", .value = std::string(16'000, 'x')});
    ASSERT_TRUE(log_->append(bars, "feed", std::to_string(++cursor_)));
  }
  void go_on_to_a_checkpoint() {
    for (const auto before = fs::file_size(path()); fs::file_size(path()) == before && !HasFailure();) append();
  }
  void write(std::streamoff offset, const std::string& bytes) const {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(offset);
    file << bytes;
  }
  void expect_told() {
    const auto same = check_();
    ASSERT_FALSE(same);
    EXPECT_NE(same.error().message().find("log.db is damaged: another program has written into it"), std::string::npos)
        << same.error().message();
  }

  const TemporaryFolder own_;
  const fs::path folder_ = own_.path();
  std::unique_ptr<Log> log_;
  std::function<Result<void>()> check_;
  int cursor_ = 0;
};

TEST_F(LogFileWatchTest, ItsOwnCheckpointsAndATimeAloneAreNoTrouble) {
  EXPECT_TRUE(check_());
  go_on_to_a_checkpoint();
  EXPECT_TRUE(check_());
  fs::last_write_time(path(), fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_TRUE(check_());
  append();
  EXPECT_TRUE(check_());
}

TEST_F(LogFileWatchTest, ACheckpointOfAnotherProgramIsNoTrouble) {
  const auto let_another_make_a_checkpoint = [&] {
    const auto written = fs::last_write_time(path());
    auto other = Connection::open(path().string(), {});
    ASSERT_TRUE(other) << other.error().message();
    ASSERT_TRUE(other->execute("PRAGMA wal_checkpoint(PASSIVE)"));
    EXPECT_NE(fs::last_write_time(path()), written);
  };
  append();
  let_another_make_a_checkpoint();
  EXPECT_TRUE(check_());
  EXPECT_TRUE(check_());
  append();
  let_another_make_a_checkpoint();
  append();  // overwrites the WAL that the other has written into the file
  EXPECT_TRUE(check_());
  EXPECT_TRUE(check_());
  go_on_to_a_checkpoint();
  EXPECT_TRUE(check_());
}

TEST_F(LogFileWatchTest, AnOlderCopyIsSeenBeforeTheNextCheckpointAndLeftAlone) {
  fs::copy_file(path(), folder_ / "older");
  go_on_to_a_checkpoint();
  std::ifstream older(folder_ / "older", std::ios::binary);
  write(0, std::string(std::istreambuf_iterator<char>(older), {}));
  expect_told();
  Result<void> appended;
  const std::vector<Record> bars(100, {.key = "A", .value = std::string(16'000, 'x')});
  const auto written = fs::last_write_time(path());
  for (int i = 0; i < 20 && appended; ++i) appended = log_->append(bars, "feed", "more");
  EXPECT_FALSE(appended) << "the checkpoint";
  log_.reset();
  EXPECT_EQ(fs::last_write_time(path()), written) << "nothing was written over it, not even at the end";
}

TEST_F(LogFileWatchTest, AShorterFileIsSeen) {
  fs::resize_file(path(), fs::file_size(path()) - 16'384);
  expect_told();
}

TEST_F(LogFileWatchTest, AnotherFirstPageIsSeen) {
  write(24, "????");
  expect_told();
}

}  // namespace
}  // namespace tidemark
